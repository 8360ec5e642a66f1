// Runs background work from the job table: leases jobs, renews the leases while their handlers run, hands back what it
// has not begun when it stops. A handler ends its job itself, in the transaction of the work's effect; one that fails
// is tried again with back-off. Several workers may run, in one process or many.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "base/metrics.h"
#include "store/database.h"
#include "store/jobs.h"
#include "store/listener.h"

namespace invoice::jobs {

// How jobs of one kind are done.
struct Handler {
  // OK: the job was finished, or put off, in the handler's own transaction. INVALID_ARGUMENT, FAILED_PRECONDITION,
  // NOT_FOUND and DATA_LOSS are not tried again. A lost session or lock, a statement that took too long and a worker
  // that ended are tried again up to base::kMaxJobInterruptions times, any other failure up to base::kMaxJobAttempts
  // times. Only a transaction that could not be begun does not count: the job cannot be the reason.
  std::function<absl::Status(const store::Job&)> run;
  // Writes to the subject that the job is given up; may be empty. The job is marked as failed after it.
  std::function<absl::Status(const store::Job&, const absl::Status&)> give_up;
  // Above 1: so many jobs of the kind are done together by `run_all`, and `run` is not asked. `ended` is to be called
  // once for each job, on any thread, with what `run` would answer; but for those given to `hand_back`, which were not
  // begun.
  int batch = 1;
  // So many threads at a time may be busy with the kind, at least one; 0: all of them. For work that waits for others:
  // one thread at least is left for what is awaited, and for runs.
  int most_threads = 0;
  std::function<void(const std::vector<store::Job>& jobs,
                     const std::function<void(const store::Job&, const absl::Status&)>& ended,
                     const std::function<void(const std::vector<store::Job>&)>& hand_back)>
      run_all;
};

struct WorkerOptions {
  std::string name;  // in the lease, for people: "host:pid"
  std::string url;   // of the database, for notifications
  int threads = 4;
};

class Worker {
 public:
  Worker(store::Database& database, base::Metrics& metrics, WorkerOptions options,
         std::map<std::string, Handler> handlers);
  ~Worker();

  // Works until Stop() is called from another thread.
  void Run();
  // Fetches no more, hands back what was not begun, and returns when running handlers have ended or `wait` is over;
  // false in that case: their leases run out and another worker takes over.
  bool Stop(absl::Duration wait);

 private:
  void Fetch();
  void Execute();
  void RenewLeases();
  void RunOne(const Handler& handler, const store::Job& job);
  void RunTogether(const Handler& handler, const store::Job& first);
  std::vector<store::Job> TakeAlong(const Handler& handler, const store::Job& first);
  void End(const store::Job& job, absl::Time started_at, const absl::Status& status);
  void HandBack(const std::vector<store::Job>& jobs);
  void EndFailed(const store::Job& job, const absl::Status& status);
  void GiveUp(const store::Job& job, const absl::Status& status);
  absl::Status Renew(const std::vector<store::Job>& jobs);
  std::vector<std::string> Held();
  void GiveBack(const std::vector<store::Job>& jobs);
  // What may be fetched now.
  struct Room {
    int places = 0;                 // below zero: it is stopping
    std::vector<std::string> full;  // kinds that have all their threads
  };
  Room FindRoom();
  std::vector<store::Job> FetchFor(const Room& room, absl::Duration* pause);
  void WaitForPlace();

  store::Database& database_;
  base::Metrics& metrics_;
  const WorkerOptions options_;
  const std::map<std::string, Handler> handlers_;
  store::Listener listener_;

  absl::Mutex mutex_;
  std::deque<store::Job> waiting_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, store::Job> running_ ABSL_GUARDED_BY(mutex_);  // by id
  int busy_ ABSL_GUARDED_BY(mutex_) = 0;                               // threads
  std::map<std::string, int> busy_with_ ABSL_GUARDED_BY(mutex_);       // threads by kind
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace invoice::jobs
