// Delivery of email on the database: what becomes of one, and of a batch.
#include "app/delivery.h"

#include "app/documents.h"
#include "tests/app/delivery_fixture.h"

namespace invoice::app {
namespace {

using domain::EmailState;
using ::testing::HasSubstr;

TEST_F(DeliveryTest, IsSentOnlyAfterTheServersReply) {
  ASSERT_TRUE(Work());
  EXPECT_EQ(status_, absl::OkStatus());
  const EmailWithAttempts email = Email();
  EXPECT_EQ(email.email.state, EmailState::kSent);
  ASSERT_EQ(email.attempts.size(), 1u);
  EXPECT_EQ(email.attempts[0].reply_code, 250);
  EXPECT_EQ(email.attempts[0].outcome, "ACCEPTED");
  ASSERT_EQ(script_.accepted.size(), 1u);
  EXPECT_THAT(script_.accepted[0], HasSubstr("<" + email_id_ + "@example.com>"));
  EXPECT_EQ(Invoices(*core_).Get(invoice_id_)->delivery, domain::Delivery::kSent);
  EXPECT_FALSE(Work());
}

TEST_F(DeliveryTest, RepeatsOnceWhatAWorkerMayHaveSentBeforeItDied) {
  script_.die_after_data = true;
  ASSERT_TRUE(Work(kRunOut));
  EXPECT_EQ(Email().email.state, EmailState::kSending);
  script_.die_after_data = false;
  ASSERT_TRUE(Work());  // finds it in SENDING: the fate of the message is unknown
  ASSERT_TRUE(Work());  // and sends the same message again
  EXPECT_EQ(status_, absl::OkStatus());
  EXPECT_EQ(Email().email.state, EmailState::kSent);
  EXPECT_EQ(Email().attempts.size(), 2u);
  EXPECT_EQ(Email().attempts[0].outcome, "LOST_AFTER_DATA");
  ASSERT_EQ(script_.accepted.size(), 2u);
  EXPECT_EQ(script_.accepted[0], script_.accepted[1]);
}

TEST_F(DeliveryTest, DoesNotRepeatASecondTime) {
  script_.die_after_data = true;
  ASSERT_TRUE(Work(kRunOut));
  ASSERT_TRUE(Work());
  ASSERT_TRUE(Work(kRunOut));
  ASSERT_TRUE(Work());
  EXPECT_FALSE(Work());
  EXPECT_EQ(Email().email.state, EmailState::kUnknown);
  EXPECT_EQ(script_.accepted.size(), 2u);
  EXPECT_EQ(Invoices(*core_).Get(invoice_id_)->delivery, domain::Delivery::kUnknown);
}

TEST_F(DeliveryTest, ChargesTheEmailNothingForAFaultOfTheSession) {
  script_.reach_data = false;
  script_.result = {.outcome = mail::SendOutcome::kSessionFault, .code = 535, .text = "authentication failed"};
  ASSERT_TRUE(Work());
  EXPECT_EQ(status_, absl::OkStatus());
  EXPECT_EQ(Email().email.state, EmailState::kQueued);
  EXPECT_EQ(Email().email.attempt_count, 0);
  ASSERT_TRUE(Work());  // only to see that the configuration rests
  EXPECT_FALSE(Work());
  EXPECT_EQ(Count("smtp_pauses"), 1);
}

TEST_F(DeliveryTest, FailsAtOnceWhatTheServerRefusesForGood) {
  script_.reach_data = false;
  script_.result = {
      .outcome = mail::SendOutcome::kRecipientRefused, .permanent = true, .code = 550, .text = "no such user"};
  ASSERT_TRUE(Work());
  EXPECT_EQ(Email().email.state, EmailState::kFailed);
  ASSERT_EQ(Email().attempts.size(), 1u);
  EXPECT_EQ(Email().attempts[0].reply_code, 550);
  EXPECT_EQ(Invoices(*core_).Get(invoice_id_)->delivery, domain::Delivery::kFailed);
  EXPECT_FALSE(Work());
}

TEST_F(DeliveryTest, TriesAgainLaterWhatTheServerDefers) {
  script_.reach_data = false;
  script_.result = {.outcome = mail::SendOutcome::kRecipientRefused, .permanent = false, .code = 450, .text = "busy"};
  ASSERT_TRUE(Work());
  const EmailWithAttempts email = Email();
  EXPECT_EQ(email.email.state, EmailState::kQueued);
  EXPECT_EQ(email.email.attempt_count, 1);
  ASSERT_TRUE(email.email.next_attempt_at.has_value());
  EXPECT_GT(*email.email.next_attempt_at, clock_.Now() + absl::Seconds(40));
  EXPECT_FALSE(Work());
}

TEST_F(DeliveryTest, GoesOnAfterAFaultOfTheSessionThatCameAfterTheHandOver) {
  script_.result = {.outcome = mail::SendOutcome::kSessionFault, .code = 530, .text = "log in first"};
  ASSERT_TRUE(Work());
  EXPECT_EQ(status_, absl::OkStatus());
  EXPECT_EQ(Email().email.state, EmailState::kQueued);
  ASSERT_EQ(Email().attempts.size(), 1u);
  EXPECT_EQ(Email().attempts[0].outcome, "SESSION_FAULT");
  clock_.Advance(absl::Hours(1));  // the configuration has rested
  script_.result = {.outcome = mail::SendOutcome::kAccepted, .code = 250, .text = "ok"};
  ASSERT_TRUE(Work());
  EXPECT_EQ(status_, absl::OkStatus());
  EXPECT_EQ(Email().email.state, EmailState::kSent);
  EXPECT_EQ(Email().attempts.size(), 2u);
}

TEST_F(DeliveryTest, HandsBackWhatWasNotHandedOverWhenItStops) {
  script_.reach_data = false;
  script_.result = {.outcome = mail::SendOutcome::kSessionFault, .text = "given up by the caller"};
  delivery_.Stop();
  ASSERT_TRUE(Work());
  EXPECT_EQ(status_, absl::OkStatus());
  EXPECT_EQ(Email().email.state, EmailState::kQueued);
  EXPECT_EQ(Email().attempts.size(), 0u);
  EXPECT_EQ(Count("smtp_pauses"), 0);
  EXPECT_TRUE(Work()) << "the job is there for another worker at once";
}

TEST_F(DeliveryTest, RecordsAReplyThatCameWhileItStops) {
  script_.during_content = [this] { delivery_.Stop(); };
  ASSERT_TRUE(Work());
  EXPECT_EQ(Email().email.state, EmailState::kSent);
}

TEST_F(DeliveryTest, TellsTheEmailWhenItsJobIsGivenUp) {
  std::vector<store::Job> jobs;
  {
    auto transaction = database_.Begin();
    jobs = *store::Jobs(*transaction).Fetch("test", 10, absl::Seconds(30));
    ASSERT_TRUE(transaction->Commit().ok());
  }
  for (const store::Job& job : jobs) {
    if (job.kind != "SEND_EMAIL") continue;
    EXPECT_EQ(delivery_.GiveUp(job, absl::InternalError("SELECT secret")), absl::OkStatus());
  }
  EXPECT_EQ(Email().email.state, EmailState::kFailed);
  EXPECT_THAT(Email().email.state_reason, testing::Not(HasSubstr("SELECT")));
  EXPECT_EQ(Invoices(*core_).Get(invoice_id_)->delivery, domain::Delivery::kFailed);
}

TEST_F(DeliveryTest, KeepsALateWorkerOut) {
  std::vector<store::Job> stale;
  {
    auto transaction = database_.Begin();
    stale = *store::Jobs(*transaction).Fetch("late", 10, kRunOut);
    ASSERT_TRUE(transaction->Commit().ok());
  }
  {
    auto transaction = database_.Begin();
    EXPECT_EQ(store::Jobs(*transaction).Fetch("another", 10, absl::Seconds(30))->size(), stale.size());
    ASSERT_TRUE(transaction->Commit().ok());
  }
  for (const store::Job& job : stale) {
    if (job.kind != "SEND_EMAIL") continue;
    EXPECT_TRUE(absl::IsAborted(DeliverOne(database_, delivery_, job)));
  }
  EXPECT_EQ(script_.accepted.size(), 0u);
  EXPECT_EQ(Email().email.state, EmailState::kQueued);
}

TEST_F(DeliveryTest, SendsABatchOnOneConnectionAndHandsBackWhatAFaultOfTheSessionStops) {
  const std::string customer = NewCustomer(NewVendor());
  for (int month = 1; month <= 3; ++month) {
    const absl::CivilDay run_date(2027, month, 1);
    clock_.Set(absl::FromCivil(run_date, absl::UTCTimeZone()));
    ASSERT_TRUE(RunQuick(customer, run_date, NewCall(), /*send_email=*/true).ok());
  }
  const mail::SendResult accepted = script_.result;
  script_.reach_data = false;
  script_.result = {.outcome = mail::SendOutcome::kSessionFault, .code = 535, .text = "authentication failed"};
  const Told refused = RunTogether();
  EXPECT_EQ(refused.ended.size(), 1u);
  EXPECT_EQ(refused.handed_back.size(), 3u);
  clock_.Set(clock_.Now() + absl::Hours(1));
  {
    auto transaction = database_.Begin();  // the database's clock does not jump
    ASSERT_TRUE(transaction->Execute({"due", "UPDATE jobs SET run_at = now()"}, {}).ok());
    ASSERT_TRUE(transaction->Commit().ok());
  }
  script_.reach_data = true;
  script_.result = accepted;
  const Told sent = RunTogether();
  EXPECT_EQ(sent.ended.size(), 4u);
  EXPECT_EQ(script_.accepted.size(), 4u);
  EXPECT_EQ(mailers_, 1) << "one connection carries them all";
  EXPECT_EQ(Count("emails WHERE state = 'SENT'"), 4);
  EXPECT_EQ(Count("invoices WHERE delivery = 'SENT' AND sent_at IS NOT NULL"), 4);
  EXPECT_EQ(Count("jobs WHERE kind = 'SEND_EMAIL'"), 0);
  EXPECT_EQ(Count("smtp_pauses"), 0) << "a success ends the pause";
}

TEST_F(DeliveryTest, FailsOnlyTheEmailWhoseDocumentIsNotWhatWasStored) {
  ASSERT_TRUE(Documents(*core_).Get(Invoices(*core_).Get(invoice_id_).value()).ok());
  test::PlainSql owner(test::Postgres::Instance().OwnerUrl(url_));
  owner.Must("UPDATE blobs SET bytes = '\\x00'");
  const auto sound = RunQuick(NewCustomer(NewVendor()), kRunDate, NewCall(), /*send_email=*/true);
  ASSERT_TRUE(sound.ok()) << sound.status();
  const Told told = RunTogether();
  EXPECT_EQ(told.ended.size(), 2u);
  EXPECT_EQ(Emails(*core_).Get(sound->result.invoice.emails[0].id)->email.state, EmailState::kSent);
  EXPECT_TRUE(absl::IsDataLoss(told.ended.at(JobOf(email_id_)))) << "the worker gives it up";
}

TEST_F(DeliveryTest, DoesNotSayFailedOfWhatAServerMayHave) {
  script_.die_after_data = true;
  ASSERT_TRUE(Work(kRunOut));
  auto transaction = database_.Begin();
  const auto jobs = *store::Jobs(*transaction).FetchKind("test", "SEND_EMAIL", 1, absl::Seconds(30));
  ASSERT_TRUE(transaction->Commit().ok());
  ASSERT_EQ(jobs.size(), 0u) << "its lease is not over by itself";
  auto again = database_.Begin();
  const auto taken = *store::Jobs(*again).Fetch("test", 10, absl::Seconds(30));
  ASSERT_TRUE(again->Commit().ok());
  for (const store::Job& job : taken) {
    if (job.kind == "SEND_EMAIL") {
      EXPECT_EQ(delivery_.GiveUp(job, absl::InternalError("broken")), absl::OkStatus());
    }
  }
  EXPECT_EQ(Email().email.state, EmailState::kUnknown);
  EXPECT_EQ(Email().attempts[0].outcome, "LOST_AFTER_DATA");
}

TEST_F(DeliveryTest, ResendsAsANewEmailLinkedToTheFirst) {
  ASSERT_TRUE(Work());
  const auto again = Invoices(*core_).ResendEmail(NewCall(), invoice_id_, "", {});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->result.resend_of, email_id_);
  EXPECT_EQ(again->result.resend_number, 1);
  ASSERT_TRUE(Work());
  EXPECT_EQ(script_.accepted.size(), 2u);
  EXPECT_NE(script_.accepted[0], script_.accepted[1]);
}

}  // namespace
}  // namespace invoice::app
