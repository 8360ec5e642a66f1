// Delivery of email on the database, with a mailer whose server says what the test wants.
#include "app/delivery.h"

#include <gmock/gmock.h>

#include "app/documents.h"
#include "app/emails.h"
#include "app/issue.h"
#include "base/id.h"
#include "store/jobs.h"
#include "store/smtp_configurations.h"
#include "tests/app/app_fixture.h"
#include "tests/app/deliver_one.h"
#include "tests/app/scripted_mailer.h"
#include "tests/support/plain_sql.h"

namespace invoice::app {
namespace {

using domain::EmailState;
using ::testing::HasSubstr;

constexpr absl::CivilDay kRunDate(2026, 11, 1);
constexpr absl::Duration kRunOut = -absl::Seconds(1);  // a lease that is over as soon as it is given

// What a batch is told: which jobs ended, with what, and which were handed back.
struct Told {
  std::map<std::string, absl::Status> ended;
  std::vector<store::Job> handed_back;
};

class DeliveryTest : public AppTest {
 protected:
  void SetUp() override {
    const auto outcome = RunQuick(NewCustomer(NewVendor()), kRunDate, NewCall(), /*send_email=*/true);
    ASSERT_TRUE(outcome.ok()) << outcome.status();
    invoice_id_ = outcome->result.invoice.id;
    ASSERT_EQ(outcome->result.invoice.emails.size(), 1u);
    email_id_ = outcome->result.invoice.emails[0].id;
  }

  // One round of a worker; false where no email job was due.
  bool Work(absl::Duration lease = absl::Seconds(30), Delivery* delivery = nullptr) {
    if (delivery == nullptr) delivery = &delivery_;
    bool worked = false;
    std::thread thread([&] {
      std::vector<store::Job> jobs;
      {
        auto transaction = database_.Begin();
        jobs = *store::Jobs(*transaction).Fetch("test", 10, lease);
        EXPECT_TRUE(transaction->Commit().ok());
      }
      for (const store::Job& job : jobs) {
        if (job.kind != "SEND_EMAIL") continue;
        worked = true;
        try {
          status_ = DeliverOne(database_, *delivery, job);
        } catch (const Died&) {
        }
      }
    });
    thread.join();
    return worked;
  }

  // All emails that are due, in one batch.
  Told RunTogether() {
    Told told;
    std::vector<store::Job> jobs;
    {
      auto transaction = database_.Begin();
      jobs = *store::Jobs(*transaction).FetchKind("test", "SEND_EMAIL", 10, absl::Seconds(30));
      EXPECT_TRUE(transaction->Commit().ok());
    }
    absl::Mutex mutex;
    delivery_.RunAll(jobs, {.ended =
                                [&](const store::Job& job, const absl::Status& status) {
                                  absl::MutexLock lock(&mutex);
                                  EXPECT_TRUE(told.ended.emplace(job.id, status).second) << "told twice";
                                },
                            .hand_back =
                                [&](const std::vector<store::Job>& rest) {
                                  auto transaction = database_.Begin();
                                  EXPECT_TRUE(store::Jobs(*transaction).GiveBackAll(rest).ok());
                                  EXPECT_TRUE(transaction->Commit().ok());
                                  absl::MutexLock lock(&mutex);
                                  told.handed_back.insert(told.handed_back.end(), rest.begin(), rest.end());
                                }});
    const auto complete = [&] { return told.ended.size() + told.handed_back.size() == jobs.size(); };
    absl::MutexLock lock(&mutex);
    mutex.Await(absl::Condition(&complete));
    return told;
  }

  std::string JobOf(const std::string& email_id) {
    return test::PlainSql(url_).Cell("SELECT id FROM jobs WHERE subject_id = '" + email_id + "'");
  }

  EmailWithAttempts Email() { return Emails(*core_).Get(email_id_).value(); }

  std::unique_ptr<mail::Mailer> NewMailer() {
    ++mailers_;
    return std::make_unique<ScriptedMailer>(script_);
  }

