#include "rpc/readiness.h"

#include <gmock/gmock.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <utility>

#include "absl/synchronization/notification.h"
#include "rpc/limits.h"

namespace invoice::rpc {
namespace {

using ::testing::HasSubstr;

TEST(SharedReadiness, AThousandCallersShareOneProbe) {
  base::Metrics metrics;
  absl::Notification go_on;
  std::atomic<int> probes = 0;
  SharedReadiness readiness(
      [&] {
        ++probes;
        go_on.WaitForNotification();
        return Readiness{.ready = true, .version = "7"};
      },
      metrics);
  std::atomic<int> asked = 0, good = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 100; ++i) {
    callers.emplace_back([&] {
      for (int k = 0; k < 10; ++k) {
        ++asked;
        if (readiness.Get().version == "7") ++good;
      }
    });
  }
  while (asked < 100) std::this_thread::yield();
  EXPECT_EQ(probes, 1);
  const absl::Time begun = absl::Now();
  go_on.Notify();
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(good, 1000);
  EXPECT_LE(probes, 2 + (absl::Now() - begun) / kReadinessKeep);
  EXPECT_THAT(metrics.Serialize(), HasSubstr("invoice_readiness_probes_total " + std::to_string(probes)));
}

TEST(SharedReadiness, AnAnswerIsNotKeptForLong) {
  base::Metrics metrics;
  std::atomic<bool> ready = true;
  SharedReadiness readiness([&] { return Readiness{.ready = ready}; }, metrics);
  EXPECT_TRUE(readiness.Get().ready);
  ready = false;
  const absl::Time changed = absl::Now();
  while (readiness.Get().ready && absl::Now() < changed + absl::Seconds(20)) std::this_thread::yield();
  EXPECT_FALSE(readiness.Get().ready);
}

TEST(SharedReadiness, AProbeThatThrowsDoesNotHoldOthers) {
  base::Metrics metrics;
  bool throws = true;
  SharedReadiness readiness(
      [&] {
        if (std::exchange(throws, false)) throw std::runtime_error("no memory");
        return Readiness{.ready = true};
      },
      metrics);
  EXPECT_THROW(readiness.Get(), std::runtime_error);
  EXPECT_TRUE(readiness.Get().ready);
}

}  // namespace
}  // namespace invoice::rpc
