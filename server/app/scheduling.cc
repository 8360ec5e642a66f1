#include "app/scheduling.h"

#include <algorithm>
#include <map>
#include <vector>

#include "app/dashboard.h"
#include "app/once.h"
#include "app/overdue.h"
#include "app/today.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/status.h"
#include "domain/billing.h"
#include "domain/calendar.h"
#include "store/due_schedules.h"
#include "store/leader.h"
#include "store/period_decisions.h"
#include "store/plans.h"
#include "store/records.h"
#include "store/runs.h"

namespace invoice::app {
namespace {

constexpr char kScheduler[] = "scheduler";
constexpr int kPlanSweepBatch = 5;  // each may have a hundred thousand items

Call SchedulerCall() {
  return {.actor = {.id = "system", .name = kScheduler, .role = Role::kFinance}, .method = "scheduler"};
}

}  // namespace

struct Scheduling::Taken {
  std::map<absl::CivilDay, std::vector<Candidate>> bill;  // by due date
  std::vector<domain::PeriodDecision> decided;
  int due_dates = 0;
  bool moved = false;
  bool more = false;  // reopened periods wait for the next round
  bool Full() const { return due_dates >= 2 * base::kSchedulerBatch; }
};

absl::StatusOr<SchedulingRound> Scheduling::TakeDue() {
  SchedulingRound round;
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  ASSIGN_OR_RETURN(round.led, store::TryLead(transaction));
  if (!round.led) return round;
  ASSIGN_OR_RETURN(const std::vector<store::ZoneDue> zones, store::DueSchedules(transaction).NextOfZones());
  std::vector<std::string> ids;
  for (const store::ZoneDue& zone : zones) {
    ASSIGN_OR_RETURN(const absl::CivilDay today, LocalToday(core_, zone.time_zone));
    const int room = base::kSchedulerBatch - static_cast<int>(ids.size());
    if (zone.next_run_date > today || room == 0) continue;
    ASSIGN_OR_RETURN(std::vector<std::string> found,
                     store::DueSchedules(transaction).Find(zone.time_zone, today, room));
    std::move(found.begin(), found.end(), std::back_inserter(ids));
  }
  Taken taken;
  RETURN_IF_ERROR(TakeSchedules(transaction, ids, taken));
  RETURN_IF_ERROR(TakeReopened(transaction, taken));
  RETURN_IF_ERROR(store::PeriodDecisions(transaction).PutAll(taken.decided, core_.clock.Now()));
  RETURN_IF_ERROR(BeginRuns(transaction, taken));
  ASSIGN_OR_RETURN(round.next, NextDue(transaction));
  if (taken.more) round.next = core_.clock.Now();
  round.taken = taken.due_dates;
  round.moved = taken.moved;
  RETURN_IF_ERROR(transaction.Commit());
  return round;
}

// All are locked by one statement, in the order of their ids as the workers do it: locked zone by zone, a worker whose
// chunk has customers of two zones would wait for us and we for it. They are read and written together, too: a schedule
// is small.
absl::Status Scheduling::TakeSchedules(store::Transaction& transaction, const std::vector<std::string>& ids,
                                       Taken& taken) {
  if (ids.empty()) return absl::OkStatus();
  store::DueSchedules schedules(transaction);
  ASSIGN_OR_RETURN(std::vector<domain::DueSchedule> found, schedules.LockAll(ids));
  taken.moved = !found.empty();
  for (size_t i = 0; i < found.size(); ++i) {
    if (taken.Full()) {
      found.resize(i);
      break;
    }
    domain::DueSchedule& due_schedule = found[i];
    ASSIGN_OR_RETURN(const absl::CivilDay local, LocalToday(core_, due_schedule.schedule.time_zone));
    domain::DuePlan plan = domain::TakeDue(due_schedule, local, base::kMaxDueDatesTaken);
    for (const domain::Occurrence& due : plan.bill) {
      taken.bill[due.due].push_back({due_schedule.customer_id, due.period});
    }
    taken.due_dates += static_cast<int>(plan.bill.size() + plan.decided.size());
    std::move(plan.decided.begin(), plan.decided.end(), std::back_inserter(taken.decided));
  }
  return schedules.Advance(found);
}

// Periods that a person let go are billed with the due date they had.
absl::Status Scheduling::TakeReopened(store::Transaction& transaction, Taken& taken) {
  store::PeriodDecisions decisions(transaction);
  ASSIGN_OR_RETURN(const std::vector<domain::PeriodDecision> reopened, decisions.TakeReopened(base::kSchedulerBatch));
  std::vector<std::pair<std::string, absl::CivilDay>> gone;
  for (const domain::PeriodDecision& decision : reopened) {
    std::vector<Candidate>& bill = taken.bill[decision.due_date];
    // One period of a customer in one run: a second one of the same due date waits for the next round.
    const auto there = std::find_if(bill.begin(), bill.end(), [&](const Candidate& candidate) {
      return candidate.customer_id == decision.customer_id;
    });
    if (there != bill.end()) continue;
    bill.push_back({decision.customer_id, decision.whole.value_or(decision.period)});
    gone.emplace_back(decision.customer_id, decision.period.first);
  }
  taken.due_dates += static_cast<int>(gone.size());
  taken.moved = taken.moved || !gone.empty();
  taken.more = gone.size() < reopened.size() || static_cast<int>(reopened.size()) == base::kSchedulerBatch;
  return decisions.RemoveAll(gone);
}

absl::Status Scheduling::BeginRuns(store::Transaction& transaction, const Taken& taken) {
  store::Runs runs(transaction);
  for (const auto& [due, candidates] : taken.bill) {
    domain::RunRecord run;
    run.id = base::NewId(core_.clock);
    run.mode = domain::RunMode::kScheduled;
    run.state = domain::RunState::kPending;
    run.run_date = due;
    run.requested_by = kScheduler;
    RETURN_IF_ERROR(runs.Insert(run, core_.clock.Now()));
    RETURN_IF_ERROR(work_.AddCustomers(transaction, run.id, candidates, /*complete=*/true));
    RETURN_IF_ERROR(Audit(core_, transaction, SchedulerCall(), {"", "create", "run", run.id, "", ""}));
    base::Log(base::Level::kInfo, "run_begun",
              {{"run", run.id},
               {"run_date", domain::FormatDate(due)},
               {"customers", static_cast<int64_t>(candidates.size())}});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<absl::Time>> Scheduling::NextDue(store::Transaction& transaction) {
  ASSIGN_OR_RETURN(const std::vector<store::ZoneDue> zones, store::DueSchedules(transaction).NextOfZones());
  std::optional<absl::Time> next;
  for (const store::ZoneDue& zone : zones) {
    const std::optional<absl::TimeZone> known = core_.time_zones.Find(zone.time_zone);
    if (!known) continue;
    const absl::Time instant = absl::FromCivil(zone.next_run_date, *known);
    next = std::min(next.value_or(instant), instant);
  }
  return next;
}

absl::StatusOr<int64_t> Scheduling::Sweep(int limit) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  ASSIGN_OR_RETURN(const bool led, store::TryLead(transaction));
  if (!led) return 0;
  const absl::Time now = core_.clock.Now();
  ASSIGN_OR_RETURN(const int64_t keys, store::IdempotencyKeys(transaction).Expire(now - base::kIdempotencyKeep, limit));
  ASSIGN_OR_RETURN(const int64_t plans, store::Plans(transaction).Expire(now, kPlanSweepBatch));
  RETURN_IF_ERROR(transaction.Commit());
  return keys + plans;
}

absl::StatusOr<int64_t> Scheduling::NoteOverdue(int limit) { return app::NoteOverdue(core_, limit); }

absl::StatusOr<int64_t> Scheduling::FoldRollups(int limit) { return app::FoldRollups(core_, limit); }

}  // namespace invoice::app
