// What a person does with emails, and what the guards hold, on the database.
#include "app/emails.h"

#include <gmock/gmock.h>

#include "app/delivery.h"
#include "app/invoice_life.h"
#include "app/payments.h"
#include "base/status.h"
#include "tests/app/deliver_one.h"
#include "tests/app/run_fixture.h"
#include "tests/app/scripted_mailer.h"

namespace invoice::app {
namespace {

using domain::EmailAction;
using domain::EmailState;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr absl::CivilDay kRunDate(2026, 11, 1);

class EmailsTest : public RunTest {
 protected:
  // From here on emails go by this route.
  void Route(int per_run, int per_recipient) {
    limited_.emplace(MailRoute{.smtp = {.id = "environment", .host = "localhost", .port = 25},
                               .from_address = "billing@example.com",
                               .max_emails_per_run = per_run,
                               .max_emails_per_recipient_per_day = per_recipient});
    core_.emplace(Core{database_, clock_, time_zones_, *renderer_, flights_, *limited_, logo_drawer_});
  }

  std::string VendorWithArchive(const std::string& archive) {
    domain::Vendor vendor;
    vendor.name = "Vendor";
    vendor.email = "vendor@example.com";
    vendor.archive_email = archive;
    return Vendors(*core_).Create(NewCall(), vendor, {})->result.id;
  }

  // The id of the To email of a new invoice.
  std::string Send(const std::string& customer_id, absl::CivilDay date = kRunDate) {
    const auto outcome = RunQuick(customer_id, date, NewCall(), /*send_email=*/true);
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    return outcome->result.invoice.emails.front().id;
  }

  // One round of a worker.
  void Work(absl::Duration lease = absl::Seconds(30)) {
    std::thread thread([&] {
      std::vector<store::Job> jobs;
      {
        auto transaction = database_.Begin();
        jobs = *store::Jobs(*transaction).Fetch("test", 100, lease);
        EXPECT_TRUE(transaction->Commit().ok());
      }
      Delivery delivery(*core_, places_, [this] { return std::make_unique<ScriptedMailer>(script_); });
      for (const store::Job& job : jobs) {
        if (job.kind != "SEND_EMAIL") continue;
        try {
          EXPECT_EQ(DeliverOne(database_, delivery, job), absl::OkStatus());
        } catch (const Died&) {
        }
      }
    });
    thread.join();
  }

  EmailWithAttempts Email(const std::string& id) { return Emails(*core_).Get(id).value(); }
  domain::Delivery DeliveryOf(const std::string& email_id) {
    return Invoices(*core_).Get(Email(email_id).email.invoice_id)->delivery;
  }
  absl::StatusOr<Outcome<EmailWithAttempts>> Act(const std::string& id, EmailAction action, const std::string& why = "",
                                                 const Call& call = {}) {
    return Emails(*core_).Act(call.method.empty() ? NewCall() : call, id, action, why,
                              [](const EmailWithAttempts& email) { return email.email.id; });
  }
  int Jobs() { return static_cast<int>(Count("jobs WHERE kind = 'SEND_EMAIL'")); }

  void Refuse() {
    script_.reach_data = false;
    script_.result = {
        .outcome = mail::SendOutcome::kRecipientRefused, .permanent = true, .code = 550, .text = "no such user"};
  }

