#include "mail/smtp_session.h"

#include <atomic>

#include "Poco/Net/ServerSocket.h"
#include "Poco/Net/SocketAddress.h"
#include "base/encoding.h"
#include "gmock/gmock.h"
#include "scripted_server.h"

namespace invoice::mail {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr char kMime[] = "Subject: x\r\n\r\nHello\r\n";
const Envelope kEnvelope = {"billing@northwind.example", "ap@contoso.example"};

SmtpSettings SettingsFor(const ScriptedServer& server) {
  SmtpSettings settings;
  settings.host = "127.0.0.1";
  settings.port = server.port();
  settings.security = SmtpSecurity::kNone;
  settings.ehlo_name = "invoice.example";
  return settings;
}

// Long enough for a busy machine where an answer comes, short where none will.
SmtpTimeouts Patient() { return SmtpTimeouts(); }
SmtpTimeouts Impatient() {
  SmtpTimeouts timeouts;
  const absl::Duration wait = absl::Milliseconds(150);
  timeouts.connect = timeouts.tls = timeouts.greeting = timeouts.command = wait;
  timeouts.envelope = timeouts.block = timeouts.final_reply = timeouts.quit = wait;
  return timeouts;
}

struct Sent {
  SendResult result;
  int hand_overs = 0;
  bool open = false;  // whether the session could carry another message
};

// Connects, delivers one message, says goodbye.
Sent SendOne(ScriptedServer& server, const SmtpSettings& settings, const SmtpTimeouts& timeouts,
             const std::string& mime = kMime) {
  Sent sent;
  SendHooks hooks;
  hooks.before_data = [&] {
    ++sent.hand_overs;
    // The commit comes after RCPT and before DATA.
    EXPECT_THAT(server.Lines().back(), testing::StartsWith("RCPT"));
    return absl::OkStatus();
  };
  SmtpSession session(settings, timeouts);
  if (auto fault = session.Connect(hooks)) {
    EXPECT_FALSE(session.open());
    sent.result = *fault;
    return sent;
  }
  sent.result = session.Deliver(kEnvelope, mime, hooks);
  sent.open = session.open();
  session.Quit();
  return sent;
}

Sent SendOne(ScriptedServer& server) { return SendOne(server, SettingsFor(server), Patient()); }

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

// --- Connecting.

TEST(SmtpSession, NamesAClosedPortAndAnUnknownName) {
  SmtpSettings settings;
  settings.security = SmtpSecurity::kNone;
  settings.host = "127.0.0.1";
  {
    Poco::Net::ServerSocket unused(Poco::Net::SocketAddress("127.0.0.1", 0));
    settings.port = unused.address().port();
  }
  const auto closed = SmtpSession(settings, Patient()).Connect({});
  ASSERT_TRUE(closed.has_value());
  EXPECT_EQ(closed->outcome, SendOutcome::kSessionFault);
  EXPECT_EQ(closed->step, SmtpStep::kConnect);
  EXPECT_THAT(closed->text, HasSubstr("Connection refused"));
  settings.host = "no-such-host.invalid";
  SmtpTimeouts timeouts;
  timeouts.resolve = absl::Seconds(2);
  const auto unknown = SmtpSession(settings, timeouts).Connect({});
  ASSERT_TRUE(unknown.has_value());
  EXPECT_EQ(unknown->outcome, SendOutcome::kSessionFault);
  EXPECT_EQ(unknown->step, SmtpStep::kResolve);
}

TEST(SmtpSession, RefusesBadSettingsBeforeAnyLookup) {
  SmtpSettings settings;
  settings.host = "mail.example\r\nX";
  settings.port = 25;
  const auto fault = SmtpSession(settings, Patient()).Connect({});
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->step, SmtpStep::kResolve);
  EXPECT_TRUE(fault->permanent);
}

TEST(SmtpSession, TriesTheNextAddressOfAName) {
  ScriptedServer server;  // on 127.0.0.1 only; the name may have ::1 as well
  SmtpSettings settings = SettingsFor(server);
  settings.host = "localhost";
  EXPECT_EQ(SendOne(server, settings, Patient()).result.outcome, SendOutcome::kAccepted);
}

TEST(SmtpSession, FallsBackToHelo) {
  ScriptedServer server;
  server.Reply("EHLO", "502 not here\r\n");
  EXPECT_EQ(SendOne(server).result.outcome, SendOutcome::kAccepted);
  EXPECT_THAT(server.Lines(), Contains("HELO invoice.example"));
}

// --- Log-in.