  Script script_;
  std::atomic<int> mailers_ = 0;
  absl::Status status_;
  store::SmtpPlaces places_{url_};
  Delivery delivery_{*core_, places_, [this] { return NewMailer(); }};
  std::string invoice_id_;
  std::string email_id_;
};

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

TEST_F(DeliveryTest, RestsTheConfigurationThatMayNotSend) {
  script_.reach_data = false;
  script_.result = {
      .outcome = mail::SendOutcome::kSenderRefused, .permanent = true, .code = 550, .text = "sender not allowed"};
  ASSERT_TRUE(Work());
  EXPECT_EQ(Email().email.state, EmailState::kQueued);
  EXPECT_EQ(Count("smtp_pauses"), 1);
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

TEST_F(DeliveryTest, HoldsToTheRateOfTheConfiguration) {
  const MailRoutes routes(MailRoute{.smtp = {.id = "environment", .host = "localhost", .port = 25},
                                    .from_address = "billing@example.com",
                                    .max_emails_per_minute = 1});
  Core core{database_, clock_, time_zones_, *renderer_, flights_, routes};
  Delivery delivery(core, places_, [this] { return NewMailer(); });
  ASSERT_TRUE(Work(absl::Seconds(30), &delivery));
  EXPECT_EQ(script_.accepted.size(), 1u);
  ASSERT_TRUE(Invoices(*core_).ResendEmail(NewCall(), invoice_id_, "", {}).ok());
  ASSERT_TRUE(Work(absl::Seconds(30), &delivery));
  EXPECT_EQ(script_.accepted.size(), 1u) << "the second waits for its minute";
  EXPECT_EQ(Count("jobs WHERE run_at > now() + interval '50 s'"), 1);
}

TEST_F(DeliveryTest, GivesEachEmailThatWaitsForTheRateItsOwnTurn) {
  const MailRoutes routes(MailRoute{.smtp = {.id = "environment", .host = "localhost", .port = 25},
                                    .from_address = "billing@example.com",
                                    .max_emails_per_minute = 1});
  Core core{database_, clock_, time_zones_, *renderer_, flights_, routes};
  Delivery delivery(core, places_, [this] { return NewMailer(); });
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Invoices(*core_).ResendEmail(NewCall(), invoice_id_, "", {}).ok());
  ASSERT_TRUE(Work(absl::Seconds(30), &delivery));
  EXPECT_EQ(script_.accepted.size(), 1u);
  EXPECT_EQ(Count("jobs WHERE run_at > now() + interval '50 s'"), 3);
  EXPECT_EQ(Count("jobs WHERE run_at > now() + interval '110 s'"), 2);
  EXPECT_EQ(Count("jobs WHERE run_at > now() + interval '170 s'"), 1);
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

TEST_F(DeliveryTest, SaysWhyAnEmailIsStillQueued) {
  script_.reach_data = false;
  script_.result = {.outcome = mail::SendOutcome::kSessionFault, .code = 535, .text = "authentication failed"};
  ASSERT_TRUE(Work());
  EXPECT_EQ(Email().email.state_reason, "authentication failed");
  const auto other = Invoices(*core_).ResendEmail(NewCall(), invoice_id_, "", {});
  ASSERT_TRUE(Work());
  EXPECT_THAT(Emails(*core_).Get(other->result.id)->email.state_reason, HasSubstr("rests after a fault"));
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

TEST_F(DeliveryTest, HandsBackTheEmailsOfAllWhenOneServerTakesItsTime) {
  const std::string other = NewVendor();
  ASSERT_TRUE(RunQuick(NewCustomer(other), kRunDate, NewCall(), /*send_email=*/true).ok());
  {
    auto transaction = database_.Begin();
    store::SmtpConfigurations configurations(*transaction);
    domain::SmtpConfiguration own{.id = base::NewId(clock_), .vendor_id = other, .name = "own", .host = "localhost"};
    own.from_address = "own@example.com";
    own.port = 25;
    own.active = true;
    ASSERT_TRUE(configurations.Insert(own, clock_.Now()).ok());
    ASSERT_TRUE(transaction->Commit().ok());
  }
  script_.slow = true;
  const Told told = RunTogether();
  EXPECT_EQ(told.ended.size(), 1u);
  EXPECT_EQ(told.handed_back.size(), 1u) << "of the other configuration";
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
