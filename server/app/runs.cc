#include "app/runs.h"

#include "app/number_checks.h"
#include "app/once.h"
#include "app/plans.h"
#include "app/run_work.h"
#include "app/today.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/status.h"
#include "domain/calendar.h"
#include "store/customers.h"
#include "store/jobs.h"
#include "store/period_decisions.h"

namespace invoice::app {
namespace {

using domain::RunRecord;
using domain::RunState;

RunRecord RunRecordOf(const Core& core, const Call& call, const BatchScope& scope) {
  RunRecord run;
  run.id = base::NewId(core.clock);
  run.vendor_id = scope.customers.vendor_id;
  run.mode = scope.mode;
  run.state = RunState::kPending;
  run.run_date = scope.run_date;
  run.send_email = scope.send_email;
  run.requested_by = call.actor.name;
  run.customer_ids = scope.customers.customer_ids;
  return run;
}

absl::Status WrongRunState(const RunRecord& run, std::string_view way_out) {
  const std::string state(domain::Name(run.state));
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kInvalidState,
                       "the run is " + state + "; " + std::string(way_out), {{"state", state}});
}

absl::Status AuditRun(Core& core, store::Transaction& transaction, const Call& call, const RunRecord& run,
                      std::string_view action) {
  return Audit(core, transaction, call, {run.vendor_id, std::string(action), "run", run.id, "", ""});
}

}  // namespace

bool HasEnded(RunState state) { return state != RunState::kPending && state != RunState::kRunning; }

absl::StatusOr<Outcome<RunRecord>> Runs::Create(const Call& call, const BatchScope& scope, const std::string& plan_hash,
                                                const Encode<RunRecord>& encode) {
  const auto body = [&](store::Transaction& transaction, TextChecks& checks) -> absl::StatusOr<RunRecord> {
    RETURN_IF_ERROR(CheckScope(core_, transaction, scope));
    RunRecord run = RunRecordOf(core_, call, scope);
    if (!plan_hash.empty()) {
      ASSIGN_OR_RETURN(const domain::PlanRecord plan, RenewPlan(core_, transaction, scope, plan_hash, checks));
      run.plan_id = plan.id;
      run.plan_hash = plan.hash;
    }
    store::Runs runs(transaction);
    RETURN_IF_ERROR(runs.Insert(run, core_.clock.Now()));
    RETURN_IF_ERROR(store::Jobs(transaction).EnqueueAll(core_.clock, {{"START_RUN", run.id, store::Urgency::kRun}}));
    RETURN_IF_ERROR(AuditRun(core_, transaction, call, run, "create"));
    return runs.Get(run.id);
  };
  return OnceChecked<RunRecord>(core_, call, encode, body);
}

absl::StatusOr<Outcome<RunRecord>> Runs::Cancel(const Call& call, const std::string& id,
                                                const Encode<RunRecord>& encode) {
  return Once<RunRecord>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<RunRecord> {
    store::Runs runs(transaction);
    // Those that bill its customers go on meanwhile. StopRun() waits for each chunk in hand, which none can enter
    // after.
    ASSIGN_OR_RETURN(const RunRecord run, runs.LockToAdd(id));
    if (HasEnded(run.state)) return WrongRunState(run, "only one that goes on can be cancelled");
    RETURN_IF_ERROR(StopRun(core_, transaction, run, RunState::kCancelled, "", call.actor.name));
    RETURN_IF_ERROR(AuditRun(core_, transaction, call, run, "cancel"));
    return runs.Get(id);
  });
}

