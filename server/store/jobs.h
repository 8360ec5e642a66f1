// The job table: what is to be done in the background, and who holds it. A job is a kind and a subject; `attempt` is
// the fence: every write names the attempt it belongs to, so a worker whose lease ran out can no longer change
// anything. Belongs to the transaction it was made with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/clock.h"
#include "store/database.h"

namespace invoice::store {

// Who waits for a job: the queue it stands in. A worker empties the first before it looks at the next.
enum class Urgency {
  kAwaited = 0,    // a person: one invoice, one resend
  kRun = 1,        // a run's own work: its invoices are the promise
  kDocument = 2,   // nobody yet: documents of a run
  kFollowing = 3,  // other people's servers: emails of a run
};

struct Job {
  std::string id;
  std::string kind;
  std::string subject_id;
  int attempt = 0;
  int failure_count = 0;  // attempts that ended in a fault of the work; what was put off does not count
};

class Jobs {
 public:
  explicit Jobs(Transaction& transaction) : transaction_(transaction) {}

  struct NewJob {
    std::string kind;
    std::string subject_id;
    Urgency urgency = Urgency::kAwaited;
  };
  // Due at once. One job for each (kind, subject): a second one only brings the first forward.
  absl::Status Enqueue(const base::Clock& clock, const NewJob& job);
  // Jobs of subjects that are new in this transaction, due at once.
  absl::Status EnqueueAll(const base::Clock& clock, const std::vector<NewJob>& jobs);
  // The same of subjects that may have one, whose job is then only brought forward.
  absl::Status EnqueueAgain(const base::Clock& clock, const std::vector<NewJob>& jobs);
  // Up to `limit` jobs that are due, leased to `worker`; jobs whose lease ran out are among them, but for those in
  // `held`, which the worker still has in hand, and those of the kinds in `full`, which it has enough of; then nothing
  // of the last queue is looked for, where such jobs stand in thousands.
  absl::StatusOr<std::vector<Job>> Fetch(const std::string& worker, int limit, absl::Duration lease,
                                         const std::vector<std::string>& held = {},
                                         const std::vector<std::string>& full = {});
  // Up to `limit` more jobs of one kind, of those that will come up soon, for a worker that does many of them together.
  absl::StatusOr<std::vector<Job>> FetchKind(const std::string& worker, const std::string& kind, int limit,
                                             absl::Duration lease);
  // Makes the leases longer that are still ours; how many.
  absl::StatusOr<int64_t> RenewAll(const std::vector<Job>& jobs, absl::Duration lease);
  // Holds the job's row until the end of the transaction; ABORTED where the lease is no longer ours.
  absl::Status HoldFence(const Job& job);

  // The ends of an attempt; nothing happens where the lease is no longer ours.
  absl::Status Finish(const Job& job);
  absl::Status PutOff(const Job& job, absl::Duration delay, const std::string& why);
  absl::Status Retry(const Job& job, absl::Duration delay, const std::string& error);
  absl::Status GiveBack(const Job& job);
  absl::Status Fail(const Job& job, const std::string& error);
  absl::Status GiveBackAll(const std::vector<Job>& jobs);
  absl::Status PutOffAll(const std::vector<Job>& jobs, absl::Duration delay, const std::string& why);

  // How long until the next job is due that Fetch() would find; nothing where there is none.
  absl::StatusOr<std::optional<absl::Duration>> NextDelay(const std::vector<std::string>& full = {});

 private:
  absl::Status Announce();
  absl::Status EnqueueBy(const Sql& sql, const base::Clock& clock, const std::vector<NewJob>& jobs);
  absl::Status RunLater(const Job& job, absl::Duration delay, const std::string& error, int failures);

  Transaction& transaction_;
};

}  // namespace invoice::store
