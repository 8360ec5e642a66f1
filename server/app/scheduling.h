// What the scheduler decides: which due dates are taken over by a run, which are held or skipped, and when to look
// again. One acts at a time; whatever it does is one transaction, so whoever dies leaves nothing half done. Not
// thread-safe; each scheduler has its own.
#pragma once

#include <optional>

#include "app/core.h"
#include "app/run_work.h"

namespace invoice::app {

struct SchedulingRound {
  bool led = false;                // false: another scheduler acts at this moment
  int taken = 0;                   // due dates taken over, held or skipped
  bool moved = false;              // a schedule or a reopened period was moved on, taken or not
  std::optional<absl::Time> next;  // when something is due next; none: no schedule is enabled
};

class Scheduling {
 public:
  Scheduling(Core& core, RunWork& work) : core_(core), work_(work) {}

  // Takes over what is due now: each due date once, for ever. If much is due it returns with a part of it done, and
  // `next` in the past. Writes nothing if nothing is due.
  absl::StatusOr<SchedulingRound> TakeDue();
  // Chores, each a bounded part and how much of it was done; fewer than `limit`: there is no more at the moment.
  // Expired idempotency keys and plans go; invoices that fell overdue get their event; the dashboard's deltas are
  // folded.
  absl::StatusOr<int64_t> Sweep(int limit);
  absl::StatusOr<int64_t> NoteOverdue(int limit);
  absl::StatusOr<int64_t> FoldRollups(int limit);

 private:
  struct Taken;
  absl::Status TakeSchedules(store::Transaction& transaction, const std::vector<std::string>& ids, Taken& taken);
  absl::Status TakeReopened(store::Transaction& transaction, Taken& taken);
  absl::Status BeginRuns(store::Transaction& transaction, const Taken& taken);
  absl::StatusOr<std::optional<absl::Time>> NextDue(store::Transaction& transaction);

  Core& core_;
  RunWork& work_;
};

}  // namespace invoice::app
