#include "app/run_work.h"

#include <algorithm>
#include <map>
#include <set>

#include "app/once.h"
#include "app/plans.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/status.h"
#include "domain/calendar.h"
#include "domain/run_plan.h"
#include "store/customers.h"
#include "store/due_schedules.h"
#include "store/period_decisions.h"
#include "store/plans.h"
#include "store/runs.h"

namespace invoice::app {
namespace {

using domain::RunChunk;
using domain::RunOutcome;
using domain::RunRecord;
using domain::RunResult;
using domain::RunState;

BatchScope ScopeOf(const RunRecord& run) {
  return {.mode = run.mode,
          .run_date = run.run_date,
          .send_email = run.send_email,
          .customers = {.vendor_id = run.vendor_id, .customer_ids = run.customer_ids}};
}

// The worker acts for whoever asked for the run.
Call CallOf(const RunRecord& run, const store::Job& job) {
  return {.actor = {.id = "system", .name = run.requested_by, .role = Role::kFinance},
          .method = "job/" + job.kind,
          .request_id = "run-" + run.id};
}

bool GoesOn(RunState state) { return state == RunState::kPending || state == RunState::kRunning; }

std::vector<Candidate> CandidatesOf(const RunChunk& chunk, const std::set<std::string>& done) {
  std::vector<Candidate> candidates;
  for (size_t i = 0; i < chunk.customer_ids.size(); ++i) {
    if (done.contains(chunk.customer_ids[i])) continue;
    candidates.push_back({chunk.customer_ids[i], chunk.periods.empty() ? std::nullopt : chunk.periods[i]});
  }
  return candidates;
}

RunResult ResultOf(const std::string& run_id, const BillingCase& billing_case) {
  const domain::BillingDecision& decision = billing_case.decision;
  RunResult result;
  result.run_id = run_id;
  result.customer_id = billing_case.input.customer->id;
  result.vendor_id = billing_case.input.customer->vendor_id;
  result.outcome = decision.outcome;
  result.reason = decision.reason;
  result.message = decision.message;
  result.values = decision.values;
  result.uncovered = decision.uncovered;
  result.invoice_id = decision.invoice_id;
  result.period = decision.period;
  return result;
}

void Count(const RunResult& result, RunChunk& chunk) {
  switch (result.outcome) {
    case RunOutcome::kInvoiced:
      ++chunk.invoiced_count;
      break;
    case RunOutcome::kSkipped:
      ++chunk.skipped_count;
      break;
    case RunOutcome::kHeld:
      ++chunk.held_count;
      break;
    case RunOutcome::kFailed:
      ++chunk.failed_count;
      break;
  }
}

// A customer whose inputs are no longer those of the plan that the run executes waits for a person.
absl::Status HoldWhatChanged(const Core& core, store::Transaction& transaction, const RunRecord& run,
                             BillingBatch& batch) {
  if (run.plan_id.empty()) return absl::OkStatus();
  std::vector<std::string> ids;
  for (const domain::Customer& customer : batch.customers) ids.push_back(customer.id);
  ASSIGN_OR_RETURN(const auto digests, store::Plans(transaction).Digests(run.plan_id, ids));
  ASSIGN_OR_RETURN(const std::vector<domain::PlanItem> items, PlanItemsOf(core, transaction, batch));
  for (size_t i = 0; i < items.size(); ++i) {
    BillingCase& billing_case = batch.cases[i];
    if (billing_case.decision.outcome != RunOutcome::kInvoiced) continue;
    const auto planned = digests.find(items[i].customer_id);
    if (planned != digests.end() && planned->second == items[i].digest) continue;
    billing_case.decision = domain::Refused(
        std::move(billing_case.decision),
        base::Failure(absl::StatusCode::kAborted, base::Reason::kPlanChanged, "the inputs are not those of the plan"));
    billing_case.decision.outcome = RunOutcome::kHeld;
  }
  return absl::OkStatus();
}

// What a scheduled run could not bill waits for a person; what it billed waits no more.
absl::Status KeepDecisions(Core& core, store::Transaction& transaction, const RunRecord& run,
                           const BillingBatch& batch) {
  std::vector<domain::PeriodDecision> held;
  std::vector<std::pair<std::string, absl::CivilDay>> settled;
  for (const BillingCase& billing_case : batch.cases) {
    const domain::BillingDecision& decision = billing_case.decision;
    if (!decision.period) continue;
    const std::optional<domain::PeriodDecision>& before = billing_case.input.facts.decision;
    const bool waits = decision.outcome == RunOutcome::kHeld || decision.outcome == RunOutcome::kFailed;
    if (waits && run.mode == domain::RunMode::kScheduled && decision.reason != "PERIOD_HELD") {
      held.push_back({.customer_id = billing_case.input.customer->id,
                      .period = *decision.period,
                      .due_date = run.run_date,
                      .state = domain::PeriodDecisionState::kHeld,
                      .reason = decision.reason,
                      .message = decision.message,
                      .run_id = run.id,
                      .decided_by = run.requested_by});
    } else if (before && before->state != domain::PeriodDecisionState::kSkipped &&
               (decision.outcome == RunOutcome::kInvoiced || decision.reason == "ALREADY_INVOICED")) {
      settled.emplace_back(billing_case.input.customer->id, before->period.first);
    }
  }
  store::PeriodDecisions decisions(transaction);
  RETURN_IF_ERROR(decisions.PutAll(held, core.clock.Now()));
  return decisions.RemoveAll(settled);
}

// Issues what was decided; refusals that only the database knows come back as decisions.
absl::Status IssueDecided(Core& core, store::Transaction& transaction, const Call& call, const RunRecord& run,
                          BillingBatch& batch, RunChunk& chunk, std::vector<RunResult>& results) {
  std::vector<IssueInput> inputs;
  std::vector<BillingCase*> billed;
  for (BillingCase& billing_case : batch.cases) {
    if (billing_case.decision.outcome != RunOutcome::kInvoiced) continue;
    inputs.push_back(IssueInputOf(billing_case, run.id));
    billed.push_back(&billing_case);
  }
  std::map<std::string, const domain::InvoiceRecord*> invoices;
  std::vector<Issued> issued;
  if (!inputs.empty()) {
    ASSIGN_OR_RETURN(issued, IssueAll(core, transaction, call, std::move(inputs)));
  }
  for (size_t i = 0; i < issued.size(); ++i) {
    domain::BillingDecision& decision = billed[i]->decision;
    if (!issued[i].status.ok()) {
      decision = domain::Refused(std::move(decision), issued[i].status);
      continue;
    }
    const domain::InvoiceDocument& document = issued[i].invoice.document;
    decision.invoice_id = issued[i].invoice.id;
    if (!issued[i].invoice.issued_at) decision.reason = "DRAFTED";
    domain::AddTotal(chunk.totals, document.currency.code(), document.totals.total_minor);
  }
  for (const BillingCase& billing_case : batch.cases) results.push_back(ResultOf(run.id, billing_case));
  return absl::OkStatus();
}

// A fault that one customer's data could be at the bottom of, so that it is worth while to bill the others without it.
bool MayBeOfOne(const absl::Status& status) {
  return absl::IsInternal(status) || absl::IsInvalidArgument(status) || absl::IsAlreadyExists(status) ||
         absl::IsFailedPrecondition(status);
}

}  // namespace

absl::Status StopRun(Core& core, store::Transaction& transaction, const RunRecord& run, RunState state,
                     const std::string& problem, const std::string& actor_name) {
  store::Runs runs(transaction);
  const absl::Time now = core.clock.Now();
  RETURN_IF_ERROR(runs.StopChunks(run.id));
  RETURN_IF_ERROR(runs.SetState(run.id, state, problem, now));
  return store::PeriodDecisions(transaction)
      .HoldRest(run.id, "the run that was to bill it stopped before it came to it", actor_name, now);
}

absl::Status RunWork::AddCustomers(store::Transaction& transaction, const std::string& run_id,
                                   const std::vector<Candidate>& candidates, bool complete) {
  store::Runs runs(transaction);
  ASSIGN_OR_RETURN(int number, runs.CountChunks(run_id));
  std::vector<RunChunk> chunks;
  std::vector<store::Jobs::NewJob> jobs;
  const bool handed = std::any_of(candidates.begin(), candidates.end(),
                                  [](const Candidate& candidate) { return candidate.handed.has_value(); });
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (i % static_cast<size_t>(chunk_size_) == 0) {
      chunks.push_back({.id = base::NewId(core_.clock), .run_id = run_id, .number = ++number});
      jobs.push_back({"RUN_CHUNK", chunks.back().id, store::Urgency::kRun});
    }
    chunks.back().customer_ids.push_back(candidates[i].customer_id);
    if (handed) chunks.back().periods.push_back(candidates[i].handed);
  }
  if (!chunks.empty()) {
    RETURN_IF_ERROR(runs.InsertChunks(chunks));
    RETURN_IF_ERROR(store::Jobs(transaction).EnqueueAll(core_.clock, jobs));
  }
  return runs.Begin(run_id, static_cast<int>(candidates.size()), complete);
}

