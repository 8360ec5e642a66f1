// Signals through a Redis server. A call waits at most kCallTimeout for the server (a name is looked up besides when
// connecting); after a failure the server is left alone for a growing while, so a dead Redis costs nothing. Thread
// safe: one connection behind a mutex.
#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "redis/redis_url.h"
#include "redis/signals.h"

namespace Poco::Redis {
class Client;
class Array;
}  // namespace Poco::Redis

namespace invoice::redis {

inline constexpr absl::Duration kCallTimeout = absl::Milliseconds(200);
inline constexpr absl::Duration kFirstBackOff = absl::Milliseconds(100);
inline constexpr absl::Duration kLongestBackOff = absl::Seconds(5);
// Longer texts are not sent: a signal says that something is there, not what.
inline constexpr size_t kMaxTextBytes = 16 * 1024;

class RedisSignals : public Signals {
 public:
  explicit RedisSignals(RedisAddress address);
  ~RedisSignals() override;

  bool Ping() override ABSL_LOCKS_EXCLUDED(mutex_);
  void Publish(std::string_view channel, std::string_view text) override ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // Runs a command; false where Redis is away. Reconnects when it is time to.
  bool Run(const Poco::Redis::Array& command) ABSL_LOCKS_EXCLUDED(mutex_);
  void EnsureConnected(std::chrono::steady_clock::time_point deadline) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Fail() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const RedisAddress address_;
  absl::Mutex mutex_;
  std::unique_ptr<Poco::Redis::Client> client_ ABSL_GUARDED_BY(mutex_);
  absl::Duration back_off_ ABSL_GUARDED_BY(mutex_) = kFirstBackOff;
  std::chrono::steady_clock::time_point not_before_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace invoice::redis