absl::StatusOr<Outcome<RunRecord>> Runs::Resume(const Call& call, const std::string& id,
                                                const Encode<RunRecord>& encode) {
  return Once<RunRecord>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<RunRecord> {
    store::Runs runs(transaction);
    ASSIGN_OR_RETURN(const RunRecord run, runs.LockToAdd(id));
    if (run.state == RunState::kSucceeded) return WrongRunState(run, "there is nothing left to do");
    if (!HasEnded(run.state)) return WrongRunState(run, "it goes on by itself");
    RETURN_IF_ERROR(store::PeriodDecisions(transaction).LetRestGo(id));
    RETURN_IF_ERROR(runs.SetState(id, run.complete ? RunState::kRunning : RunState::kPending, "", std::nullopt));
    ASSIGN_OR_RETURN(const std::vector<std::string> chunks, runs.ResumeChunks(id));
    store::Jobs jobs(transaction);
    for (const std::string& chunk : chunks) {
      RETURN_IF_ERROR(jobs.Enqueue(core_.clock, {"RUN_CHUNK", chunk, store::Urgency::kRun}));
    }
    if (!run.complete) RETURN_IF_ERROR(jobs.Enqueue(core_.clock, {"START_RUN", id, store::Urgency::kRun}));
    if (run.complete && chunks.empty()) RETURN_IF_ERROR(runs.Finish(id, core_.clock.Now()).status());
    RETURN_IF_ERROR(AuditRun(core_, transaction, call, run, "resume"));
    return runs.Get(id);
  });
}

absl::StatusOr<RunRecord> Runs::Get(const std::string& id) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  return store::Runs(transaction).Get(id);
}

absl::StatusOr<store::Page<RunRecord>> Runs::List(const store::RunFilter& filter, const store::PageRequest& page) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  return store::Runs(transaction).List(filter, page);
}

absl::StatusOr<store::Page<domain::RunResult>> Runs::ListResults(const std::string& run_id,
                                                                 std::optional<domain::RunOutcome> outcome,
                                                                 const store::PageRequest& page) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  store::Runs runs(transaction);
  RETURN_IF_ERROR(runs.Get(run_id).status());
  return runs.ListResults(run_id, outcome, page);
}

absl::StatusOr<domain::RunStats> Runs::Stats(const std::string& vendor_id, std::optional<absl::CivilDay> from,
                                             std::optional<absl::CivilDay> to) {
  const absl::CivilDay last = to.value_or(absl::ToCivilDay(core_.clock.Now(), absl::UTCTimeZone()));
  const absl::CivilDay first = from.value_or(last - 30);
  if (first > last) return base::InvalidField("from", "a date not after `to`");
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  return store::Runs(transaction).Stats(vendor_id, first, last);
}

absl::StatusOr<Explanation> Runs::Explain(const std::string& customer_id, std::optional<absl::CivilDay> date) {
  TextChecks checks(core_.renderer);
  for (int tries = 1;; ++tries) {
    absl::StatusOr<Explanation> explanation = Explain(customer_id, date, checks);
    const bool again = TextChecks::IsPutOff(explanation.status()) && tries < base::kMaxLayoutTries;
    if (!again) return explanation;
    checks.LayOut();
  }
}

absl::StatusOr<Explanation> Runs::Explain(const std::string& customer_id, std::optional<absl::CivilDay> date,
                                          TextChecks& checks) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  ASSIGN_OR_RETURN(const domain::Customer customer, store::Customers(transaction).Get(customer_id));
  ASSIGN_OR_RETURN(const absl::CivilDay today, LocalToday(core_, customer.schedule.time_zone));
  const BatchScope scope{.mode = domain::RunMode::kScheduled, .run_date = date.value_or(today)};
  ASSIGN_OR_RETURN(BillingBatch batch,
                   DecideBatch(core_, transaction, scope, {{customer_id, {}}}, /*lock=*/false, checks));
  RETURN_IF_ERROR(PutOff(batch));
  RETURN_IF_ERROR(NumberChecks().Refuse(transaction, batch));
  const domain::BillingDecision& decision = batch.cases.front().decision;
  Explanation explanation;
  explanation.result = {.customer_id = customer_id,
                        .vendor_id = customer.vendor_id,
                        .customer_name = customer.name,
                        .outcome = decision.outcome,
                        .reason = decision.reason,
                        .values = decision.values,
                        .message = decision.message,
                        .uncovered = decision.uncovered,
                        .invoice_id = decision.invoice_id,
                        .period = decision.period};
  const domain::Period days = decision.period.value_or(domain::PeriodOf(customer.contract.frequency, scope.run_date));
  ASSIGN_OR_RETURN(explanation.decisions, store::Runs(transaction).FindResults(customer_id, days));
  if (explanation.decisions.empty()) return explanation;
  explanation.decided = true;
  explanation.result = explanation.decisions.front();
  return explanation;
}

}  // namespace invoice::app
