// What the SMTP session makes of every answer, loss and silence, step by step.
#include "gmock/gmock.h"
#include "send_one.h"

namespace invoice::mail {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(SmtpSession, DeliversAndKeepsTheDialogue) {
  ScriptedServer server;
  const Sent sent = SendOne(server);
  EXPECT_EQ(sent.result.outcome, SendOutcome::kAccepted);
  EXPECT_EQ(sent.result.code, 250);
  EXPECT_EQ(sent.result.text, "2.0.0 queued as 4711");
  EXPECT_EQ(sent.hand_overs, 1);
  EXPECT_THAT(server.Lines(), ElementsAre("EHLO invoice.example", "MAIL FROM:<billing@northwind.example>",
                                          "RCPT TO:<ap@contoso.example>", "DATA", "QUIT"));
  EXPECT_THAT(server.Contents(), ElementsAre(kMime));
  for (const char* part : {"- connecting to 127.0.0.1 port", "< 220 scripted.example", "> EHLO invoice.example",
                           "> DATA", "< 354 go on", "> (21 bytes of content)", "> .\n< 250 2.0.0 queued as 4711\n"}) {
    EXPECT_THAT(sent.result.transcript, HasSubstr(part));
  }
  std::vector<SmtpStep> steps;
  for (const StepReport& step : sent.result.steps) {
    EXPECT_TRUE(step.ok);
    steps.push_back(step.step);
  }
  EXPECT_THAT(steps, ElementsAre(SmtpStep::kResolve, SmtpStep::kConnect, SmtpStep::kGreeting, SmtpStep::kEhlo,
                                 SmtpStep::kMailFrom, SmtpStep::kRcptTo, SmtpStep::kBeforeData, SmtpStep::kData,
                                 SmtpStep::kContent, SmtpStep::kFinalReply));
}

// --- What each step makes of a refusal.

struct Row {
  std::string moment;
  std::string reply;
  SendOutcome outcome;
  SmtpStep step;
  bool permanent;
  int code;
  bool open;  // afterwards
};

TEST(SmtpSession, SaysWhoRefusedAndHow) {
  const Row rows[] = {
      {"GREETING", "554 go away\r\n", SendOutcome::kSessionFault, SmtpStep::kGreeting, true, 554, false},
      {"GREETING", "421 busy\r\n", SendOutcome::kSessionFault, SmtpStep::kGreeting, false, 421, false},
      {"EHLO", "421 busy\r\n", SendOutcome::kSessionFault, SmtpStep::kEhlo, false, 421, false},
      {"MAIL", "451 4.3.0 later\r\n", SendOutcome::kSenderRefused, SmtpStep::kMailFrom, false, 451, true},
      {"MAIL", "553 5.1.8 who?\r\n", SendOutcome::kSenderRefused, SmtpStep::kMailFrom, true, 553, true},
      {"MAIL", "530 5.7.0 log in first\r\n", SendOutcome::kSessionFault, SmtpStep::kMailFrom, true, 530, false},
      {"MAIL", "421 closing\r\n", SendOutcome::kLostBeforeData, SmtpStep::kMailFrom, false, 421, false},
      {"RCPT", "450 4.2.0 greylisted\r\n", SendOutcome::kRecipientRefused, SmtpStep::kRcptTo, false, 450, true},
      {"RCPT", "550-5.1.1 no such\r\n550 5.1.1 user\r\n", SendOutcome::kRecipientRefused, SmtpStep::kRcptTo, true, 550,
       true},
      {"RCPT", "421 closing\r\n", SendOutcome::kLostBeforeData, SmtpStep::kRcptTo, false, 421, false},
      {"DATA", "452 4.3.1 full\r\n", SendOutcome::kContentRefused, SmtpStep::kData, false, 452, true},
      {"DATA", "554 5.5.1 no\r\n", SendOutcome::kContentRefused, SmtpStep::kData, true, 554, true},
      {"DATA", "250 what?\r\n", SendOutcome::kLostBeforeData, SmtpStep::kData, false, 0, false},
      {"DOT", "451 4.3.0 later\r\n", SendOutcome::kContentRefused, SmtpStep::kFinalReply, false, 451, true},
      {"DOT", "554 5.7.1 spam\r\n", SendOutcome::kContentRefused, SmtpStep::kFinalReply, true, 554, true},
      {"DOT", "421 closing\r\n", SendOutcome::kContentRefused, SmtpStep::kFinalReply, false, 421, false},
      {"DOT", "354 more?\r\n", SendOutcome::kLostAfterData, SmtpStep::kFinalReply, false, 0, false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.moment + " " + row.reply);
    ScriptedServer server;
    server.Reply(row.moment, row.reply);
    const Sent sent = SendOne(server);
    EXPECT_EQ(OutcomeName(sent.result.outcome), OutcomeName(row.outcome));
    EXPECT_EQ(StepName(sent.result.step), StepName(row.step));
    EXPECT_EQ(sent.result.permanent, row.permanent);
    EXPECT_EQ(sent.result.code, row.code);
    EXPECT_EQ(sent.open, row.open);
    EXPECT_EQ(sent.hand_overs, row.step >= SmtpStep::kData ? 1 : 0);
    EXPECT_FALSE(sent.result.steps.back().ok);
    EXPECT_EQ(server.Contents().size(), row.moment == "DOT" ? 1u : 0u);
  }
}

TEST(SmtpSession, JoinsTheLinesOfAReply) {
  ScriptedServer server;
  server.Reply("RCPT", "550-5.1.1 no such\r\n550 5.1.1 user\r\n");
  EXPECT_EQ(SendOne(server).result.text, "5.1.1 no such 5.1.1 user");
}

// --- What each step makes of a lost connection, of silence and of nonsense.

struct Loss {
  std::string moment;
  SendOutcome outcome;
  SmtpStep step;
};

const Loss kLosses[] = {
    {"GREETING", SendOutcome::kSessionFault, SmtpStep::kGreeting},
    {"EHLO", SendOutcome::kSessionFault, SmtpStep::kEhlo},
    {"MAIL", SendOutcome::kLostBeforeData, SmtpStep::kMailFrom},
    {"RCPT", SendOutcome::kLostBeforeData, SmtpStep::kRcptTo},
    {"DATA", SendOutcome::kLostBeforeData, SmtpStep::kData},
    {"DOT", SendOutcome::kLostAfterData, SmtpStep::kFinalReply},
};

void ExpectLoss(const Loss& loss, const Sent& sent) {
  SCOPED_TRACE(loss.moment);
  EXPECT_EQ(OutcomeName(sent.result.outcome), OutcomeName(loss.outcome));
  EXPECT_EQ(StepName(sent.result.step), StepName(loss.step));
  EXPECT_FALSE(sent.result.permanent);
  EXPECT_EQ(sent.result.code, 0);
  EXPECT_FALSE(sent.open);
  EXPECT_EQ(sent.hand_overs, loss.step >= SmtpStep::kData ? 1 : 0);
}

TEST(SmtpSession, KnowsWhereTheConnectionBroke) {
  for (const Loss& loss : kLosses) {
    ScriptedServer server;
    server.Drop(loss.moment);
    ExpectLoss(loss, SendOne(server));
  }
}

TEST(SmtpSession, KnowsWhereTheServerFellSilent) {
  for (const Loss& loss : kLosses) {
    ScriptedServer server;
    server.Silence(loss.moment);
    const Sent sent = SendOne(server, SettingsFor(server), Impatient());
    ExpectLoss(loss, sent);
    EXPECT_EQ(sent.result.text, "no answer in time");
  }
}

TEST(SmtpSession, TakesNonsenseForALoss) {
  const std::string nonsense[] = {"hello\r\n",
                                  "\r\n",
                                  std::string(100, '\0') + "\r\n",
                                  "250-a\r\n550 b\r\n",
                                  "250 " + std::string(10000, 'x') + "\r\n",
                                  std::string(10000, 'x'),
                                  "999 what\r\n"};
  for (const std::string& reply : nonsense) {
    for (const Loss& loss : kLosses) {
      ScriptedServer server;
      server.Reply(loss.moment, reply);
      ExpectLoss(loss, SendOne(server));
    }
  }
}

TEST(SmtpSession, AnEndlessReplyIsALoss) {
  std::string endless;
  for (int i = 0; i < 1000; ++i) endless += "250-more\r\n";
  ScriptedServer server;
  server.Reply("RCPT", endless);
  ExpectLoss({"RCPT", SendOutcome::kLostBeforeData, SmtpStep::kRcptTo}, SendOne(server));
}

TEST(SmtpSession, ABreakWithinTheContentIsBeforeTheDot) {
  // More than the buffers of both sides hold, so that the break is met while writing.
  const std::string mime = "Subject: x\r\n\r\n" + std::string(28u << 20, 'x') + "\r\n";
  const Loss loss = {"CONTENT", SendOutcome::kLostBeforeData, SmtpStep::kContent};
  {
    ScriptedServer server;
    server.Drop("CONTENT");
    ExpectLoss(loss, SendOne(server, SettingsFor(server), Patient(), mime));
  }
  ScriptedServer server;
  server.Silence("CONTENT");
  ExpectLoss(loss, SendOne(server, SettingsFor(server), Impatient(), mime));
}

TEST(SmtpSession, ACloseAfterTheAcceptanceChangesNothing) {
  ScriptedServer server;
  server.DropAfter("DOT", "250 2.0.0 queued\r\n");
  EXPECT_EQ(SendOne(server).result.outcome, SendOutcome::kAccepted);
}

}  // namespace
}  // namespace invoice::mail
