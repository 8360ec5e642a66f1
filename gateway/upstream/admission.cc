#include "gateway/upstream/admission.h"

#include <utility>

#include "gateway/upstream/rpc.h"

namespace invoice::gateway {

Admission::Turn Admission::Enter(const std::shared_ptr<Rpc>& rpc) {
  absl::MutexLock lock(&mutex_);
  ++entered_;
  if (stopping_) return Turn::kNever;
  switch (rpc->kind) {
    case RpcKind::kUrgent:
      break;
    case RpcKind::kStream:
      if (streams_ >= limits_.streams) return Turn::kNever;
      ++streams_;
      break;
    case RpcKind::kUnary:
      if (under_way_ >= limits_.under_way) {
        if (waiting_.size() >= static_cast<size_t>(limits_.waiting)) return Turn::kNever;
        rpc->waiting_until = SteadyNanos() + absl::ToInt64Nanoseconds(limits_.wait);
        waiting_.push_back(rpc);
        return Turn::kLater;
      }
      ++under_way_;
      break;
  }
  rpc->admitted = true;
  return Turn::kNow;
}

std::vector<std::shared_ptr<Rpc>> Admission::Leave(const Rpc& rpc) {
  std::vector<std::shared_ptr<Rpc>> turns;
  absl::MutexLock lock(&mutex_);
  --entered_;
  if (rpc.admitted && rpc.kind == RpcKind::kStream) --streams_;
  if (rpc.admitted && rpc.kind == RpcKind::kUnary) --under_way_;
  while (!stopping_ && !waiting_.empty() && under_way_ < limits_.under_way) {
    ++under_way_;
    waiting_.front()->admitted = true;
    turns.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return turns;
}

bool Admission::Withdraw(const Rpc* rpc) {
  absl::MutexLock lock(&mutex_);
  for (auto waiter = waiting_.begin(); waiter != waiting_.end(); ++waiter) {
    if (waiter->get() != rpc) continue;
    waiting_.erase(waiter);
    return true;
  }
  return false;
}

std::vector<std::shared_ptr<Rpc>> Admission::TakeLate(int64_t now) {
  std::vector<std::shared_ptr<Rpc>> late;
  absl::MutexLock lock(&mutex_);
  while (!waiting_.empty() && waiting_.front()->waiting_until <= now) {
    late.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return late;
}

int64_t Admission::NextLate() const {
  absl::MutexLock lock(&mutex_);
  return waiting_.empty() ? 0 : waiting_.front()->waiting_until;
}

std::vector<std::shared_ptr<Rpc>> Admission::Stop() {
  absl::MutexLock lock(&mutex_);
  stopping_ = true;
  const std::deque<std::shared_ptr<Rpc>> waiting = std::exchange(waiting_, {});
  return {waiting.begin(), waiting.end()};
}

void Admission::WaitUntilEmpty() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(this, &Admission::Empty));
}

}  // namespace invoice::gateway
