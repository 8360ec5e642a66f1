// The scheduler's loop: takes over what is due, does its chores, and sleeps until the next due date or until a schedule
// changes. Several schedulers may run; app::Scheduling lets one act at a time, and when it dies another finds the rest
// within base::kSchedulerRetry. Belongs to one thread.
#pragma once

#include <optional>
#include <string>

#include "app/scheduling.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/shutdown.h"
#include "store/listener.h"

namespace invoice::jobs {

class Scheduler {
 public:
  // `url` of the database, for notifications.
  Scheduler(app::Scheduling& scheduling, const base::Clock& clock, base::Metrics& metrics, std::string url);

  // Works until the signal.
  void Run(const base::ShutdownSignal& shutdown);

 private:
  // When to look again: an instant on the clock of business (in the past: at once), and the longest sleep until then.
  struct Sleep {
    absl::Time until;
    absl::Duration at_most;
  };
  // What ended a sleep; the label `cause` of a metric.
  enum class Cause { kStart, kNotification, kDue, kChores, kRetry };
  static const char* Name(Cause cause);

  Sleep Round();
  void Chores();
  // Nothing where the process is to stop.
  std::optional<Cause> Rest(const Sleep& sleep, const base::ShutdownSignal& shutdown);
  void Count(Cause cause, int by);

  app::Scheduling& scheduling_;
  const base::Clock& clock_;
  base::Metrics& metrics_;
  store::Listener listener_;
  const base::Gauge leads_;
  const base::Gauge next_due_;
  const base::Counter due_dates_;
  absl::Time next_chores_ = absl::InfinitePast();
};

}  // namespace invoice::jobs
