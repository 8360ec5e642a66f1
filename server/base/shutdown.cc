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
  if (read(signal_fd_, &info, sizeof info) == sizeof info) {
    Log(Level::kInfo, "stopping", {{"signal", static_cast<int64_t>(info.ssi_signo)}});
  }
  stop_.request_stop();
  requested_.Notify();
}

}  // namespace invoice::base
