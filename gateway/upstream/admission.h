// Which calls may begin: so many at a time, some more wait for their turn, all others are refused. Thread safe.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "gateway/upstream/upstream.h"

namespace invoice::gateway {

class Rpc;

class Admission {
 public:
  enum class Turn { kNow, kLater, kNever };

  explicit Admission(const Backend::Limits& limits) : limits_(limits) {}

  // Every call enters once and leaves once, after its last callback. Those of kLater are given out by Leave() or
  // TakeLate(), or taken back by Withdraw().
  Turn Enter(const std::shared_ptr<Rpc>& rpc);
  // Gives those whose turn it is now.
  std::vector<std::shared_ptr<Rpc>> Leave(const Rpc& rpc);

  // True where the call was still waiting, and now is not.
  bool Withdraw(const Rpc* rpc);
  // Those that waited too long by now.
  std::vector<std::shared_ptr<Rpc>> TakeLate(int64_t now);
  // When the next one will have waited too long, or 0.
  int64_t NextLate() const;

  // From now on none begins; gives those that wait.
  std::vector<std::shared_ptr<Rpc>> Stop();
  // Until all that entered have left.
  void WaitUntilEmpty();

 private:
  bool Empty() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return entered_ == 0; }

  const Backend::Limits limits_;
  mutable absl::Mutex mutex_;
  int entered_ ABSL_GUARDED_BY(mutex_) = 0;
  int under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  int streams_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<std::shared_ptr<Rpc>> waiting_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace invoice::gateway
