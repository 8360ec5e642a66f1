#include "jobs/scheduler.h"

#include <algorithm>
#include <functional>

#include "absl/time/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/listener.h"

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

Scheduler::Sleep Scheduler::Round() {
  const absl::StatusOr<app::SchedulingRound> round = scheduling_.TakeDue();
  if (!round.ok()) {
    base::Log(base::Level::kWarning, "scheduler_round_failed", {{"error", std::string(round.status().message())}});
    return {absl::InfiniteFuture(), base::kSchedulerRetry};
  }
  if (!round->led) return {absl::InfiniteFuture(), base::kSchedulerRetry};
  if (round->taken > 0) base::Log(base::Level::kInfo, "due_dates_taken", {{"count", round->taken}});
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

void Scheduler::Run(const base::ShutdownSignal& shutdown) {
  store::Listener listener(url_, "invoice_schedules");
  while (!shutdown.Wait(absl::ZeroDuration())) {
    const Sleep sleep = Round();
    Chores();
    const absl::Time until = std::min(sleep.until, next_chores_);
    const absl::Time latest = absl::Now() + sleep.at_most;
    // A notification, a clock that was set, or the instant itself ends the sleep.
    for (bool heard = false; !heard && clock_.Now() < until && absl::Now() < latest &&
                             next_chores_ - clock_.Now() <= base::kSchedulerRest;) {
      const absl::Duration wait = std::min({clock_.SleepUntil(until), latest - absl::Now(), kStopLook});
      heard = listener.Wait(std::max(wait, absl::Milliseconds(1)));
      if (shutdown.Wait(absl::ZeroDuration())) return;
    }
  }
}

}  // namespace invoice::jobs
