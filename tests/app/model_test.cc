// Random operations against the use cases and PostgreSQL, with workers that die between any two steps, and the promises
// checked after each. The seed is printed; INVOICE_SEED repeats a run.
#include <gmock/gmock.h>

#include <random>
#include <set>
#include <thread>

#include "app/delivery.h"
#include "app/documents.h"
#include "app/emails.h"
#include "base/status.h"
#include "tests/app/app_fixture.h"
#include "tests/app/deliver_one.h"
#include "tests/app/scripted_mailer.h"
#include "tests/support/environment.h"

namespace invoice::app {
namespace {

constexpr int kOperations = 150;
constexpr int kCustomers = 4;

class ModelTest : public AppTest {
 protected:
  // All customers have one address, and no guard is to stop the model.
  static MailRoute UnguardedRoute() {
    MailRoute route = LocalRoute();
    route.max_emails_per_recipient_per_day = 10'000;
    return route;
  }
  ModelTest() : AppTest(UnguardedRoute()) {}

  int Random(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random_); }
  const std::string& AnyCustomer() { return customers_[Random(kCustomers)]; }

  void BillSomebody() {
    const absl::CivilDay run_date = absl::CivilMonth(2026, 1 + Random(12));
    const std::string customer = AnyCustomer();
    const bool again = billed_.contains({customer, run_date});
    Call call = NewCall("RunQuick");
    if (Random(2) == 0) {
      call.idempotency_key = customer + store::ToText(run_date);
      call.idempotency_digest = "same";
    }
    const auto outcome = RunQuick(customer, run_date, call, /*send_email=*/Random(2) == 0);
    if (outcome.ok() && !outcome->replayed) {
      EXPECT_FALSE(again) << "billed twice: " << customer << " " << run_date;
      billed_.insert({customer, run_date});
      if (!outcome->result.invoice.emails.empty()) emails_.push_back(outcome->result.invoice.emails[0].id);
      invoices_.push_back(outcome->result.invoice.id);
    } else if (!outcome.ok()) {
      EXPECT_TRUE(again) << outcome.status();
    }
  }

  void ResendSomething() {
    if (invoices_.empty()) return;
    const auto resent = Invoices(*core_).ResendEmail(NewCall(), invoices_[Random(invoices_.size())], "", {});
    ASSERT_TRUE(resent.ok()) << resent.status();
    emails_.push_back(resent->result.id);
  }

  // One worker on a thread of its own: fetches a few jobs, and may die before, within or after each of them.
  void WorkALittle(bool may_die) {
    std::thread([&] {
      auto transaction = database_.Begin();
      const bool dies = may_die && Random(3) == 0;
      const auto jobs =
          store::Jobs(*transaction).Fetch("model", 1 + Random(4), dies ? -absl::Seconds(1) : absl::Seconds(30));
      ASSERT_TRUE(jobs.ok() && transaction->Commit().ok());
      if (dies && Random(3) == 0) return;
      for (const store::Job& job : *jobs) {
        script_.die_after_data = dies;
        try {
          const absl::Status status =
              job.kind == "SEND_EMAIL" ? DeliverOne(database_, delivery_, job) : documents_.Run(job);
          EXPECT_TRUE(status.ok() || absl::IsAborted(status)) << status;
        } catch (const Died&) {
          return;
        }
      }
    }).join();
  }

  std::string Receipts(const std::string& email_id) const {
    int count = 0;
    for (const std::string& mime : script_.accepted) count += mime.find("<" + email_id + "@") != std::string::npos;
    return std::to_string(count);
  }

  void CheckPromises() {
    for (const std::string& id : emails_) {
      const EmailWithAttempts email = Emails(*core_).Get(id).value();
      const std::string receipts = Receipts(id);
      if (email.email.state == domain::EmailState::kSent) {
        EXPECT_THAT(receipts, testing::AnyOf("1", "2")) << id;
      }
      EXPECT_LE(email.email.repeat_count, 1);
    }
    std::set<int64_t> sequences;
    for (const std::string& id : invoices_) sequences.insert(Invoices(*core_).Get(id)->sequence);
    EXPECT_EQ(sequences.size(), invoices_.size());
    EXPECT_TRUE(sequences.empty() || *sequences.rbegin() == static_cast<int64_t>(sequences.size()))
        << "a gap in the numbers";
  }

  unsigned seed_ =
      static_cast<unsigned>(std::stoul(test::Env("INVOICE_SEED", std::to_string(std::random_device{}() % 100000))));
  std::minstd_rand random_{seed_};
  std::vector<std::string> customers_;
  std::set<std::pair<std::string, absl::CivilDay>> billed_;
  std::vector<std::string> invoices_;
  std::vector<std::string> emails_;
  Script script_;
  Documents documents_{*core_};
  store::SmtpPlaces places_{url_};
  Delivery delivery_{*core_, places_, [this] { return std::make_unique<ScriptedMailer>(script_); }};
};

TEST_F(ModelTest, KeepsItsPromisesWhateverHappens) {
  std::printf("seed %u\n", seed_);
  RecordProperty("seed", static_cast<int>(seed_));
  const std::string vendor = NewVendor();
  for (int i = 0; i < kCustomers; ++i) customers_.push_back(NewCustomer(vendor));
  for (int i = 0; i < kOperations && !HasFailure(); ++i) {
    switch (Random(6)) {
      case 0:
      case 1:
        BillSomebody();
        break;
      case 2:
        ResendSomething();
        break;
      default:
        WorkALittle(/*may_die=*/true);
    }
    CheckPromises();
  }
  for (int i = 0; i < 200 && Count("jobs") > 0; ++i) WorkALittle(/*may_die=*/false);
  EXPECT_EQ(Count("jobs"), 0);
  for (const std::string& id : invoices_) EXPECT_NE(Invoices(*core_).Get(id)->document_sha256, "") << id;
  for (const std::string& id : emails_) {
    const domain::EmailState state = Emails(*core_).Get(id)->email.state;
    EXPECT_THAT(state, testing::AnyOf(domain::EmailState::kSent, domain::EmailState::kUnknown));
    if (state == domain::EmailState::kUnknown) {
      EXPECT_EQ(Receipts(id), "2") << "unknown only after a second loss";
    }
  }
}

}  // namespace
}  // namespace invoice::app
