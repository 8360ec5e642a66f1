#include "mail/smtp_mailer.h"

#include "gmock/gmock.h"
#include "send_one.h"

namespace invoice::mail {
namespace {

using testing::HasSubstr;

TEST(SmtpMailer, KeepsOneConnectionForAConfiguration) {
  ScriptedServer server;
  SmtpMailer mailer;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(mailer.Send(SettingsFor(server), kEnvelope, kMime, {}).outcome, SendOutcome::kAccepted);
  }
  EXPECT_EQ(server.Connections(), 1);
  EXPECT_EQ(server.Contents().size(), 3u);
}

TEST(SmtpMailer, ConnectsAgainWhenTheServerHasGoneMeanwhile) {
  ScriptedServer server;
  SmtpMailer mailer;
  ASSERT_EQ(mailer.Send(SettingsFor(server), kEnvelope, kMime, {}).outcome, SendOutcome::kAccepted);
  server.Drop("RSET");
  int hand_overs = 0;
  SendHooks hooks;
  hooks.before_data = [&] {
    ++hand_overs;
    return absl::OkStatus();
  };
  const SendResult result = mailer.Send(SettingsFor(server), kEnvelope, kMime, hooks);
  EXPECT_EQ(result.outcome, SendOutcome::kAccepted);
  EXPECT_EQ(hand_overs, 1);
  EXPECT_EQ(server.Connections(), 2);
  EXPECT_EQ(server.Contents().size(), 2u);
}

TEST(SmtpMailer, NeverRepeatsAMessageByItself) {
  ScriptedServer server;
  SmtpMailer mailer;
  ASSERT_EQ(mailer.Send(SettingsFor(server), kEnvelope, kMime, {}).outcome, SendOutcome::kAccepted);
  server.Drop("DOT");
  EXPECT_EQ(mailer.Send(SettingsFor(server), kEnvelope, kMime, {}).outcome, SendOutcome::kLostAfterData);
  EXPECT_EQ(server.Contents().size(), 2u);
  EXPECT_EQ(mailer.Send(SettingsFor(server), kEnvelope, kMime, {}).outcome, SendOutcome::kAccepted);
}

TEST(SmtpMailer, UsesChangedSettingsAtOnce) {
  ScriptedServer first;
  ScriptedServer second;
  SmtpMailer mailer;
  ASSERT_EQ(mailer.Send(SettingsFor(first), kEnvelope, kMime, {}).outcome, SendOutcome::kAccepted);
  ASSERT_EQ(mailer.Send(SettingsFor(second), kEnvelope, kMime, {}).outcome, SendOutcome::kAccepted);
  EXPECT_EQ(first.Lines().back(), "QUIT");
  EXPECT_EQ(second.Contents().size(), 1u);
}

TEST(SmtpMailer, RenewsAConnectionThatHasCarriedEnough) {
  ScriptedServer server;
  SmtpMailer mailer;
  for (int i = 0; i <= kMaxMessagesPerConnection; ++i) {
    ASSERT_EQ(mailer.Send(SettingsFor(server), kEnvelope, kMime, {}).outcome, SendOutcome::kAccepted);
  }
  EXPECT_EQ(server.Connections(), 2);
}

TEST(SmtpMailer, ReportsTheFaultOfTheSession) {
  ScriptedServer server;
  server.Reply("GREETING", "554 no\r\n");
  SmtpMailer mailer;
  const SendResult result = mailer.Send(SettingsFor(server), kEnvelope, kMime, {});
  EXPECT_EQ(result.outcome, SendOutcome::kSessionFault);
  EXPECT_THAT(result.transcript, HasSubstr("< 554 no"));
  EXPECT_EQ(mailer.Send(SettingsFor(server), kEnvelope, kMime, {}).outcome, SendOutcome::kAccepted);
}

}  // namespace
}  // namespace invoice::mail