SmtpSettings WithLogIn(const ScriptedServer& server) {
  SmtpSettings settings = SettingsFor(server);
  settings.username = "robot";
  settings.password = base::Secret("correct horse");
  return settings;
}

void ExpectNoSecret(const std::string& text) {
  for (const std::string& secret : {std::string("correct horse"), base::Base64Encode("correct horse"),
                                    base::Base64Encode(std::string("\0robot\0correct horse", 20))}) {
    EXPECT_THAT(text, Not(HasSubstr(secret)));
  }
}

TEST(SmtpSession, LogsInByPlain) {
  ScriptedServer server;
  const Sent sent = SendOne(server, WithLogIn(server), Patient());
  EXPECT_EQ(sent.result.outcome, SendOutcome::kAccepted);
  EXPECT_THAT(server.Lines(), Contains("AUTH PLAIN " + base::Base64Encode(std::string("\0robot\0correct horse", 20))));
  EXPECT_THAT(sent.result.transcript, HasSubstr("> AUTH PLAIN ****\n"));
  ExpectNoSecret(sent.result.transcript);
}

TEST(SmtpSession, LogsInByLogin) {
  ScriptedServer server;
  server.SetExtensions({"AUTH LOGIN"});
  server.Reply("AUTH", "334 VXNlcm5hbWU6\r\n");
  server.Reply(base::Base64Encode("robot"), "334 UGFzc3dvcmQ6\r\n");
  server.Reply(base::Base64Encode("correct horse"), "235 welcome\r\n");
  const Sent sent = SendOne(server, WithLogIn(server), Patient());
  EXPECT_EQ(sent.result.outcome, SendOutcome::kAccepted);
  EXPECT_THAT(server.Lines(), Contains(base::Base64Encode("correct horse")));
  ExpectNoSecret(sent.result.transcript);
}

TEST(SmtpSession, BlanksSecretsThatTheServerRepeats) {
  ScriptedServer server;
  server.Reply("AUTH", "535 5.7.8 'correct horse' and " + base::Base64Encode("correct horse") + " are wrong\r\n");
  const Sent sent = SendOne(server, WithLogIn(server), Patient());
  EXPECT_EQ(sent.result.outcome, SendOutcome::kSessionFault);
  EXPECT_EQ(sent.result.step, SmtpStep::kAuth);
  EXPECT_TRUE(sent.result.permanent);
  EXPECT_EQ(sent.result.code, 535);
  EXPECT_EQ(sent.result.text, "5.7.8 '****' and **** are wrong");
  ExpectNoSecret(sent.result.transcript);
  for (const StepReport& step : sent.result.steps) ExpectNoSecret(step.detail);
}

TEST(SmtpSession, NeedsALogInThatItKnows) {
  ScriptedServer server;
  server.SetExtensions({"AUTH XOAUTH2 CRAM-MD5"});
  const Sent sent = SendOne(server, WithLogIn(server), Patient());
  EXPECT_EQ(sent.result.outcome, SendOutcome::kSessionFault);
  EXPECT_EQ(sent.result.step, SmtpStep::kAuth);
  EXPECT_TRUE(sent.result.permanent);
}

TEST(SmtpSession, ControlCharactersOfTheServerGoNowhere) {
  ScriptedServer server;
  server.Reply("RCPT", "550 \x1b[2J\x07 no\r\n");
  const Sent sent = SendOne(server);
  EXPECT_EQ(sent.result.text, "?[2J? no");
  EXPECT_THAT(sent.result.transcript, Not(HasSubstr("\x1b")));
}

// --- The content.

TEST(SmtpSession, DoublesDotsAtTheStartOfLines) {
  ScriptedServer server;
  const std::string mime = ".first\r\n\r\n.\r\n..two\r\nmid.dle\r\n.\r\n";
  EXPECT_EQ(SendOne(server, SettingsFor(server), Patient(), mime).result.outcome, SendOutcome::kAccepted);
  EXPECT_THAT(server.Contents(), ElementsAre("..first\r\n\r\n..\r\n...two\r\nmid.dle\r\n..\r\n"));
}

TEST(SmtpSession, RefusesLineEndsThatCouldEndTheMessageEarly) {
  for (const char* mime :
       {"", "a", "a\n", "a\r\n.\n\r\n", "a\n.\nMAIL FROM:<x@y.z>\r\n", "a\rb\r\n", "a\r\r\n", "a\r"}) {
    ScriptedServer server;
    const Sent sent = SendOne(server, SettingsFor(server), Patient(), mime);
    EXPECT_EQ(sent.result.outcome, SendOutcome::kContentRefused) << testing::PrintToString(mime);
    EXPECT_TRUE(sent.result.permanent);
    EXPECT_THAT(server.Lines(), Not(Contains(HasSubstr("MAIL"))));
  }
}

