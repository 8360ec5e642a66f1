// Emails that wait: for their configuration, for its rate, for servers that take their time.
#include "app/delivery.h"
#include "tests/app/delivery_fixture.h"

namespace invoice::app {
namespace {

using domain::EmailState;
using ::testing::HasSubstr;

class RateTest : public DeliveryTest {
 protected:
  const MailRoutes routes_{MailRoute{.smtp = {.id = kEnvironmentRoute, .host = "localhost", .port = 25},
                                     .from_address = "billing@example.com",
                                     .max_emails_per_minute = 1}};
  Core core_of_limit_{database_, clock_, time_zones_, *renderer_, flights_, routes_, logo_drawer_};
  Delivery limited_{core_of_limit_, places_, [this] { return NewMailer(); }};
};

TEST_F(RateTest, HoldsToTheRateOfTheConfiguration) {
  ASSERT_TRUE(Work(absl::Seconds(30), &limited_));
  EXPECT_EQ(script_.accepted.size(), 1u);
  ASSERT_TRUE(Invoices(*core_).ResendEmail(NewCall(), invoice_id_, "", {}).ok());
  ASSERT_TRUE(Work(absl::Seconds(30), &limited_));
  EXPECT_EQ(script_.accepted.size(), 1u) << "the second waits for its minute";
  EXPECT_EQ(Count("jobs WHERE run_at > now() + interval '50 s'"), 1);
  EXPECT_EQ(Count("emails WHERE state = 'QUEUED' AND state_reason LIKE '%waits for its turn'"), 1);
  EXPECT_EQ(Count("emails WHERE state = 'SENT' AND state_reason = ''"), 1);
}

TEST_F(RateTest, ForgetsTheWaitWhenTheEmailIsSent) {
  ASSERT_TRUE(Work(absl::Seconds(30), &limited_));
  ASSERT_TRUE(Invoices(*core_).ResendEmail(NewCall(), invoice_id_, "", {}).ok());
  ASSERT_TRUE(Work(absl::Seconds(30), &limited_));
  ASSERT_EQ(Count("emails WHERE state_reason <> ''"), 1);
  test::PlainSql(url_).Must("UPDATE jobs SET run_at = now() - interval '1 s'");
  clock_.Advance(absl::Minutes(5));
  ASSERT_TRUE(Work(absl::Seconds(30), &limited_));
  EXPECT_EQ(Count("emails WHERE state = 'SENT'"), 2);
  EXPECT_EQ(Count("emails WHERE state_reason <> ''"), 0);
}

TEST_F(RateTest, GivesEachEmailThatWaitsForTheRateItsOwnTurn) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Invoices(*core_).ResendEmail(NewCall(), invoice_id_, "", {}).ok());
  ASSERT_TRUE(Work(absl::Seconds(30), &limited_));
  EXPECT_EQ(script_.accepted.size(), 1u);
  EXPECT_EQ(Count("jobs WHERE run_at > now() + interval '50 s'"), 3);
  EXPECT_EQ(Count("jobs WHERE run_at > now() + interval '110 s'"), 2);
  EXPECT_EQ(Count("jobs WHERE run_at > now() + interval '170 s'"), 1);
}

TEST_F(DeliveryTest, SaysWhyAnEmailIsStillQueued) {
  script_.reach_data = false;
  script_.result = {.outcome = mail::SendOutcome::kSessionFault, .code = 535, .text = "authentication failed"};
  ASSERT_TRUE(Work());
  EXPECT_EQ(Email().email.state_reason, "authentication failed");
  const auto other = Invoices(*core_).ResendEmail(NewCall(), invoice_id_, "", {});
  ASSERT_TRUE(Work());
  EXPECT_THAT(Emails(*core_).Get(other->result.id)->email.state_reason, HasSubstr("rests after a fault"));
}

TEST_F(DeliveryTest, SendsAtOnceWhenTheConfigurationIsMended) {
  const std::string id = NewConfiguration("");
  script_.reach_data = false;
  script_.result = {.outcome = mail::SendOutcome::kSessionFault, .code = 535, .text = "authentication failed"};
  ASSERT_TRUE(Work());
  ASSERT_TRUE(Work()) << "to see that the configuration rests";
  ASSERT_FALSE(Work());
  script_.reach_data = true;
  script_.result = {.outcome = mail::SendOutcome::kAccepted, .code = 250, .text = "ok"};
  const auto same = [](SmtpConfigurationChange&) { return absl::OkStatus(); };
  ASSERT_TRUE(SmtpConfigurations(*core_).Update(NewCall(), id, "", same, {}).ok());
  ASSERT_TRUE(Work());
  EXPECT_EQ(Email().email.state, EmailState::kSent);
}

TEST_F(DeliveryTest, HandsBackTheEmailsOfAllWhenOneServerTakesItsTime) {
  const std::string other = NewVendor();
  ASSERT_TRUE(RunQuick(NewCustomer(other), kRunDate, NewCall(), /*send_email=*/true).ok());
  NewConfiguration(other);
  script_.slow = true;
  const Told told = RunTogether();
  EXPECT_EQ(told.ended.size(), 1u);
  EXPECT_EQ(told.handed_back.size(), 1u) << "of the other configuration";
}

TEST_F(DeliveryTest, RestsTheConfigurationThatMayNotSend) {
  script_.reach_data = false;
  script_.result = {
      .outcome = mail::SendOutcome::kSenderRefused, .permanent = true, .code = 550, .text = "sender not allowed"};
  ASSERT_TRUE(Work());
  EXPECT_EQ(Email().email.state, EmailState::kQueued);
  EXPECT_EQ(Count("smtp_pauses"), 1);
}

}  // namespace
}  // namespace invoice::app
