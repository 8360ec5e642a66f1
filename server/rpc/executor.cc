#include "rpc/executor.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <utility>

#include "absl/time/time.h"

namespace invoice::rpc {
namespace {

constexpr int kKeptThreads = 4;
constexpr int kLeavingThreads = 32;  // that have ended here, but not yet in the pool
constexpr absl::Duration kIdleWait = absl::Seconds(60);

}  // namespace

Executor::Executor(int max_threads, size_t max_queued)
    : max_threads_(max_threads),
      max_queued_(max_queued),
      threads_(1, max_threads + kLeavingThreads, static_cast<int>(absl::ToInt64Seconds(kIdleWait))) {
  // With one thread that never ends, whatever is queued is run.
  const absl::MutexLock lock(&mutex_);
  AddThread();
}

Executor::~Executor() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
    for (Idle* idle : idle_) idle->given.Signal();
  }
  threads_.joinAll();
}

bool Executor::Start(Task& task, bool may_wait) {
  const absl::MutexLock lock(&mutex_);
  if (!idle_.empty()) {
    Idle* const idle = idle_.back();
    idle_.pop_back();
    idle->task = &task;
    idle->given.Signal();
    ++busy_;
    return true;
  }
  // Threads that begin take their tasks from the queue.
  const auto beginning = static_cast<size_t>(count_ - busy_);
  const bool has_thread = beginning > queue_.size() || (count_ < max_threads_ && AddThread());
  if (!has_thread && (!may_wait || queue_.size() >= beginning + max_queued_)) return false;
  queue_.push_back(&task);
  return true;
}

bool Executor::AddThread() {
  try {
    threads_.start(worker_);
  } catch (const Poco::Exception&) {
    return false;
  }
  ++count_;
  return true;
}

void Executor::Work() {
  Task* task = NextTask(/*is_first=*/true);
  while (task != nullptr) {
    task->Run();
    task = NextTask(/*is_first=*/false);
  }
}

Executor::Task* Executor::NextTask(bool is_first) {
  const absl::MutexLock lock(&mutex_);
  if (!is_first) --busy_;
  if (!queue_.empty()) {
    Task* const task = queue_.front();
    queue_.pop_front();
    ++busy_;
    return task;
  }
  Idle idle;
  if (!stopping_) idle_.push_back(&idle);
  while (!stopping_ && idle.task == nullptr) {
    const bool late = idle.given.WaitWithTimeout(&mutex_, kIdleWait);
    if (late && idle.task == nullptr && count_ > kKeptThreads) break;
  }
  if (idle.task == nullptr) {
    std::erase(idle_, &idle);
    --count_;
  }
  return idle.task;
}

}  // namespace invoice::rpc
