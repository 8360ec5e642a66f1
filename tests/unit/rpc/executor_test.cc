#include "rpc/executor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"

namespace invoice::rpc {
namespace {

class Work final : public Executor::Task {
 public:
  explicit Work(std::function<void()> work) : work_(std::move(work)) {}
  void Run() override { work_(); }

 private:
  const std::function<void()> work_;
};

TEST(Executor, RunsSoManyAtATimeAndQueuesSoMany) {
  absl::Notification go_on;
  absl::BlockingCounter begun(3);
  std::atomic<int> done = 0;
  Work blocking([&] {
    begun.DecrementCount();
    go_on.WaitForNotification();
    ++done;
  });
  Work quick([&] { ++done; });
  {
    Executor executor(3, 2);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(executor.Start(blocking));
    begun.Wait();
    EXPECT_FALSE(executor.Start(quick, /*may_wait=*/false));
    EXPECT_TRUE(executor.Start(quick));
    EXPECT_TRUE(executor.Start(quick));
    EXPECT_FALSE(executor.Start(quick)) << "the queue is full";
    EXPECT_EQ(done, 0);
    go_on.Notify();
  }
  EXPECT_EQ(done, 5) << "what is queued is run before the end";
}

TEST(Executor, ManyTasksFromManyThreadsAreAllRun) {
  constexpr int kEach = 20'000;
  std::atomic<int> done = 0;
  Work task([&] { ++done; });
  {
    Executor executor(4, 4 * kEach);
    std::vector<std::thread> starters;
    for (int i = 0; i < 4; ++i) {
      starters.emplace_back([&] {
        for (int k = 0; k < kEach; ++k) ASSERT_TRUE(executor.Start(task));
      });
    }
    for (std::thread& starter : starters) starter.join();
  }
  EXPECT_EQ(done, 4 * kEach);
}

TEST(Executor, ATaskMayStartItself) {
  std::atomic<int> left = 10'000;
  absl::Notification done;
  Executor executor(2, 1);
  std::function<void()> next;
  Work task([&] { next(); });
  next = [&] {
    if (--left == 0) return done.Notify();
    EXPECT_TRUE(executor.Start(task));
  };
  ASSERT_TRUE(executor.Start(task));
  EXPECT_TRUE(done.WaitForNotificationWithTimeout(absl::Seconds(60)));
}

}  // namespace
}  // namespace invoice::rpc
