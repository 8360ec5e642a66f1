// TLS of the SMTP session: what is trusted, what is refused, and that nothing slips through before it.
#include "certificate.h"
#include "gmock/gmock.h"
#include "mail/smtp_session.h"
#include "scripted_server.h"

namespace invoice::mail {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr char kMime[] = "Subject: x\r\n\r\nHello\r\n";

class SmtpTls : public testing::TestWithParam<SmtpSecurity> {
 protected:
  SmtpTls() : good_("DNS:localhost,IP:127.0.0.1"), other_("DNS:mail.example.org") {}

  void Serve(const Certificate& certificate) {
    server_.SetExtensions({"STARTTLS", "AUTH PLAIN"});
    server_.UseTls(certificate.ServerContext(), GetParam() == SmtpSecurity::kTls);
    settings_.host = "localhost";
    settings_.port = server_.port();
    settings_.security = GetParam();
    settings_.username = "robot";
    settings_.password = base::Secret("correct horse");
  }

  SendResult Send() {
    SmtpSession session(settings_, SmtpTimeouts());
    if (auto fault = session.Connect({})) return *fault;
    SendResult result = session.Deliver({"a@b.ca", "c@d.ca"}, kMime, {});
    session.Quit();
    return result;
  }

  void ExpectRefusedBeforeLogIn(const SendResult& result) {
    EXPECT_EQ(result.outcome, SendOutcome::kSessionFault);
    EXPECT_EQ(StepName(result.step), "TLS");
    EXPECT_TRUE(result.permanent);
    EXPECT_THAT(server_.Lines(), Not(Contains(HasSubstr("AUTH"))));
  }

  Certificate good_;
  Certificate other_;
  ScriptedServer server_;
  SmtpSettings settings_;
};

TEST_P(SmtpTls, SendsWhereTheCertificateIsTrusted) {
  Serve(good_);
  settings_.ca_file = good_.certificate_file();
  const SendResult result = Send();
  EXPECT_EQ(result.outcome, SendOutcome::kAccepted) << result.transcript;
  EXPECT_THAT(result.transcript, HasSubstr("TLSv1.3"));
  EXPECT_THAT(result.transcript, HasSubstr("CN=test"));
  EXPECT_THAT(server_.Contents(), testing::ElementsAre(kMime));
}

TEST_P(SmtpTls, SendsMoreThanOneRecord) {
  Serve(good_);
  settings_.ca_file = good_.certificate_file();
  std::string mime;
  while (mime.size() < (4u << 20)) mime += std::string(70, 'x') + "\r\n";
  SmtpSession session(settings_, SmtpTimeouts());
  ASSERT_FALSE(session.Connect({}).has_value());
  EXPECT_EQ(session.Deliver({"a@b.ca", "c@d.ca"}, mime, {}).outcome, SendOutcome::kAccepted);
  EXPECT_EQ(server_.Contents().front(), mime);
}

TEST_P(SmtpTls, RefusesACertificateThatNobodyVouchesFor) {
  Serve(good_);
  const SendResult result = Send();
  ExpectRefusedBeforeLogIn(result);
  EXPECT_THAT(result.text, HasSubstr("self-signed certificate"));
}

TEST_P(SmtpTls, RefusesACertificateForAnotherName) {
  Serve(other_);
  settings_.ca_file = other_.certificate_file();
  const SendResult result = Send();
  ExpectRefusedBeforeLogIn(result);
  EXPECT_THAT(result.text, HasSubstr("not for localhost"));
}

TEST_P(SmtpTls, ChecksAddressesToo) {
  Serve(good_);
  settings_.ca_file = good_.certificate_file();
  settings_.host = "127.0.0.1";
  EXPECT_EQ(Send().outcome, SendOutcome::kAccepted);
}

TEST_P(SmtpTls, SendsUnverifiedWhereThatIsAskedFor) {
  Serve(other_);
  settings_.verify_certificate = false;
  const SendResult result = Send();
  EXPECT_EQ(result.outcome, SendOutcome::kAccepted) << result.transcript;
  EXPECT_THAT(result.transcript, HasSubstr("not verified"));
}

TEST_P(SmtpTls, NamesACaFileThatIsNotThere) {
  Serve(good_);
  settings_.ca_file = "/nonexistent/ca.pem";
  const SendResult result = Send();
  EXPECT_EQ(result.outcome, SendOutcome::kSessionFault);
  EXPECT_EQ(result.step, SmtpStep::kTls);
}

INSTANTIATE_TEST_SUITE_P(BothWays, SmtpTls, testing::Values(SmtpSecurity::kStartTls, SmtpSecurity::kTls),
                         [](const auto& info) { return std::string(SecurityName(info.param)); });

SmtpSettings StartTlsSettings(const ScriptedServer& server) {
  SmtpSettings settings;
  settings.host = "localhost";
  settings.port = server.port();
  settings.security = SmtpSecurity::kStartTls;
  return settings;
}

TEST(SmtpStartTls, IsNeverLeftOut) {
  ScriptedServer server;
  server.SetExtensions({"AUTH PLAIN"});
  const auto fault = SmtpSession(StartTlsSettings(server), SmtpTimeouts()).Connect({});
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->step, SmtpStep::kStartTls);
  EXPECT_TRUE(fault->permanent);
}

TEST(SmtpStartTls, ARefusalEndsTheSession) {
  ScriptedServer server;
  server.SetExtensions({"STARTTLS"});
  server.Reply("STARTTLS", "454 not now\r\n");
  const auto fault = SmtpSession(StartTlsSettings(server), SmtpTimeouts()).Connect({});
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->step, SmtpStep::kStartTls);
  EXPECT_FALSE(fault->permanent);
}

TEST(SmtpStartTls, TakesNothingThatWasSentBeforeTheHandshake) {
  ScriptedServer server;
  server.SetExtensions({"STARTTLS"});
  server.Reply("STARTTLS", "220 go ahead\r\n250 injected\r\n");
  const auto fault = SmtpSession(StartTlsSettings(server), SmtpTimeouts()).Connect({});
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->step, SmtpStep::kTls);
  EXPECT_THAT(fault->text, HasSubstr("before TLS"));
}

TEST(SmtpStartTls, NonsenseInTheHandshakeIsAFaultOfTheSession) {
  ScriptedServer server;
  SmtpSettings settings = StartTlsSettings(server);
  settings.security = SmtpSecurity::kTls;  // the server speaks in clear
  const auto fault = SmtpSession(settings, SmtpTimeouts()).Connect({});
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->outcome, SendOutcome::kSessionFault);
  EXPECT_EQ(fault->step, SmtpStep::kTls);
  EXPECT_FALSE(fault->permanent);
}

TEST(SmtpStartTls, AHandshakeThatNeverComesTimesOut) {
  ScriptedServer server;
  server.Silence("GREETING");
  SmtpSettings settings = StartTlsSettings(server);
  settings.security = SmtpSecurity::kTls;
  SmtpTimeouts timeouts;
  timeouts.tls = absl::Milliseconds(150);
  const auto fault = SmtpSession(settings, timeouts).Connect({});
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->step, SmtpStep::kTls);
  EXPECT_EQ(fault->text, "no answer in time");
}

}  // namespace
}  // namespace invoice::mail