absl::Status RunWork::Start(const store::Job& job) {
  std::string after;
  Progress progress = Progress::kMore;
  while (progress == Progress::kMore) {
    ASSIGN_OR_RETURN(after, StartSome(job, after, progress));
  }
  return progress == Progress::kAll ? FinishRun(job, job.subject_id) : absl::OkStatus();
}

// The next customers of the run, in one transaction: those whose schedule stands at the run date hand it over. A start
// that was cut off finds its chunks and goes on behind them.
absl::StatusOr<std::string> RunWork::StartSome(const store::Job& job, const std::string& after, Progress& progress) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  store::Jobs jobs(transaction);
  RETURN_IF_ERROR(jobs.HoldFence(job));
  store::Runs runs(transaction);
  ASSIGN_OR_RETURN(const RunRecord run, runs.LockToAdd(job.subject_id));
  progress = GoesOn(run.state) ? Progress::kMore : Progress::kStopped;
  CandidatePage page;
  if (progress == Progress::kMore) {
    std::string begin = after;
    if (begin.empty()) {
      ASSIGN_OR_RETURN(begin, runs.LastChunkedCustomer(run.id));
    }
    ASSIGN_OR_RETURN(page, FindCandidates(transaction, ScopeOf(run), begin, base::kMaxRunChunk));
    if (page.next.empty()) progress = Progress::kAll;
    std::vector<Candidate> candidates;
    std::vector<std::string> standing;  // at the run date
    for (const store::RuledCustomer& customer : page.customers) {
      candidates.push_back({customer.customer_id, {}});
      if (run.mode == domain::RunMode::kScheduled && customer.active && customer.enabled &&
          customer.next_run_date == run.run_date) {
        standing.push_back(customer.customer_id);
      }
    }
    std::map<std::string, domain::Period> handed;
    if (!standing.empty()) {
      store::DueSchedules schedules(transaction);
      ASSIGN_OR_RETURN(std::vector<domain::DueSchedule> found, schedules.LockAll(standing));
      std::erase_if(found, [&](const domain::DueSchedule& due) {
        return due.schedule.next_run_date != run.run_date || !due.schedule.enabled || !due.active;
      });
      for (domain::DueSchedule& due : found) {
        const domain::Occurrence occurrence = domain::OccurrenceOn(due.frequency, due.schedule, run.run_date);
        handed[due.customer_id] = occurrence.period;
        domain::Advance(due, occurrence);
      }
      RETURN_IF_ERROR(schedules.Advance(found));
    }
    for (Candidate& candidate : candidates) {
      if (const auto found = handed.find(candidate.customer_id); found != handed.end())
        candidate.handed = found->second;
    }
    RETURN_IF_ERROR(AddCustomers(transaction, run.id, candidates, /*complete=*/progress == Progress::kAll));
  }
  if (progress == Progress::kStopped) RETURN_IF_ERROR(jobs.Finish(job));
  RETURN_IF_ERROR(transaction.Commit());
  return page.next;
}

