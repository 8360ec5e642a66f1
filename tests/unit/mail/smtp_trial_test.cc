#include "mail/smtp_trial.h"

#include "gmock/gmock.h"
#include "send_one.h"

namespace invoice::mail {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(SendTest, TellsEveryStep) {
  ScriptedServer server;
  server.Reply("MAIL", "550 5.7.1 not you\r\n");
  const SendResult result = SendTest(SettingsFor(server), TestMessage{kEnvelope, kMime});
  EXPECT_EQ(result.outcome, SendOutcome::kSenderRefused);
  ASSERT_EQ(result.steps.size(), 5u);
  EXPECT_EQ(result.steps[1].step, SmtpStep::kConnect);
  EXPECT_TRUE(result.steps[3].ok);
  EXPECT_FALSE(result.steps[4].ok);
  EXPECT_EQ(result.steps[4].detail, "550 5.7.1 not you");
}

TEST(SendTest, EndsAfterTheLogInWithoutAMessage) {
  ScriptedServer server;
  SmtpSettings settings = SettingsFor(server);
  settings.username = "billing";
  settings.password = base::Secret("correct horse");
  const TestReport report = ReportOf(settings, SendTest(settings, std::nullopt));
  EXPECT_TRUE(report.success) << report.problem;
  EXPECT_EQ(report.problem, "");
  EXPECT_EQ(report.tls_version, "");
  ASSERT_FALSE(report.steps.empty());
  EXPECT_EQ(report.steps.back().step, SmtpStep::kAuth);
  EXPECT_THAT(report.transcript, Not(HasSubstr("horse")));
  EXPECT_EQ(server.Lines().back(), "QUIT");
}

TEST(SendTest, EndsInTheTimeThatIsLeft) {
  ScriptedServer server;
  server.Silence("EHLO");
  const absl::Time before = absl::Now();
  const SendResult result = SendTest(SettingsFor(server), std::nullopt, absl::Milliseconds(300));
  EXPECT_EQ(result.outcome, SendOutcome::kSessionFault);
  EXPECT_EQ(result.step, SmtpStep::kEhlo);
  EXPECT_LT(absl::Now() - before, absl::Seconds(5));
}

TEST(SendTest, ConnectsToNoAddressThatOnlyADataCentreAnswersOn) {
  for (const char* host :
       {"169.254.169.254", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "::169.254.169.254", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a9fe:a9fe", "2002:a9fe:a9fe::1", "fd00:ec2::254", "fe80::1", "2852039166", "0xa9fea9fe",
        "0xA9.0xFE.43518", "0251.0376.0251.0376", "169.16689662", "0.0.0.0", "0", "::", "224.0.0.1"}) {
    const SmtpSettings settings{.host = host, .port = 80, .security = SmtpSecurity::kNone};
    const SendResult result = SendTest(settings, std::nullopt);
    EXPECT_EQ(result.step, SmtpStep::kResolve) << host;
    EXPECT_THAT(result.text, HasSubstr("not connected to")) << host;
  }
}

TEST(AdviceOn, SaysWhatToDo) {
  const SmtpSettings settings{.host = "mail.example", .port = 25, .security = SmtpSecurity::kNone};
  const auto advice = [&](SendOutcome outcome, SmtpStep step, int code, bool permanent) {
    return AdviceOn(settings,
                    {.outcome = outcome, .step = step, .permanent = permanent, .code = code, .text = "words"});
  };
  using enum SendOutcome;
  EXPECT_EQ(advice(kAccepted, SmtpStep::kFinalReply, 250, false), "");
  EXPECT_THAT(advice(kSessionFault, SmtpStep::kResolve, 0, false), HasSubstr("spelling"));
  EXPECT_THAT(advice(kSessionFault, SmtpStep::kConnect, 0, false), HasSubstr("firewall"));
  EXPECT_THAT(advice(kSessionFault, SmtpStep::kTls, 0, true), HasSubstr("certificate"));
  EXPECT_THAT(advice(kSessionFault, SmtpStep::kTls, 0, false), HasSubstr("another security"));
  EXPECT_THAT(advice(kSessionFault, SmtpStep::kGreeting, 0, false), HasSubstr("choose security TLS"));
  EXPECT_THAT(advice(kSessionFault, SmtpStep::kGreeting, 554, true), HasSubstr("554 words"));
  EXPECT_THAT(advice(kSessionFault, SmtpStep::kStartTls, 0, true), HasSubstr("465"));
  EXPECT_THAT(advice(kSessionFault, SmtpStep::kAuth, 535, true), HasSubstr("user name and password"));
  EXPECT_THAT(advice(kSessionFault, SmtpStep::kMailFrom, 530, true), HasSubstr("STARTTLS"));
  EXPECT_THAT(advice(kSenderRefused, SmtpStep::kMailFrom, 550, true), HasSubstr("from address"));
  EXPECT_THAT(advice(kRecipientRefused, SmtpStep::kRcptTo, 550, true), HasSubstr("recipient"));
  EXPECT_THAT(advice(kLostAfterData, SmtpStep::kFinalReply, 0, false), HasSubstr("may arrive"));
}

}  // namespace
}  // namespace invoice::mail
