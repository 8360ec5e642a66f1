// The queues of the job table: who is served first, and what a lease holds back.
#include "store/jobs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/id.h"
#include "tests/support/plain_sql.h"
#include "tests/support/postgres.h"

namespace invoice {
namespace {

using store::Urgency;
using testing::ElementsAre;
using testing::IsEmpty;

class JobsTest : public testing::Test {
 protected:
  void Enqueue(const std::string& kind, Urgency urgency) {
    auto transaction = database_.Begin().value();
    ASSERT_TRUE(store::Jobs(transaction).Enqueue(clock_, {kind, base::NewId(clock_), urgency}).ok());
    ASSERT_TRUE(transaction.Commit().ok());
  }

  std::vector<std::string> Fetch(int limit, const std::vector<std::string>& full = {}) {
    auto transaction = database_.Begin().value();
    const std::vector<store::Job> jobs =
        store::Jobs(transaction).Fetch("test", limit, absl::Seconds(30), {}, full).value();
    std::vector<std::string> kinds;
    for (const store::Job& job : jobs) kinds.push_back(job.kind);
    EXPECT_TRUE(transaction.Commit().ok());
    return kinds;
  }

  std::optional<absl::Duration> NextDelay(const std::vector<std::string>& full = {}) {
    auto transaction = database_.Begin().value();
    return store::Jobs(transaction).NextDelay(full).value();
  }

  std::string url_ = test::Postgres::Instance().NewDatabase();
  test::PlainSql sql_{url_};
  store::Database database_{{.url = url_}};
  base::SystemClock clock_;
};

TEST_F(JobsTest, ThoseThatAPersonWaitsForComeFirstThoseOfARunNext) {
  Enqueue("FOLLOWING", Urgency::kFollowing);
  Enqueue("RUN", Urgency::kRun);
  Enqueue("AWAITED", Urgency::kAwaited);
  EXPECT_THAT(Fetch(1), ElementsAre("AWAITED"));
  EXPECT_THAT(Fetch(1), ElementsAre("RUN"));
  EXPECT_THAT(Fetch(5), ElementsAre("FOLLOWING"));
  EXPECT_THAT(Fetch(5), IsEmpty()) << "all are leased";
}

TEST_F(JobsTest, AQueueThatIsPutOffKeepsNoOtherBack) {
  Enqueue("AWAITED", Urgency::kAwaited);
  sql_.Must("UPDATE jobs SET run_at = now() + interval '1 hour'");
  Enqueue("FOLLOWING", Urgency::kFollowing);
  EXPECT_LE(*NextDelay(), absl::ZeroDuration());
  EXPECT_THAT(Fetch(5), ElementsAre("FOLLOWING"));
  EXPECT_GT(*NextDelay(), absl::Minutes(59)) << "the one that is in hand is due to nobody";
}

TEST_F(JobsTest, WhoHasEnoughOfEmailsIsGivenWhatComesBeforeThem) {
  Enqueue("SEND_EMAIL", Urgency::kAwaited);
  Enqueue("SEND_EMAIL", Urgency::kFollowing);
  EXPECT_THAT(Fetch(5, {"SEND_EMAIL"}), IsEmpty());
  EXPECT_FALSE(NextDelay({"SEND_EMAIL"}).has_value()) << "nothing that it may have: it sleeps";
  Enqueue("RENDER_DOCUMENT", Urgency::kDocument);
  Enqueue("RUN_CHUNK", Urgency::kRun);
  EXPECT_THAT(Fetch(5, {"SEND_EMAIL"}), testing::UnorderedElementsAre("RUN_CHUNK", "RENDER_DOCUMENT"));
  EXPECT_THAT(Fetch(5), ElementsAre("SEND_EMAIL", "SEND_EMAIL"));
}

TEST_F(JobsTest, OnlyLeasesThatAreStillOursAreRenewed) {
  Enqueue("A", Urgency::kAwaited);
  Enqueue("B", Urgency::kAwaited);
  auto transaction = database_.Begin().value();
  store::Jobs jobs(transaction);
  std::vector<store::Job> held = jobs.Fetch("test", 2, absl::Seconds(30)).value();
  --held[1].attempt;
  EXPECT_EQ(jobs.RenewAll(held, absl::Hours(1)).value(), 1);
  EXPECT_TRUE(transaction.Commit().ok());
  EXPECT_EQ(sql_.Cell("SELECT string_agg(kind, ' ') FROM jobs WHERE lease_until > now() + interval '50 min'"), "A");
}

TEST_F(JobsTest, ALeaseThatRanOutCountsAsAFailure) {
  Enqueue("A", Urgency::kAwaited);
  EXPECT_THAT(Fetch(1), ElementsAre("A"));
  EXPECT_EQ(sql_.Cell("SELECT failure_count FROM jobs"), "0");
  sql_.Must("UPDATE jobs SET lease_until = now() - interval '1 second'");
  EXPECT_THAT(Fetch(1), ElementsAre("A"));
  EXPECT_EQ(sql_.Cell("SELECT failure_count || ' ' || last_error FROM jobs"),
            "1 the worker that had the job ended without a result");
}

TEST_F(JobsTest, ASecondRequestForAJobBringsItForward) {
  const std::string subject = base::NewId(clock_);
  for (const Urgency urgency : {Urgency::kFollowing, Urgency::kAwaited, Urgency::kFollowing}) {
    auto transaction = database_.Begin().value();
    ASSERT_TRUE(store::Jobs(transaction).Enqueue(clock_, {"SEND_EMAIL", subject, urgency}).ok());
    ASSERT_TRUE(transaction.Commit().ok());
  }
  EXPECT_EQ(sql_.Cell("SELECT string_agg(urgency::text, ' ') FROM jobs"), "0");
}

}  // namespace
}  // namespace invoice
