#include "app/run_watches.h"

#include <atomic>
#include <thread>

#include "tests/app/run_fixture.h"
#include "tests/support/plain_sql.h"

namespace invoice::app {
namespace {

using domain::RunState;

class RunWatchesTest : public RunTest {
 protected:
  domain::RunRecord NewRun() {
    const BatchScope scope{.mode = domain::RunMode::kScheduled, .run_date = absl::CivilDay(2026, 12, 1)};
    const auto created = Runs(*core_).Create(NewCall(), scope, "", {});
    EXPECT_TRUE(created.ok()) << created.status();
    return created->result;
  }
  void Cancel(const std::string& id) { EXPECT_TRUE(Runs(*core_).Cancel(NewCall(), id, {}).ok()); }
  void Resume(const std::string& id) { EXPECT_TRUE(Runs(*core_).Resume(NewCall(), id, {}).ok()); }

  std::unique_ptr<RunWatches::Watcher> Watch(const std::string& id) {
    return watches_.Watch(id, [this] { ++wakes_; });
  }

  // What the watcher gets next.
  static absl::StatusOr<domain::RunRecord> TakeNext(RunWatches::Watcher& watcher) {
    const absl::Time latest = absl::Now() + absl::Seconds(20);
    for (;;) {
      auto taken = watcher.Take();
      if (!taken.ok()) return taken.status();
      if (*taken) return **taken;
      if (absl::Now() > latest) return absl::DeadlineExceededError("nothing came");
      std::this_thread::yield();
    }
  }
  static RunState NextState(RunWatches::Watcher& watcher) {
    const auto run = TakeNext(watcher);
    EXPECT_TRUE(run.ok()) << run.status();
    return run.ok() ? run->state : RunState::kFailed;
  }

  std::atomic<int> wakes_ = 0;
  RunWatches watches_{*core_};
};

TEST_F(RunWatchesTest, EachWatcherIsWakedAndGetsTheRunAtOnceAndWhenItChanged) {
  const std::string id = NewRun().id;
  const auto first = Watch(id);
  const auto second = Watch(id);
  EXPECT_EQ(NextState(*first), RunState::kPending);
  EXPECT_EQ(NextState(*second), RunState::kPending);
  EXPECT_EQ(wakes_, 2);
  const auto third = Watch(id);
  EXPECT_EQ(NextState(*third), RunState::kPending) << "whoever comes later";
  EXPECT_FALSE(third->ended());
  Cancel(id);
  for (auto* watcher : {first.get(), second.get(), third.get()}) {
    EXPECT_EQ(NextState(*watcher), RunState::kCancelled);
    EXPECT_TRUE(watcher->ended());
  }
  EXPECT_EQ(wakes_, 5);
}

TEST_F(RunWatchesTest, ASlowWatcherGetsTheNewestStateOnly) {
  const std::string id = NewRun().id;
  const auto slow = Watch(id);
  const auto quick = Watch(id);
  EXPECT_EQ(NextState(*quick), RunState::kPending);
  Cancel(id);
  EXPECT_EQ(NextState(*quick), RunState::kCancelled);
  EXPECT_EQ(NextState(*slow), RunState::kCancelled);
  EXPECT_FALSE((*slow->Take()).has_value());
}

TEST_F(RunWatchesTest, ARunThatGoesOnIsReadAnewForWhoeverComes) {
  const std::string id = NewRun().id;
  const auto old = Watch(id);
  EXPECT_EQ(NextState(*old), RunState::kPending);
  Cancel(id);
  EXPECT_EQ(NextState(*old), RunState::kCancelled);
  Resume(id);
  const auto later = Watch(id);
  EXPECT_EQ(NextState(*later), RunState::kPending);
  EXPECT_FALSE((*old->Take()).has_value());
}

TEST_F(RunWatchesTest, AnUnknownRunIsNotFound) {
  const auto watcher = Watch("0190f5fe-3c2a-7b3e-9c41-5e1d2a3b4c5d");
  EXPECT_EQ(TakeNext(*watcher).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(RunWatchesTest, TheRunsOfARoundAreReadInOneTransaction) {
  std::vector<std::unique_ptr<RunWatches::Watcher>> watchers;
  const std::string id = NewRun().id;
  const std::string other = NewRun().id;
  for (int i = 0; i < 300; ++i) watchers.push_back(Watch(i % 2 == 0 ? id : other));
  for (const auto& watcher : watchers) EXPECT_EQ(NextState(*watcher), RunState::kPending);
  const int64_t before = watches_.reads();
  const absl::Time begun = absl::Now();
  Cancel(id);
  EXPECT_EQ(NextState(*watchers.front()), RunState::kCancelled);
  const double rounds = (absl::Now() - begun) / base::kWatchPoll + 2;
  EXPECT_LE(watches_.reads() - before, static_cast<int64_t>(2 * rounds)) << "two runs in each round";
}

TEST_F(RunWatchesTest, AShortFaultOfTheDatabaseEndsNoWatcher) {
  test::PlainSql owner(test::Postgres::Instance().OwnerUrl(url_));
  const std::string id = NewRun().id;
  const auto watcher = Watch(id);
  EXPECT_EQ(NextState(*watcher), RunState::kPending);
  owner.Must("ALTER TABLE runs RENAME TO runs_away");
  const int64_t before = watches_.reads();
  const absl::Time latest = absl::Now() + absl::Seconds(10);
  while (watches_.reads() < before + 3 && absl::Now() < latest) std::this_thread::yield();
  owner.Must("ALTER TABLE runs_away RENAME TO runs");
  EXPECT_GE(watches_.reads(), before + 3);
  Cancel(id);
  EXPECT_EQ(NextState(*watcher), RunState::kCancelled);
}

TEST_F(RunWatchesTest, WatchersAreWakedToLookAtTheirRightsAlsoWhereNothingChanges) {
  RunWatches watches(*core_, absl::Milliseconds(50));
  std::atomic<int> wakes = 0;
  const auto watcher = watches.Watch(NewRun().id, [&wakes] { ++wakes; });
  const absl::Time latest = absl::Now() + absl::Seconds(20);
  while (wakes < 3 && absl::Now() < latest) std::this_thread::yield();
  EXPECT_GE(wakes, 3);
}

TEST_F(RunWatchesTest, AStopEndsAllWatchersAndThoseWhoComeAfterIt) {
  const auto watcher = Watch(NewRun().id);
  EXPECT_EQ(NextState(*watcher), RunState::kPending);
  const int before = wakes_;
  watches_.Stop();
  EXPECT_EQ(wakes_, before + 1);
  EXPECT_EQ(watcher->Take().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Watch(NewRun().id)->Take().status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace invoice::app
