// SIGTERM and SIGINT as an event to wait for. Make one in main before any other thread starts: it blocks both signals
// for the threads that come after, and SIGPIPE for the process. One at a time. Thread safe.
#pragma once

#include <stop_token>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace invoice::base {

// A process that is still there kStopLimit after a signal is ended: what it left half done is what leases and
// transactions are for.
inline constexpr absl::Duration kStopLimit = absl::Milliseconds(9500);

class ShutdownSignal {
 public:
  ShutdownSignal();
  ~ShutdownSignal();
  ShutdownSignal(const ShutdownSignal&) = delete;
  ShutdownSignal& operator=(const ShutdownSignal&) = delete;

  // True as soon as a signal came or Request() was called, false after `timeout`.
  bool Wait(absl::Duration timeout) const;
  // Waits without end.
  void Wait() const;
  bool Requested() const { return requested_.HasBeenNotified(); }
  // The same as a signal, from within.
  void Request();
  // For loops and condition variables that know std::stop_token.
  std::stop_token stop_token() const { return stop_.get_token(); }

 private:
  void Watch();
  void EndLate();

  absl::Notification requested_;
  std::stop_source stop_;
  int signal_fd_;
  int wake_fd_;
  std::thread watcher_;
};

}  // namespace invoice::base
