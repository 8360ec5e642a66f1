// An invoice that is to be emailed, and a worker's delivery with a mailer whose server says what the test wants.
#pragma once

#include <gmock/gmock.h>

#include "app/emails.h"
#include "app/issue.h"
#include "app/smtp_configurations.h"
#include "store/jobs.h"
#include "tests/app/app_fixture.h"
#include "tests/app/deliver_one.h"
#include "tests/app/scripted_mailer.h"
#include "tests/support/plain_sql.h"

namespace invoice::app {

inline constexpr absl::CivilDay kRunDate(2026, 11, 1);
inline constexpr absl::Duration kRunOut = -absl::Seconds(1);  // a lease that is over as soon as it is given

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

  // That of the vendor; empty: the global one.
  std::string NewConfiguration(const std::string& vendor_id) {
    SmtpConfigurationChange own;
    own.configuration = {.vendor_id = vendor_id, .name = "own", .host = "localhost", .port = 25};
    own.configuration.from_address = "own@example.com";
    return SmtpConfigurations(*core_).Create(NewCall(), own, {})->result.id;
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

}  // namespace invoice::app