absl::Status RunWork::Work(const store::Job& job) {
  std::string run_id;
  std::vector<Candidate> candidates;
  {
    ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
    store::Runs runs(transaction);
    ASSIGN_OR_RETURN(const RunChunk chunk, runs.LockChunk(job.subject_id));
    ASSIGN_OR_RETURN(const std::set<std::string> done, runs.FindDone(chunk.run_id, chunk.customer_ids));
    run_id = chunk.run_id;
    candidates = CandidatesOf(chunk, done);
  }
  return WorkOn(job, run_id, candidates, /*last=*/true);
}

// Bills customers of a chunk in one transaction. Where a fault of one customer could be behind a refusal of the
// database, the halves are tried for themselves, down to the one at fault, which gets its result.
absl::Status RunWork::WorkOn(const store::Job& job, const std::string& run_id, const std::vector<Candidate>& candidates,
                             bool last) {
  bool done = false;
  const absl::Status status = [&]() -> absl::Status {
    ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
    store::Jobs jobs(transaction);
    RETURN_IF_ERROR(jobs.HoldFence(job));
    store::Runs runs(transaction);
    // The run before its chunk, as those who stop it.
    ASSIGN_OR_RETURN(const RunRecord run, runs.Share(run_id));
    ASSIGN_OR_RETURN(RunChunk chunk, runs.LockChunk(job.subject_id));
    if (GoesOn(run.state) && chunk.state == domain::RunChunkState::kPending) {
      ASSIGN_OR_RETURN(BillingBatch batch, DecideBatch(core_, transaction, ScopeOf(run), candidates, /*lock=*/true));
      RETURN_IF_ERROR(HoldWhatChanged(core_, transaction, run, batch));
      std::vector<RunResult> results;
      RETURN_IF_ERROR(IssueDecided(core_, transaction, CallOf(run, job), run, batch, chunk, results));
      RETURN_IF_ERROR(KeepDecisions(core_, transaction, run, batch));
      RETURN_IF_ERROR(runs.InsertResults(results, core_.clock.Now()));
      for (const RunResult& result : results) Count(result, chunk);
      if (last) chunk.state = domain::RunChunkState::kDone;
      RETURN_IF_ERROR(runs.UpdateChunk(chunk));
    }
    // The job of a chunk that is done ends with FinishRun(). One that was stopped may be resumed, with a job of its
    // own.
    done = chunk.state == domain::RunChunkState::kDone;
    if (last && !done) RETURN_IF_ERROR(jobs.Finish(job));
    return transaction.Commit();
  }();
  if (status.ok()) return last && done ? FinishRun(job, run_id) : absl::OkStatus();
  if (!MayBeOfOne(status)) return status;
  if (candidates.size() == 1) return FailOne(job, run_id, candidates.front(), status, last);
  base::Log(base::Level::kWarning, "run_chunk_halved",
            {{"chunk", job.subject_id},
             {"customers", static_cast<int64_t>(candidates.size())},
             {"error", std::string(status.message())}});
  const auto middle = candidates.begin() + static_cast<int64_t>(candidates.size() / 2);
  RETURN_IF_ERROR(WorkOn(job, run_id, {candidates.begin(), middle}, /*last=*/false));
  return WorkOn(job, run_id, {middle, candidates.end()}, last);
}

