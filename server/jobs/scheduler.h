// The scheduler's chores. Several schedulers may run; one leads, by an advisory lock that PostgreSQL frees when its
// session ends, so another takes over when it dies. Belongs to one thread.
#pragma once

#include "base/clock.h"
#include "base/shutdown.h"
#include "store/database.h"

namespace invoice::jobs {

class Scheduler {
 public:
  Scheduler(store::Database& database, const base::Clock& clock) : database_(database), clock_(clock) {}

  // Works until the signal.
  void Run(const base::ShutdownSignal& shutdown);
  // One round: true where this process led and did the chores. Expired idempotency keys are swept.
  absl::StatusOr<bool> RunOnce();

 private:
  store::Database& database_;
  const base::Clock& clock_;
};

}  // namespace invoice::jobs
