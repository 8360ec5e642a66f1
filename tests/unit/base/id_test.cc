#include "base/id.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace invoice::base {
namespace {

int64_t MillisOf(const std::string& id) {
  return static_cast<int64_t>(std::stoull(id.substr(0, 8) + id.substr(9, 4), nullptr, 16));
}

TEST(NewId, HasTheFormOfVersion7) {
  const SystemClock clock;
  const std::string id = NewId(clock);
  EXPECT_TRUE(IsId(id)) << id;
  EXPECT_EQ(id[14], '7');
  EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos) << id;
}

TEST(NewId, CarriesTheTimeOfTheClock) {
  // Later than any other id of this process, so that order cannot push it on.
  const absl::Time now = absl::FromUnixMillis(4'000'000'000'123);
  EXPECT_EQ(MillisOf(NewId(FakeClock(now))), 4'000'000'000'123);
}

TEST(NewId, GrowsWhileTheClockStandsStillOrGoesBack) {
  FakeClock clock(absl::FromUnixSeconds(4'100'000'000));
  std::string last = NewId(clock);
  for (int i = 0; i < 10000; ++i) {
    if (i == 5000) clock.Advance(-absl::Hours(1));
    const std::string next = NewId(clock);
    ASSERT_LT(last, next);
    last = next;
  }
}

TEST(NewId, IsUniqueOverThreads) {
  const SystemClock clock;
  std::mutex mutex;
  std::set<std::string> all;
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      std::vector<std::string> own;
      own.reserve(2000);
      for (int i = 0; i < 2000; ++i) own.push_back(NewId(clock));
      EXPECT_TRUE(std::is_sorted(own.begin(), own.end()));
      const std::lock_guard lock(mutex);
      all.insert(own.begin(), own.end());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(all.size(), 8000u);
}

TEST(IsId, AcceptsTheOneSpellingOnly) {
  EXPECT_TRUE(IsId("0190f5fe-3c2a-7b3e-9c41-5e1d2a3b4c5d"));
  EXPECT_TRUE(IsId("00000000-0000-0000-0000-000000000000"));
  for (const char* text : {"", "0190F5FE-3c2a-7b3e-9c41-5e1d2a3b4c5d", "0190f5fe3c2a7b3e9c415e1d2a3b4c5d",
                           "{0190f5fe-3c2a-7b3e-9c41-5e1d2a3b4c5d}", "0190f5fe-3c2a-7b3e-9c41-5e1d2a3b4c5",
                           "0190f5fe-3c2a-7b3e-9c41-5e1d2a3b4c5g", "0190f5fe-3c2a-7b3e-9c415-e1d2a3b4c5d"}) {
    EXPECT_FALSE(IsId(text)) << text;
  }
}

}  // namespace
}  // namespace invoice::base
