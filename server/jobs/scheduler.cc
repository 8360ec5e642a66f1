#include "jobs/scheduler.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <utility>

#include "absl/time/clock.h"
#include "base/limits.h"
#include "base/log.h"

namespace invoice::jobs {
namespace {

// How often a sleeper looks whether the process is to stop: signals do not reach the wait for notifications.
constexpr absl::Duration kStopLook = absl::Milliseconds(500);

// The next quarter of an hour, when a day begins somewhere.
absl::Time NextQuarter(absl::Time now) {
  constexpr absl::Duration kQuarter = absl::Minutes(15);
  return absl::UnixEpoch() + (absl::Floor(now - absl::UnixEpoch(), kQuarter) + kQuarter);
}

// Does a chore batch by batch until a batch is not full; what is left after kMaxChoreBatches waits for the next time.
void Repeat(const char* chore, int64_t full, const std::function<absl::StatusOr<int64_t>()>& batch) {
  for (int i = 0; i < base::kMaxChoreBatches; ++i) {
    const absl::StatusOr<int64_t> done = batch();
    if (!done.ok()) {
      base::Log(base::Level::kWarning, "chore_failed",
                {{"chore", chore}, {"error", std::string(done.status().message())}});
    }
    if (!done.ok() || *done < full) return;
  }
}

}  // namespace

Scheduler::Scheduler(app::Scheduling& scheduling, const base::Clock& clock, base::Metrics& metrics, std::string url)
    : scheduling_(scheduling),
      clock_(clock),
      metrics_(metrics),
      listener_(std::move(url), "invoice_schedules"),
      leads_(metrics.GetGauge("invoice_scheduler_leads_schedulers", "1 if this scheduler led its last round, else 0")),
      next_due_(metrics.GetGauge("invoice_scheduler_next_due_timestamp_seconds",
                                 "When the next schedule is due, in seconds since 1970; 0 if none is")),
      due_dates_(
          metrics.GetCounter("invoice_scheduler_due_dates_total", "Due dates that were taken over, held or skipped")) {
  for (const Cause cause : {Cause::kStart, Cause::kNotification, Cause::kDue, Cause::kChores, Cause::kRetry}) {
    Count(cause, 0);
  }
}

const char* Scheduler::Name(Cause cause) {
  switch (cause) {
    case Cause::kStart:
      return "start";
    case Cause::kNotification:
      return "notification";
    case Cause::kDue:
      return "due";
    case Cause::kChores:
      return "chores";
    case Cause::kRetry:
      return "retry";
  }
  std::abort();
}

void Scheduler::Count(Cause cause, int by) {
  metrics_
      .GetCounter("invoice_scheduler_wakeups_total", "Rounds of the scheduler, by what began them",
                  {{"cause", Name(cause)}})
      .Increment(by);
}

Scheduler::Sleep Scheduler::Round() {
  const absl::StatusOr<app::SchedulingRound> round = scheduling_.TakeDue();
  leads_.Set(round.ok() && round->led ? 1 : 0);
  if (!round.ok()) {
    base::Log(base::Level::kWarning, "scheduler_round_failed", {{"error", std::string(round.status().message())}});
    return {absl::InfiniteFuture(), base::kSchedulerRetry};
  }
  if (!round->led) return {absl::InfiniteFuture(), base::kSchedulerRetry};
  if (round->taken > 0) base::Log(base::Level::kInfo, "due_dates_taken", {{"count", round->taken}});
  due_dates_.Increment(round->taken);
  next_due_.Set(round->next ? absl::ToDoubleSeconds(*round->next - absl::UnixEpoch()) : 0);
  // What is due and was not moved on would be found again at once, for ever.
  if (!round->moved && round->next && *round->next <= clock_.Now()) {
    base::Log(base::Level::kWarning, "due_schedule_stands_still");
    return {absl::InfiniteFuture(), base::kSchedulerRetry};
  }
  return {round->next.value_or(absl::InfiniteFuture()), absl::InfiniteDuration()};
}

void Scheduler::Chores() {
  const absl::Time now = clock_.Now();
  if (now < next_chores_ && next_chores_ - now <= base::kSchedulerRest) return;
  next_chores_ = NextQuarter(now);
  Repeat("overdue", base::kOverdueBatch, [this] { return scheduling_.NoteOverdue(base::kOverdueBatch); });
  Repeat("rollups", base::kRollupBatch, [this] { return scheduling_.FoldRollups(base::kRollupBatch); });
  Repeat("sweep", base::kSweepBatch, [this] { return scheduling_.Sweep(base::kSweepBatch); });
}

// A notification, a clock that was set, or the instant itself ends the sleep.
std::optional<Scheduler::Cause> Scheduler::Rest(const Sleep& sleep, const base::ShutdownSignal& shutdown) {
  const absl::Time latest = absl::Now() + sleep.at_most;
  while (!shutdown.Wait(absl::ZeroDuration())) {
    const absl::Time now = clock_.Now();
    if (now >= sleep.until) return Cause::kDue;
    if (now >= next_chores_ || next_chores_ - now > base::kSchedulerRest) return Cause::kChores;
    if (absl::Now() >= latest) return Cause::kRetry;
    const absl::Duration wait =
        std::min({clock_.SleepUntil(std::min(sleep.until, next_chores_)), latest - absl::Now(), kStopLook});
    if (listener_.Wait(std::max(wait, absl::Milliseconds(1)))) return Cause::kNotification;
  }
  return std::nullopt;
}

void Scheduler::Run(const base::ShutdownSignal& shutdown) {
  for (std::optional<Cause> cause = Cause::kStart; cause;) {
    Count(*cause, 1);
    const Sleep sleep = Round();
    Chores();
    cause = Rest(sleep, shutdown);
  }
}

}  // namespace invoice::jobs