absl::Status RunWork::FailOne(const store::Job& job, const std::string& run_id, const Candidate& candidate,
                              const absl::Status& why, bool last) {
  base::Log(base::Level::kError, "run_customer_failed",
            {{"customer", candidate.customer_id}, {"error", std::string(why.message())}});
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  store::Jobs jobs(transaction);
  RETURN_IF_ERROR(jobs.HoldFence(job));
  store::Runs runs(transaction);
  ASSIGN_OR_RETURN(const RunRecord run, runs.Share(run_id));
  ASSIGN_OR_RETURN(RunChunk chunk, runs.LockChunk(job.subject_id));
  ASSIGN_OR_RETURN(const domain::Customer customer, store::Customers(transaction).Get(candidate.customer_id));
  RunResult result{.run_id = run.id,
                   .customer_id = customer.id,
                   .vendor_id = customer.vendor_id,
                   .outcome = RunOutcome::kFailed,
                   .reason = std::string(base::ReasonName(base::DetailOf(why).reason)),
                   .message = "an internal fault; the log names it by the customer's id",
                   .period = candidate.handed};
  if (result.reason.empty() || base::DetailOf(why).reason == base::Reason::kUnknown) result.reason = "INTERNAL";
  RETURN_IF_ERROR(runs.InsertResults({result}, core_.clock.Now()));
  if (candidate.handed) {
    RETURN_IF_ERROR(store::PeriodDecisions(transaction)
                        .PutAll({{.customer_id = customer.id,
                                  .period = *candidate.handed,
                                  .due_date = run.run_date,
                                  .reason = result.reason,
                                  .message = result.message,
                                  .run_id = run.id,
                                  .decided_by = run.requested_by}},
                                core_.clock.Now()));
  }
  Count(result, chunk);
  if (last) chunk.state = domain::RunChunkState::kDone;
  RETURN_IF_ERROR(runs.UpdateChunk(chunk));
  RETURN_IF_ERROR(transaction.Commit());
  return last ? FinishRun(job, run.id) : absl::OkStatus();
}

