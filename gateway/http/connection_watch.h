// Looks at all open connections a few times a second: ends those that take too long to send a request, tells the
// handler when its client is gone, and closes idle ones where threads run short or the server stops. Thread safe.
#pragma once

#include <functional>
#include <list>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace invoice::gateway {

class ConnectionWatch {
 public:
  enum class Phase {
    kIdle,      // before its first request, or between two
    kReading,   // a request is coming in
    kHandling,  // the handler has it
  };

  // With more open connections than that, none is kept idle.
  explicit ConnectionWatch(int crowded_above);
  ~ConnectionWatch();

  // One connection, from its first byte to just before its socket is closed.
  class Entry {
   public:
    Entry(ConnectionWatch& watch, int fd);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    void SetPhase(Phase phase);
    // See Exchange.
    void OnClientGone(std::function<void()> gone, bool endless);

   private:
    friend class ConnectionWatch;
    ConnectionWatch& watch_;
    const int fd_;
    Phase phase_ = Phase::kIdle;
    absl::Time since_;
    std::function<void()> gone_;
    bool endless_ = false;
  };

  // From now on idle connections are closed, endless answers ended and no connection is kept. Waits until all are gone,
  // at most `patience`; then ends what still runs. False where something had to be ended.
  bool Stop(absl::Duration patience);
  // Whether a connection should be closed after its answer.
  bool Closing() const;
  int open() const;

 private:
  void Run();
  void Look(Entry& entry, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool ClosingLocked() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_ || entries_.size() > crowded_above_;
  }
  bool Empty() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return entries_.empty(); }

  const size_t crowded_above_;
  mutable absl::Mutex mutex_;
  std::list<Entry*> entries_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace invoice::gateway
