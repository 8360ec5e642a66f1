#include "gateway/io/io_threads.h"

#include <gmock/gmock.h>

#include <boost/asio/post.hpp>
#include <stdexcept>

#include "absl/synchronization/notification.h"

namespace invoice::gateway {
namespace {

TEST(IoThreads, EachRunsItsOwnLoop) {
  IoThreads io(2);
  EXPECT_EQ(io.count(), 2);
  EXPECT_EQ(io.Current(), -1);
  const IoThreads other(1);
  for (int i = 0; i < 2; ++i) {
    absl::Notification done;
    boost::asio::post(io.loop(i), [&] {
      EXPECT_EQ(io.Current(), i);
      EXPECT_EQ(other.Current(), -1);
      done.Notify();
    });
    ASSERT_TRUE(done.WaitForNotificationWithTimeout(absl::Seconds(10)));
  }
}

TEST(IoThreads, WhatIsThrownEndsNoThread) {
  IoThreads io(1);
  boost::asio::post(io.loop(0), [] { throw std::runtime_error("of a test"); });
  absl::Notification done;
  boost::asio::post(io.loop(0), [&] { done.Notify(); });
  EXPECT_TRUE(done.WaitForNotificationWithTimeout(absl::Seconds(10)));
}

TEST(IoThreads, StopRunsWhatIsQueued) {
  IoThreads io(2);
  absl::Notification begun;
  absl::Notification go_on;
  int runs = 0;
  boost::asio::post(io.loop(1), [&] {
    begun.Notify();
    go_on.WaitForNotification();
  });
  begun.WaitForNotification();
  boost::asio::post(io.loop(1), [&] {
    ++runs;
    boost::asio::post(io.loop(0), [&] { ++runs; });
  });
  go_on.Notify();
  io.Stop();
  EXPECT_EQ(runs, 2);
}

}  // namespace
}  // namespace invoice::gateway
