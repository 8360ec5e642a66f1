// The scheduler's loop: takes over what is due, does its chores, and sleeps until the next due date or until a schedule
// changes. Several schedulers may run; app::Scheduling lets one act at a time, and when it dies another finds the rest
// within base::kSchedulerRetry. Belongs to one thread.
#pragma once

#include <string>

#include "app/scheduling.h"
#include "base/clock.h"
#include "base/shutdown.h"

namespace invoice::jobs {

class Scheduler {
 public:
  // `url` of the database, for notifications.
  Scheduler(app::Scheduling& scheduling, const base::Clock& clock, std::string url)
      : scheduling_(scheduling), clock_(clock), url_(std::move(url)) {}

  // Works until the signal.
  void Run(const base::ShutdownSignal& shutdown);

 private:
  // When to look again: an instant on the clock of business (in the past: at once), and the longest sleep until then.
  struct Sleep {
    absl::Time until;
    absl::Duration at_most;
  };
  Sleep Round();
  void Chores();

  app::Scheduling& scheduling_;
  const base::Clock& clock_;
  const std::string url_;
  absl::Time next_chores_ = absl::InfinitePast();
};

}  // namespace invoice::jobs