TEST(SmtpSession, RefusesAddressesThatCouldCarryCommands) {
  for (const char* address : {"", "a@b.ca>\r\nRCPT TO:<x@y.z", "a b@c.ca", "a@b.ca> SIZE=1"}) {
    ScriptedServer server;
    SmtpSession session(SettingsFor(server), Patient());
    ASSERT_FALSE(session.Connect({}).has_value());
    EXPECT_EQ(session.Deliver({address, "a@b.ca"}, kMime, {}).outcome, SendOutcome::kSenderRefused);
    EXPECT_EQ(session.Deliver({"a@b.ca", address}, kMime, {}).outcome, SendOutcome::kRecipientRefused);
    EXPECT_EQ(session.Deliver(kEnvelope, kMime, {}).outcome, SendOutcome::kAccepted);
  }
}

TEST(SmtpSession, DoesNotSendMoreThanTheServerTakes) {
  ScriptedServer server;
  server.SetExtensions({"SIZE 20"});
  const Sent sent = SendOne(server);
  EXPECT_EQ(sent.result.outcome, SendOutcome::kContentRefused);
  EXPECT_TRUE(sent.result.permanent);
  EXPECT_EQ(sent.result.code, 552);
  EXPECT_TRUE(sent.open);
}

// --- The hooks.

TEST(SmtpSession, SendsNothingWhenTheHandOverFails) {
  ScriptedServer server;
  SmtpSession session(SettingsFor(server), Patient());
  ASSERT_FALSE(session.Connect({}).has_value());
  SendHooks hooks;
  hooks.before_data = [] { return absl::AbortedError("lease lost"); };
  const SendResult result = session.Deliver(kEnvelope, kMime, hooks);
  EXPECT_EQ(result.outcome, SendOutcome::kNotHandedOver);
  EXPECT_EQ(result.hook_status, absl::AbortedError("lease lost"));
  EXPECT_EQ(server.Lines().back(), "RSET");
  EXPECT_THAT(server.Lines(), Not(Contains("DATA")));
  EXPECT_EQ(session.Deliver(kEnvelope, kMime, {}).outcome, SendOutcome::kAccepted);
}

TEST(SmtpSession, AsksWhetherToKeepWaiting) {
  ScriptedServer server;
  server.Silence("DOT");
  SmtpTimeouts timeouts;
  timeouts.hook_interval = absl::Milliseconds(5);
  SmtpSession session(SettingsFor(server), timeouts);
  ASSERT_FALSE(session.Connect({}).has_value());
  int asked = 0;
  SendHooks hooks;
  hooks.keep_going = [&] { return ++asked < 5; };
  const SendResult result = session.Deliver(kEnvelope, kMime, hooks);
  EXPECT_EQ(asked, 5);
  EXPECT_EQ(result.outcome, SendOutcome::kLostAfterData);
  EXPECT_EQ(result.text, "given up by the caller");
}

TEST(SmtpSession, KeepsTheTotalTime) {
  ScriptedServer server;
  server.Silence("GREETING");
  SmtpTimeouts timeouts;
  timeouts.total = absl::Milliseconds(100);
  const auto fault = SmtpSession(SettingsFor(server), timeouts).Connect({});
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->step, SmtpStep::kGreeting);
}

// --- Many messages.

TEST(SmtpSession, CarriesManyMessagesWithAResetBetween) {
  ScriptedServer server;
  server.Reply("RCPT", "550 no\r\n");
  SmtpSession session(SettingsFor(server), Patient());
  ASSERT_FALSE(session.Connect({}).has_value());
  EXPECT_EQ(session.Deliver(kEnvelope, kMime, {}).outcome, SendOutcome::kRecipientRefused);
  const SendResult second = session.Deliver(kEnvelope, kMime, {});
  EXPECT_EQ(second.outcome, SendOutcome::kAccepted);
  EXPECT_THAT(second.transcript, HasSubstr("message 2 on the connection"));
  EXPECT_THAT(second.transcript, Not(HasSubstr("EHLO")));
  session.Quit();
  EXPECT_THAT(server.Lines(),
              ElementsAre("EHLO invoice.example", testing::StartsWith("MAIL"), testing::StartsWith("RCPT"), "RSET",
                          testing::StartsWith("MAIL"), testing::StartsWith("RCPT"), "DATA", "QUIT"));
}

}  // namespace
}  // namespace invoice::mail
