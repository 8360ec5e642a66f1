#include "gateway/http/connection_table.h"

#include <algorithm>
#include <utility>

#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

// Whether a connection may be closed to make room, and among those, which goes first: a stream is somebody's open page.
int RankOf(Phase phase) {
  switch (phase) {
    case Phase::kIdle:
    case Phase::kReading:
    case Phase::kWriting:
      return 0;
    case Phase::kStreaming:
      return 1;
    case Phase::kHandling:
      return 2;
  }
  return 2;
}

constexpr int kNotEvictedRank = 2;

std::pair<int, int64_t> OrderOf(const Seat& seat) {
  return {RankOf(seat.phase.load(std::memory_order_relaxed)), seat.since.load(std::memory_order_relaxed)};
}

}  // namespace

std::vector<Seat*> ConnectionTable::Slowest(const Seats& seats, size_t count) {
  std::vector<std::pair<std::pair<int, int64_t>, Seat*>> found;
  for (Seat* seat : seats) {
    if (const auto order = OrderOf(*seat); order.first < kNotEvictedRank) found.emplace_back(order, seat);
  }
  count = std::min(count, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count), found.end());
  std::vector<Seat*> slowest;
  for (size_t i = 0; i < count; ++i) slowest.push_back(found[i].second);
  return slowest;
}

void ConnectionTable::Remove(Seat* seat) {
  if (seats_.erase(seat) == 0) return;
  held_.fetch_sub(seat->held.exchange(0));
  if (seat->exempt) return;
  const auto found = by_address_.find(seat->address);
  found->second.erase(seat);
  if (found->second.empty()) by_address_.erase(found);
}

bool ConnectionTable::EvictSome(const Seats& seats, size_t count) {
  const std::vector<Seat*> slowest = Slowest(seats, count);
  for (Seat* seat : slowest) {
    Remove(seat);
    seat->Evict();
  }
  return !slowest.empty();
}

bool ConnectionTable::Enter(Seat* seat) {
  absl::MutexLock lock(&mutex_);
  if (!seat->exempt) {
    const auto same = by_address_.find(seat->address);
    if (same != by_address_.end() && same->second.size() >= limits_.of_address) {
      if (!EvictSome(same->second, 1)) return false;
    }
  }
  if (seats_.size() >= limits_.connections && !EvictSome(seats_, kEvictedAtOnce)) return false;
  seats_.insert(seat);
  if (!seat->exempt) by_address_[seat->address].insert(seat);
  return true;
}

void ConnectionTable::Leave(Seat* seat) {
  absl::MutexLock lock(&mutex_);
  Remove(seat);
  held_.fetch_sub(seat->held.exchange(0));  // of one that was evicted and did not know it yet
}

bool ConnectionTable::Hold(Seat* seat, size_t bytes) {
  const size_t before = seat->held.exchange(bytes);
  const size_t total = held_.fetch_add(bytes - before) + (bytes - before);  // modulo 2^64, as it must
  if (bytes <= before || bytes <= kAlwaysHeldBytes || total <= limits_.bytes) return true;
  absl::MutexLock lock(&mutex_);
  if (seats_.count(seat) == 0) return false;  // it was evicted and does not know it yet
  return FreeMemory(*seat);
}

bool ConnectionTable::FreeMemory(const Seat& seat) {
  Seats holders;
  for (Seat* other : seats_) {
    const bool holds = other->held.load(std::memory_order_relaxed) > 0;
    if (holds && OrderOf(*other) < OrderOf(seat)) holders.insert(other);
  }
  // A little more than is needed, so that not every further byte searches again.
  const size_t wanted = limits_.bytes - limits_.bytes / 64;
  for (Seat* slow : Slowest(holders, holders.size())) {
    if (held_.load() <= wanted) break;
    Remove(slow);
    slow->Evict();
  }
  return held_.load() <= limits_.bytes;
}

void ConnectionTable::EvictSlowest() {
  absl::MutexLock lock(&mutex_);
  EvictSome(seats_, kEvictedAtOnce);
}

void ConnectionTable::CallLate(int64_t now) {
  absl::MutexLock lock(&mutex_);
  for (Seat* seat : seats_) {
    if (seat->deadline.load(std::memory_order_relaxed) <= now) seat->Late();
  }
}

void ConnectionTable::ForEach(const std::function<void(Seat*)>& visit) {
  absl::MutexLock lock(&mutex_);
  for (Seat* seat : seats_) visit(seat);
}

int ConnectionTable::open() const {
  absl::MutexLock lock(&mutex_);
  return static_cast<int>(seats_.size());
}

void ConnectionTable::Count(int change) {
  absl::MutexLock lock(&mutex_);
  objects_ += change;
}

bool ConnectionTable::WaitUntilGone(absl::Duration patience) {
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(this, &ConnectionTable::IsGone), patience);
}

}  // namespace invoice::gateway