  Script script_;
  store::SmtpPlaces places_{url_};
  std::optional<MailRoutes> limited_;
};

TEST_F(EmailsTest, OneEmailForEachRecipientWithTheSameHeaders) {
  const std::string id = NewCustomerWith(VendorWithArchive("Archive@example.com"), [](domain::Customer& customer) {
    customer.email = "to@example.com";
    customer.cc_emails = {"cc@example.com", "TO@example.com"};
    customer.bcc_emails = {"bcc@example.com", "CC@example.com", "archive@EXAMPLE.com"};
    customer.contract.rate_per_hour = domain::UnitPrice::Parse("100");
  });
  const EmailWithAttempts first = Email(Send(id));
  const auto invoice = Invoices(*core_).Get(first.email.invoice_id);
  std::vector<std::string> found;
  for (const domain::EmailRecord& email : invoice->emails) {
    found.push_back(email.recipient_role + " " + email.recipient);
    EXPECT_EQ(email.header_to, "to@example.com");
    EXPECT_THAT(email.header_cc, ElementsAre("cc@example.com"));
  }
  EXPECT_THAT(found,
              ElementsAre("TO to@example.com", "CC cc@example.com", "BCC bcc@example.com", "BCC archive@EXAMPLE.com"));
  EXPECT_EQ(Jobs(), 4);
  const auto again = Invoices(*core_).ResendEmail(NewCall(), first.email.invoice_id, "Else@example.com", {});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->result.resend_of, first.email.id);
  EXPECT_EQ(Jobs(), 6) << "the other address and the archive";
}

TEST_F(EmailsTest, AreListedByTheRunOfTheirInvoice) {
  const std::string vendor = NewVendor();
  std::vector<std::string> ids;
  std::vector<std::string> runs;
  for (int i = 0; i < 2; ++i) {
    const auto outcome = RunQuick(NewCustomer(vendor), kRunDate, NewCall(), /*send_email=*/true);
    ASSERT_TRUE(outcome.ok()) << outcome.status();
    ids.push_back(outcome->result.invoice.emails.front().id);
    runs.push_back(outcome->result.run.id);
    const auto again = Invoices(*core_).ResendEmail(NewCall(), outcome->result.invoice.id, "", {});
    ASSERT_TRUE(again.ok()) << again.status();
    ids.push_back(again->result.id);
  }
  const auto listed = [&](const store::EmailFilter& filter, const store::PageRequest& page = {}) {
    const auto found = Emails(*core_).List(filter, page);
    EXPECT_TRUE(found.ok()) << found.status();
    std::vector<std::string> found_ids;
    for (const EmailWithAttempts& record : found->records) found_ids.push_back(record.email.id);
    return found_ids;
  };
  EXPECT_THAT(listed({.run_id = runs[0]}), ElementsAre(ids[1], ids[0]));
  EXPECT_THAT(listed({.run_id = runs[1]}), ElementsAre(ids[3], ids[2]));
  const auto first = Emails(*core_).List({.run_id = runs[0]}, {.size = 1, .after = {}});
  EXPECT_EQ(first->total_size, 2);
  EXPECT_THAT(listed({.run_id = runs[0]}, {.size = 1, .after = first->next}), ElementsAre(ids[0]));
  EXPECT_THAT(listed({.state = EmailState::kSent, .run_id = runs[0]}), IsEmpty());
  EXPECT_THAT(listed({.run_id = "01900000-0000-7000-8000-000000000000"}), IsEmpty());
}

TEST_F(EmailsTest, ARetryIsTheSameMessageWithADayBeforeIt) {
  const std::string id = Send(NewCustomer(NewVendor()));
  Refuse();
  Work();
  const std::string message_id = Email(id).email.message_id;
  ASSERT_EQ(Email(id).email.state, EmailState::kFailed);
  ASSERT_EQ(DeliveryOf(id), domain::Delivery::kFailed);
  const auto retried = Act(id, EmailAction::kRetry);
  ASSERT_TRUE(retried.ok()) << retried.status();
  EXPECT_EQ(retried->result.email.state, EmailState::kQueued);
  EXPECT_EQ(retried->result.email.state_reason, "");
  EXPECT_EQ(retried->result.email.first_attempt_at, std::nullopt);
  EXPECT_THAT(retried->result.attempts, SizeIs(1));
  EXPECT_EQ(DeliveryOf(id), domain::Delivery::kQueued);
  script_ = {};
  Work();
  EXPECT_EQ(Email(id).email.state, EmailState::kSent);
  EXPECT_EQ(Email(id).email.message_id, message_id);
  EXPECT_THAT(Email(id).attempts, SizeIs(2));
  EXPECT_EQ(base::DetailOf(Act(id, EmailAction::kRetry).status()).reason, base::Reason::kInvalidState);
  EXPECT_EQ(Jobs(), 0) << "a refused step leaves no job behind";
}

TEST_F(EmailsTest, ARetryOfTheUnknownIsSentOnceMoreAndNotRepeated) {
  const std::string id = Send(NewCustomer(NewVendor()));
  script_.die_after_data = true;
  for (int i = 0; i < 2; ++i) {
    Work(-absl::Seconds(1));
    Work();
  }
  ASSERT_EQ(Email(id).email.state, EmailState::kUnknown);
  ASSERT_TRUE(Act(id, EmailAction::kRetry).ok());
  Work(-absl::Seconds(1));
  Work();
  EXPECT_EQ(Email(id).email.state, EmailState::kUnknown);
  EXPECT_THAT(script_.accepted, SizeIs(3));
  ASSERT_TRUE(Act(id, EmailAction::kCancel).ok());
  EXPECT_EQ(DeliveryOf(id), domain::Delivery::kNone);
  const auto cancelled = InvoiceLife(*core_).Cancel(NewCall(), {.id = Email(id).email.invoice_id, .text = "x"}, {});
  EXPECT_EQ(cancelled.status().code(), absl::StatusCode::kFailedPrecondition) << "it may have arrived";
}

TEST_F(EmailsTest, ACancelledEmailIsNotSent) {
  const std::string id = Send(NewCustomer(NewVendor()));
  ASSERT_TRUE(Act(id, EmailAction::kCancel).ok());
  EXPECT_EQ(Email(id).email.state, EmailState::kCancelled);
  EXPECT_EQ(DeliveryOf(id), domain::Delivery::kNone);
  EXPECT_EQ(Jobs(), 0);
  Work();
  EXPECT_THAT(script_.accepted, IsEmpty());
  EXPECT_FALSE(Act(id, EmailAction::kCancel).ok());
  EXPECT_TRUE(absl::IsNotFound(Act("01900000-0000-7000-8000-000000000001", EmailAction::kCancel).status()));
}

TEST_F(EmailsTest, ABounceIsWrittenDownOnce) {
  const std::string id = Send(NewCustomer(NewVendor()));
  EXPECT_FALSE(Act(id, EmailAction::kBounce, "too early").ok());
  Work();
  Call call = NewCall();
  call.idempotency_key = "bounce";
  call.idempotency_digest = "digest";
  ASSERT_TRUE(Act(id, EmailAction::kBounce, " 550\r\n\x07mailbox  full\n", call).ok());
  const auto again = Act(id, EmailAction::kBounce, " 550\r\n\x07mailbox  full\n", call);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(Email(id).email.state, EmailState::kBounced);
  EXPECT_EQ(Email(id).email.state_reason, "550 mailbox full");
  EXPECT_EQ(DeliveryOf(id), domain::Delivery::kBounced);
  EXPECT_EQ(Count("audit_events WHERE resource = 'email' AND action = 'bounced'"), 1);
}

TEST_F(EmailsTest, NothingOfACancelledInvoiceIsSentAgain) {
  const std::string id = Send(NewCustomer(NewVendor()));
  Refuse();
  Work();
  ASSERT_TRUE(InvoiceLife(*core_).Cancel(NewCall(), {.id = Email(id).email.invoice_id, .text = "x"}, {}).ok());
  const auto retried = Act(id, EmailAction::kRetry);
  EXPECT_EQ(base::DetailOf(retried.status()).reason, base::Reason::kInvalidState);
  EXPECT_EQ(Jobs(), 0);
}

TEST_F(EmailsTest, HoldsWhatARunSendsBeyondItsLimitUntilAPersonReleasesIt) {
  Route(/*per_run=*/3, /*per_recipient=*/100);
  GoTo(absl::CivilDay(2026, 11, 2));
  const std::string vendor = NewVendor();
  for (int i = 0; i < 7; ++i) NewScheduled(vendor, "Customer " + std::to_string(i));
  const std::string run = Create({.mode = domain::RunMode::kGenerateAll,
                                  .run_date = kRunDate,
                                  .send_email = true,
                                  .customers = {.vendor_id = vendor}})
                              .id;
  RunWork work(*core_, /*chunk_size=*/2);
  while (const std::optional<store::Job> job = TakeRunJob()) {
    ASSERT_EQ(job->kind == "START_RUN" ? work.Start(*job) : work.Work(*job), absl::OkStatus());
  }
  EXPECT_EQ(Jobs(), 3);
  EXPECT_EQ(Count("emails WHERE state = 'HELD' AND state_reason LIKE '%maxEmailsPerRun%'"), 4);
  EXPECT_EQ(Count("invoices WHERE delivery = 'HELD'"), 4);
  EXPECT_EQ(Count("invoices WHERE delivery = 'QUEUED'"), 3);
  Work();
  EXPECT_THAT(script_.accepted, SizeIs(3));

  EXPECT_FALSE(Emails(*core_).ReleaseAll(NewCall(), {}, {}).ok());
  const auto none = Emails(*core_).ReleaseAll(NewCall(), {.recipient = "else@example.com"}, {});
  EXPECT_EQ(none->result.released_count, 0);
  const auto released = Emails(*core_).ReleaseAll(NewCall(), {.run_id = run, .recipient = "CUSTOMER@example.com"}, {});
  ASSERT_TRUE(released.ok()) << released.status();
  EXPECT_EQ(released->result.released_count, 4);
  EXPECT_EQ(released->result.remaining_count, 0);
  EXPECT_EQ(Count("invoices WHERE delivery = 'HELD'"), 0);
  EXPECT_EQ(Count("audit_events WHERE resource = 'email' AND action = 'released'"), 4);
  Work();
  EXPECT_THAT(script_.accepted, SizeIs(7));
  EXPECT_EQ(Count("invoices WHERE delivery = 'SENT'"), 7);
}

TEST_F(EmailsTest, ChunksOfARunThatWorkAtOnceKeepToOneLimit) {
  Route(/*per_run=*/5, /*per_recipient=*/7);
  GoTo(absl::CivilDay(2026, 11, 2));
  const std::string vendor = NewVendor();
  for (int i = 0; i < 12; ++i) NewScheduled(vendor, "Customer " + std::to_string(i));
  for (const int expected : {5, 7}) {
    Create({.mode = domain::RunMode::kGenerateAll,
            .run_date = expected == 5 ? kRunDate : absl::CivilDay(2026, 10, 1),
            .send_email = true,
            .customers = {.vendor_id = vendor}});
    RunWork work(*core_, /*chunk_size=*/2);
    ASSERT_EQ(work.Start(TakeRunJob().value()), absl::OkStatus());
    std::vector<store::Job> chunks;
    while (const std::optional<store::Job> job = TakeRunJob()) chunks.push_back(*job);
    ASSERT_THAT(chunks, SizeIs(6));
    std::vector<std::thread> threads;
    for (const store::Job& chunk : chunks) {
      threads.emplace_back([&work, &chunk] { EXPECT_EQ(work.Work(chunk), absl::OkStatus()); });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(Count("emails WHERE state = 'QUEUED'"), expected) << "of the run, then of the address on its day";
  }
  EXPECT_EQ(Count("emails"), 24);
}

TEST_F(EmailsTest, HoldsWhatGoesToOneAddressBeyondTheLimitOfItsDay) {
  Route(/*per_run=*/100, /*per_recipient=*/2);
  const std::string vendor = VendorWithArchive("archive@example.com");
  const std::string customer = NewCustomer(vendor);
  const std::string first = Send(customer, absl::CivilDay(2026, 8, 1));
  Send(customer, absl::CivilDay(2026, 9, 1));
  const std::string third = Send(customer, absl::CivilDay(2026, 10, 1));
  EXPECT_EQ(Email(third).email.state, EmailState::kHeld);
  EXPECT_THAT(Email(third).email.state_reason, HasSubstr("maxEmailsPerRecipientPerDay"));
  EXPECT_EQ(DeliveryOf(third), domain::Delivery::kHeld);
  EXPECT_EQ(Jobs(), 5) << "two to the customer, three to the archive";
  const auto again = Invoices(*core_).ResendEmail(NewCall(), Email(first).email.invoice_id, "", {});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->result.state, EmailState::kHeld) << "a person's resend is guarded too";
  ASSERT_TRUE(Act(third, EmailAction::kRelease).ok());
  EXPECT_EQ(Email(third).email.state, EmailState::kQueued);
  EXPECT_EQ(DeliveryOf(third), domain::Delivery::kQueued);
  Work();
  EXPECT_EQ(Email(third).email.state, EmailState::kSent) << "what was released is not held again";
  clock_.Advance(absl::Hours(24));
  EXPECT_EQ(Email(Send(customer, absl::CivilDay(2026, 11, 1))).email.state, EmailState::kQueued) << "a new day";
  EXPECT_EQ(Email(Send(NewCustomer(NewVendor()))).email.state, EmailState::kQueued) << "another vendor";
}

TEST_F(EmailsTest, QueuesWithoutGuardsWhereThereIsNoConfiguration) {
  limited_.emplace(std::nullopt);
  core_.emplace(Core{database_, clock_, time_zones_, *renderer_, flights_, *limited_, logo_drawer_});
  const std::string customer = NewCustomer(NewVendor());
  for (int month = 1; month <= 3; ++month) {
    EXPECT_EQ(Email(Send(customer, absl::CivilDay(2026, month, 1))).email.state, EmailState::kQueued);
  }
  EXPECT_EQ(Count("email_recipient_counts"), 0);
}

}  // namespace
}  // namespace invoice::app
