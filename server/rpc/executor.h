// Threads that grow with the work to a bound, and a bounded queue in front of them. A thread without work for a minute
// ends, but for a few. Thread safe.
#pragma once

#include <Poco/Runnable.h>
#include <Poco/ThreadPool.h>

#include <cstddef>
#include <deque>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace invoice::rpc {

class Executor {
 public:
  class Task {
   public:
    virtual ~Task() = default;
    // Must not throw.
    virtual void Run() = 0;
  };

  // `max_queued` tasks wait where all threads are busy.
  Executor(int max_threads, size_t max_queued);
  // Runs what is queued to its end.
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // Runs the task once, soon. False where all threads are busy and it `may_wait` not, or the queue is full: it then
  // does not run.
  bool Start(Task& task, bool may_wait = true);

 private:
  // A thread without work. The last one that became idle is the first to get a task.
  struct Idle {
    Task* task = nullptr;
    absl::CondVar given;
  };
  class Worker final : public Poco::Runnable {
   public:
    explicit Worker(Executor& executor) : executor_(executor) {}
    void run() override { executor_.Work(); }

   private:
    Executor& executor_;
  };

  void Work();
  // None: the thread ends.
  Task* NextTask(bool is_first);
  bool AddThread() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const int max_threads_;
  const size_t max_queued_;
  Worker worker_{*this};
  absl::Mutex mutex_;
  std::deque<Task*> queue_ ABSL_GUARDED_BY(mutex_);
  std::vector<Idle*> idle_ ABSL_GUARDED_BY(mutex_);
  int count_ ABSL_GUARDED_BY(mutex_) = 0;  // of threads
  int busy_ ABSL_GUARDED_BY(mutex_) = 0;   // of them, that run a task or were given one
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  Poco::ThreadPool threads_;
};

}  // namespace invoice::rpc
