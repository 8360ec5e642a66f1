// All open connections: how many there are, of which addresses, what they hold, and which is the slowest where there is
// no room for more. Thread safe.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace invoice::gateway {

// Nanoseconds of a clock that only goes forward.
inline int64_t NowNanos() { return std::chrono::steady_clock::now().time_since_epoch().count(); }
inline constexpr int64_t kNever = INT64_MAX;

enum class Phase {
  kIdle,       // between requests
  kReading,    // a request comes in
  kWriting,    // the client takes an answer
  kStreaming,  // a stream waits for its next message
  kHandling,   // the handler works
};

// One connection as the table sees it.
class Seat {
 public:
  Seat(std::string address, bool exempt) : address(std::move(address)), exempt(exempt) {}
  virtual ~Seat() = default;

  // Each is called from any thread and only leaves work for the connection's own.
  virtual void Evict() = 0;
  virtual void Late() = 0;       // the deadline has passed
  virtual void BeginStop() = 0;  // finish what runs
  virtual void EndNow() = 0;     // end what still runs

  const std::string address;  // of the peer
  const bool exempt;          // from the bound of its address
  std::atomic<Phase> phase = Phase::kIdle;
  std::atomic<int64_t> since = NowNanos();  // of the phase, or of its last progress
  std::atomic<int64_t> deadline = kNever;
  std::atomic<size_t> held = 0;
};

class ConnectionTable {
 public:
  struct Limits {
    size_t connections;
    size_t of_address;
    size_t bytes;
  };

  explicit ConnectionTable(const Limits& limits) : limits_(limits) {}

  // Makes room by evicting slower connections, first of the same address. False where no connection can be evicted.
  bool Enter(Seat* seat);
  // The connection is closed; the seat still exists.
  void Leave(Seat* seat);

  // What the connection holds from now on. False where that is more than there is room for and no slower connection can
  // be evicted for it.
  bool Hold(Seat* seat, size_t bytes);

  // The descriptors ran out.
  void EvictSlowest();
  void CallLate(int64_t now);
  void ForEach(const std::function<void(Seat*)>& visit);
  int open() const;
  size_t held() const { return held_.load(std::memory_order_relaxed); }

  // Connection objects, closed or not.
  void Count(int change);
  bool WaitUntilGone(absl::Duration patience);

 private:
  using Seats = std::unordered_set<Seat*>;
  // Up to `count` of the slowest that may be evicted.
  static std::vector<Seat*> Slowest(const Seats& seats, size_t count);
  // Evicts connections that are slower than `seat` until the memory has some room again.
  bool FreeMemory(const Seat& seat) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Remove(Seat* seat) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool EvictSome(const Seats& seats, size_t count) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsGone() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return objects_ == 0; }

  const Limits limits_;
  mutable absl::Mutex mutex_;
  Seats seats_ ABSL_GUARDED_BY(mutex_);
  std::unordered_map<std::string, Seats> by_address_ ABSL_GUARDED_BY(mutex_);  // without exempt ones
  int objects_ ABSL_GUARDED_BY(mutex_) = 0;
  std::atomic<size_t> held_ = 0;
};

}  // namespace invoice::gateway
