#include "gateway/http/connection_watch.h"

#include <poll.h>
#include <sys/socket.h>

#include <utility>

#include "absl/time/clock.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

// After the handlers were told to end.
constexpr absl::Duration kLastWait = absl::Seconds(1);

bool HasData(int fd) {
  pollfd look{fd, POLLIN, 0};
  return poll(&look, 1, 0) == 1 && (look.revents & POLLIN) != 0;
}

bool IsGone(int fd) {
  pollfd look{fd, POLLRDHUP, 0};
  return poll(&look, 1, 0) == 1 && (look.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

}  // namespace

ConnectionWatch::Entry::Entry(ConnectionWatch& watch, int fd) : watch_(watch), fd_(fd), since_(absl::Now()) {
  absl::MutexLock lock(&watch_.mutex_);
  watch_.entries_.push_back(this);
}

ConnectionWatch::Entry::~Entry() {
  absl::MutexLock lock(&watch_.mutex_);
  watch_.entries_.remove(this);
}

void ConnectionWatch::Entry::SetPhase(Phase phase) {
  absl::MutexLock lock(&watch_.mutex_);
  phase_ = phase;
  since_ = absl::Now();
}

void ConnectionWatch::Entry::OnClientGone(std::function<void()> gone, bool endless) {
  absl::MutexLock lock(&watch_.mutex_);
  gone_ = std::move(gone);
  endless_ = endless;
}

ConnectionWatch::ConnectionWatch(int crowded_above)
    : crowded_above_(static_cast<size_t>(crowded_above)), thread_([this] { Run(); }) {}

ConnectionWatch::~ConnectionWatch() {
  {
    absl::MutexLock lock(&mutex_);
    finished_ = true;
  }
  thread_.join();
}

void ConnectionWatch::Run() {
  for (;;) {
    absl::MutexLock lock(&mutex_);
    const absl::Time now = absl::Now();
    for (Entry* entry : entries_) Look(*entry, now);
    if (mutex_.AwaitWithTimeout(absl::Condition(&finished_), kConnectionTick)) return;
  }
}

void ConnectionWatch::Look(Entry& entry, absl::Time now) {
  switch (entry.phase_) {
    case Phase::kIdle:
      // A request that just came in is answered first.
      if (ClosingLocked() && !HasData(entry.fd_)) shutdown(entry.fd_, SHUT_RDWR);
      return;
    case Phase::kReading:
      if (now - entry.since_ > kRequestReadWait) shutdown(entry.fd_, SHUT_RDWR);
      return;
    case Phase::kHandling:
      if (entry.gone_ && ((entry.endless_ && stopping_) || IsGone(entry.fd_))) std::exchange(entry.gone_, nullptr)();
      return;
  }
}

bool ConnectionWatch::Stop(absl::Duration patience) {
  absl::MutexLock lock(&mutex_);
  stopping_ = true;
  if (mutex_.AwaitWithTimeout(absl::Condition(this, &ConnectionWatch::Empty), patience)) return true;
  for (Entry* entry : entries_) {
    if (entry->gone_) std::exchange(entry->gone_, nullptr)();
    shutdown(entry->fd_, SHUT_RDWR);
  }
  mutex_.AwaitWithTimeout(absl::Condition(this, &ConnectionWatch::Empty), kLastWait);
  return false;
}

bool ConnectionWatch::Closing() const {
  absl::MutexLock lock(&mutex_);
  return ClosingLocked();
}

int ConnectionWatch::open() const {
  absl::MutexLock lock(&mutex_);
  return static_cast<int>(entries_.size());
}

}  // namespace invoice::gateway
