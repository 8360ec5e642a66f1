#include "base/shutdown.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "base/log.h"

namespace invoice::base {
namespace {

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

int CheckedFd(int fd, const char* what) {
  if (fd >= 0) return fd;
  std::perror(what);
  std::abort();
}

}  // namespace

ShutdownSignal::ShutdownSignal() {
  signal(SIGPIPE, SIG_IGN);
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal_fd_ = CheckedFd(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd");
  wake_fd_ = CheckedFd(eventfd(0, EFD_CLOEXEC), "eventfd");
  watcher_ = std::thread([this] { Watch(); });
}

ShutdownSignal::~ShutdownSignal() {
  Request();
  watcher_.join();
  close(wake_fd_);
  close(signal_fd_);
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

bool ShutdownSignal::Wait(absl::Duration timeout) const { return requested_.WaitForNotificationWithTimeout(timeout); }

void ShutdownSignal::Wait() const { requested_.WaitForNotification(); }

void ShutdownSignal::Request() {
  const uint64_t one = 1;
  // An eventfd takes a write of one for ever, so there is nothing to retry.
  [[maybe_unused]] const ssize_t written = write(wake_fd_, &one, sizeof one);
}

void ShutdownSignal::Watch() {
  pollfd fds[] = {{signal_fd_, POLLIN, 0}, {wake_fd_, POLLIN, 0}};
  while (poll(fds, 2, -1) < 0 && errno == EINTR) {
  }
  signalfd_siginfo info;
  const ssize_t info_read = read(signal_fd_, &info, sizeof info);
  if (info_read == sizeof info) {
    Log(Level::kInfo, "stopping", {{"signal", static_cast<int64_t>(info.ssi_signo)}});
  }
  const bool by_signal = info_read == sizeof info;
  stop_.request_stop();
  requested_.Notify();
  if (by_signal) EndLate();
}

// Waits for the destructor, which writes to the eventfd, and ends the process where it does not come.
void ShutdownSignal::EndLate() {
  pollfd done{wake_fd_, POLLIN, 0};
  const absl::Time latest = absl::Now() + kStopLimit;
  for (absl::Duration left = kStopLimit; left > absl::ZeroDuration(); left = latest - absl::Now()) {
    const int ready = poll(&done, 1, static_cast<int>(absl::ToInt64Milliseconds(left)) + 1);
    if (ready > 0) return;
    if (ready < 0 && errno != EINTR) return;
  }
  Log(Level::kError, "stopped_late");
  std::_Exit(1);
}

}  // namespace invoice::base
