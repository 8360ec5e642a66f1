// Connecting, logging in, content, hooks and many messages of one SMTP session.
#include "Poco/Net/ServerSocket.h"
#include "Poco/Net/SocketAddress.h"
#include "base/encoding.h"
#include "gmock/gmock.h"
#include "send_one.h"

namespace invoice::mail {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

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