// Whoever ends the last chunk finds none open. Only then the run is locked, which waits for those that bill its
// customers; what is asked after that sees chunks that were added meanwhile. The job ends here and not with its chunk:
// whoever dies in between leaves it to another worker, and no run stays open.
absl::Status RunWork::FinishRun(const store::Job& job, const std::string& run_id) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  store::Jobs jobs(transaction);
  RETURN_IF_ERROR(jobs.HoldFence(job));
  store::Runs runs(transaction);
  ASSIGN_OR_RETURN(const bool open, runs.HasOpenChunks(run_id));
  if (!open) {
    ASSIGN_OR_RETURN(const RunRecord run, runs.Lock(run_id));
    ASSIGN_OR_RETURN(const bool finished, runs.Finish(run_id, core_.clock.Now()));
    if (finished) {
      RETURN_IF_ERROR(Audit(core_, transaction, CallOf(run, job), {run.vendor_id, "finish", "run", run.id, "", ""}));
    }
  }
  RETURN_IF_ERROR(jobs.Finish(job));
  return transaction.Commit();
}

absl::Status RunWork::GiveUpStart(const store::Job& job, const absl::Status& why) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Jobs(transaction).HoldFence(job));
  ASSIGN_OR_RETURN(const RunRecord run, store::Runs(transaction).Lock(job.subject_id));
  if (GoesOn(run.state)) {
    RETURN_IF_ERROR(StopRun(core_, transaction, run, RunState::kFailed, std::string(why.message()), run.requested_by));
  }
  return transaction.Commit();
}

absl::Status RunWork::GiveUpChunk(const store::Job& job, const absl::Status& why) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Jobs(transaction).HoldFence(job));
  store::Runs runs(transaction);
  ASSIGN_OR_RETURN(const std::string run_id, runs.RunOfChunk(job.subject_id));
  ASSIGN_OR_RETURN(const RunRecord run, runs.Lock(run_id));
  ASSIGN_OR_RETURN(RunChunk chunk, runs.LockChunk(job.subject_id));
  if (chunk.state == domain::RunChunkState::kDone) return transaction.Commit();
  chunk.state = domain::RunChunkState::kFailed;
  chunk.problem = std::string(why.message());
  RETURN_IF_ERROR(runs.UpdateChunk(chunk));
  if (GoesOn(run.state)) {
    RETURN_IF_ERROR(StopRun(core_, transaction, run, RunState::kFailed, chunk.problem, run.requested_by));
  }
  return transaction.Commit();
}

}  // namespace invoice::app
