// How often a worker tries a job: everything has a bound but an outage, for which no job is to blame.
#include "jobs/worker.h"

#include <atomic>
#include <thread>

#include "base/id.h"
#include "base/limits.h"
#include "base/status.h"
#include "store/statements.h"
#include "tests/app/app_fixture.h"
#include "tests/support/plain_sql.h"

namespace invoice::jobs {
namespace {

class WorkerTest : public app::AppTest {
 protected:
  // Queues a job that has failed so often.
  void Queue(int failures) {
    subject_ = base::NewId(clock_);
    auto transaction = database_.Begin().value();
    ASSERT_TRUE(store::Jobs(transaction).Enqueue(clock_, {"WORK", subject_}).ok());
    ASSERT_TRUE(transaction.Commit().ok());
    owner_.Must("UPDATE jobs SET failure_count = " + std::to_string(failures));
  }

  // Lets a worker try the job until the database says `done`.
  void WorkUntil(const std::string& done, const std::function<absl::Status(const store::Job&)>& work) {
    Worker worker(database_, metrics_, {.name = "test", .url = url_, .threads = 1},
                  {{"WORK",
                    {.run =
                         [&](const store::Job& job) {
                           ++tries_;
                           return work(job);
                         },
                     .give_up =
                         [&](const store::Job&, const absl::Status& why) {
                           given_up_ = std::string(why.message());
                           return absl::OkStatus();
                         }}}});
    std::thread run([&] { worker.Run(); });
    const absl::Time latest = absl::Now() + absl::Seconds(30);
    while (owner_.Cell("SELECT " + done + " FROM jobs") != "t" && absl::Now() < latest) {
    }
    EXPECT_LT(absl::Now(), latest) << "never " << done;
    EXPECT_TRUE(worker.Stop(absl::Seconds(10)));
    run.join();
  }

  // As a transaction that makes PostgreSQL end its session.
  absl::Status EndOwnSession() {
    static constexpr store::Sql kEnd{"end_own_session", "SELECT pg_terminate_backend(pg_backend_pid())::text AS ended"};
    ASSIGN_OR_RETURN(store::Transaction transaction, database_.Begin());
    RETURN_IF_ERROR(transaction.Query(kEnd, {}).status());
    return transaction.Commit();
  }

  test::PlainSql owner_{test::Postgres::Instance().OwnerUrl(url_)};
  base::Metrics metrics_;
  std::string subject_;
  std::atomic<int> tries_ = 0;
  std::string given_up_;
};

TEST_F(WorkerTest, AJobThatEndsItsSessionCountsAndIsGivenUpAtTheBound) {
  Queue(base::kMaxJobInterruptions - 2);
  owner_.Must("UPDATE jobs SET run_at = now()");
  WorkUntil("failure_count = " + std::to_string(base::kMaxJobInterruptions - 1),
            [&](const store::Job&) { return EndOwnSession(); });
  EXPECT_EQ(given_up_, "");
  owner_.Must("UPDATE jobs SET run_at = now()");
  WorkUntil("failed_at IS NOT NULL", [&](const store::Job&) { return EndOwnSession(); });
  EXPECT_EQ(given_up_, "the database ended the session");
  EXPECT_EQ(tries_, 2);
}

TEST_F(WorkerTest, AJobThatFailsByItselfIsGivenUpSooner) {
  Queue(base::kMaxJobAttempts - 1);
  WorkUntil("failed_at IS NOT NULL", [](const store::Job&) { return absl::InternalError("broken"); });
  EXPECT_EQ(given_up_, "broken");
}

TEST_F(WorkerTest, ALockThatIsNeverFreeIsGivenUpAtTheBound) {
  Queue(base::kMaxJobInterruptions - 1);
  WorkUntil("failed_at IS NOT NULL",
            [](const store::Job&) { return base::Unavailable(base::Reason::kLockTimeout, "busy", absl::Seconds(1)); });
  EXPECT_EQ(given_up_, "busy");
}

TEST_F(WorkerTest, WhatCouldNotBeBegunDoesNotCount) {
  Queue(base::kMaxJobInterruptions - 1);
  store::Database nowhere(store::DatabaseOptions{.url = "host=/nowhere dbname=none"});
  WorkUntil("last_error <> '' AND lease_until IS NULL", [&](const store::Job&) { return nowhere.Begin().status(); });
  EXPECT_EQ(owner_.Cell("SELECT failure_count FROM jobs"), std::to_string(base::kMaxJobInterruptions - 1));
  EXPECT_EQ(given_up_, "");
}

TEST_F(WorkerTest, AJobAtWhichWorkersEndIsNotBegunForEver) {
  Queue(base::kMaxJobInterruptions - 1);
  owner_.Must("UPDATE jobs SET lease_until = now() - interval '1 second', worker = 'gone', attempt = 1");
  WorkUntil("failed_at IS NOT NULL", [](const store::Job&) { return absl::OkStatus(); });
  EXPECT_EQ(tries_, 0);
  EXPECT_NE(given_up_, "");
}

}  // namespace
}  // namespace invoice::jobs
