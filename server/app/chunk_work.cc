#include "app/chunk_work.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "app/number_checks.h"
#include "app/once.h"
#include "app/plans.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/status.h"
#include "domain/run_plan.h"
#include "store/customers.h"
#include "store/errors.h"
#include "store/period_decisions.h"
#include "store/plans.h"

namespace invoice::app {

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

namespace {

std::vector<Candidate> CandidatesOf(const RunChunk& chunk, const std::set<std::string>& done) {
  std::vector<Candidate> candidates;
  for (size_t i = 0; i < chunk.customer_ids.size(); ++i) {
    if (done.contains(chunk.customer_ids[i])) continue;
    candidates.push_back({chunk.customer_ids[i], chunk.periods.empty() ? std::nullopt : chunk.periods[i]});
  }
  return candidates;
}

RunResult ResultOfCase(const std::string& run_id, const BillingCase& billing_case) {
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

void CountResult(const RunResult& result, RunChunk& chunk) {
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

domain::PeriodDecision Held(const RunRecord& run, const BillingCase& billing_case) {
  const domain::BillingDecision& decision = billing_case.decision;
  return {.customer_id = billing_case.input.customer->id,
          .period = *decision.period,
          .whole = decision.whole,
          .due_date = run.run_date,
          .state = domain::PeriodDecisionState::kHeld,
          .reason = decision.reason,
          .message = decision.message,
          .run_id = run.id,
          .decided_by = run.requested_by};
}

bool Within(const domain::Period& inner, const domain::Period& outer) {
  return inner.first >= outer.first && inner.last <= outer.last;
}

// What a scheduled run could not bill waits for a person, in place of what waited for these days before; what it billed
// waits no more.
absl::Status KeepDecisions(Core& core, store::Transaction& transaction, const RunRecord& run,
                           const BillingBatch& batch) {
  std::vector<domain::PeriodDecision> held;
  std::vector<std::pair<std::string, absl::CivilDay>> settled;
  for (const BillingCase& billing_case : batch.cases) {
    const domain::BillingDecision& decision = billing_case.decision;
    if (!decision.period) continue;
    const bool failed = decision.outcome == RunOutcome::kHeld || decision.outcome == RunOutcome::kFailed;
    const bool waits = failed && run.mode == domain::RunMode::kScheduled && decision.reason != "PERIOD_HELD";
    const bool billed = decision.outcome == RunOutcome::kInvoiced || decision.reason == "ALREADY_INVOICED";
    if (waits) held.push_back(Held(run, billing_case));
    if (!waits && !billed) continue;
    const domain::Customer& customer = *billing_case.input.customer;
    for (const domain::PeriodDecision& before : billing_case.input.facts.decisions) {
      if (before.state == domain::PeriodDecisionState::kSkipped) continue;
      if (!Within(domain::DaysOf(before, customer.contract), *decision.period)) continue;
      if (waits && before.period.first == decision.period->first) continue;  // it is written over
      settled.emplace_back(customer.id, before.period.first);
    }
  }
  store::PeriodDecisions decisions(transaction);
  RETURN_IF_ERROR(decisions.PutAll(held, core.clock.Now()));
  return decisions.RemoveAll(settled);
}

// Issues what was decided; refusals that only the database knows come back as decisions.
absl::StatusOr<std::vector<RunResult>> IssueDecided(Core& core, store::Transaction& transaction, const Call& call,
                                                    const RunRecord& run, BillingBatch& batch, RunChunk& chunk) {
  std::vector<IssueInput> inputs;
  std::vector<BillingCase*> billed;
  for (BillingCase& billing_case : batch.cases) {
    if (billing_case.decision.outcome != RunOutcome::kInvoiced) continue;
    inputs.push_back(IssueInputOf(billing_case, run.id));
    billed.push_back(&billing_case);
  }
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
  std::vector<RunResult> results;
  for (const BillingCase& billing_case : batch.cases) results.push_back(ResultOfCase(run.id, billing_case));
  return results;
}

// A failure of a transaction whose reason could lie in one customer's data. Where the database ended the session, it
// may have ended it for what the transaction did.
bool MayBeOfOne(const absl::Status& status) {
  const base::Reason reason = base::DetailOf(status).reason;
  return absl::IsInternal(status) || absl::IsInvalidArgument(status) || absl::IsAlreadyExists(status) ||
         absl::IsFailedPrecondition(status) || absl::IsDeadlineExceeded(status) ||
         reason == base::Reason::kDatabaseUnavailable || reason == base::Reason::kOverloaded;
}

// A failure that may have nothing to do with the customer: worth further tries.
bool MayPass(const absl::Status& status) { return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status); }

// What the result of a customer says who cannot be billed.
domain::BillingDecision FailedDecision(const Candidate& candidate, const domain::Contract& contract,
                                       const absl::Status& why) {
  domain::BillingDecision decision;
  if (candidate.handed) {
    decision.period = domain::ClipToContract(*candidate.handed, contract.start_date, contract.end_date);
    if (decision.period != candidate.handed) decision.whole = candidate.handed;
  }
  decision = domain::Refused(std::move(decision), why);
  if (base::DetailOf(why).reason == base::Reason::kUnknown) {
    decision.reason = "INTERNAL";
    decision.message = "an internal fault; the log names it by the customer's id";
  } else if (MayPass(why)) {
    decision.message = "each attempt to bill this customer failed: " + decision.message;
  }
  decision.outcome = RunOutcome::kFailed;
  return decision;
}

std::vector<Candidate> CandidatesNotIn(const std::vector<Candidate>& candidates, const std::set<std::string>& done) {
  std::vector<Candidate> rest;
  for (const Candidate& candidate : candidates) {
    if (!done.contains(candidate.customer_id)) rest.push_back(candidate);
  }
  return rest;
}

std::vector<std::string> IdsOf(const std::vector<Candidate>& candidates) {
  std::vector<std::string> ids;
  for (const Candidate& candidate : candidates) ids.push_back(candidate.customer_id);
  return ids;
}

// Takes the cases out whose documents are to be laid out first; their customers.
std::vector<Candidate> TakePutOff(BillingBatch& batch) {
  std::vector<Candidate> put_off;
  std::erase_if(batch.cases, [&](const BillingCase& billing_case) {
    if (billing_case.put_off.ok()) return false;
    put_off.push_back({billing_case.input.customer->id, billing_case.input.handed});
    return true;
  });
  return put_off;
}

absl::Status InTime(absl::Time latest) {
  if (absl::Now() < latest) return absl::OkStatus();
  return base::Failure(absl::StatusCode::kDeadlineExceeded, base::Reason::kDeadlineExceeded,
                       "billing took too long for one transaction");
}

}  // namespace

absl::StatusOr<ChunkWork::End> ChunkWork::Run() {
  RETURN_IF_ERROR(Open());
  while (!done_) {
    if (open_.empty()) RETURN_IF_ERROR(QueueLast());
    Portion portion = std::move(open_.back());
    open_.pop_back();
    Attempt attempt;
    const absl::Status status = Bill(portion, attempt);
    if (attempt.stopped && status.ok()) return attempt.done ? End::kDone : End::kStopped;
    if (!status.ok() && !attempt.begun) return status;
    RETURN_IF_ERROR(status.ok() ? QueueRest(portion, attempt) : QueueFailed(std::move(portion), status));
    done_ = done_ || (status.ok() && attempt.done);
  }
  return End::kDone;
}

// The customers that have no result yet, in portions whose texts are read and billed within a second. An attempt that
// was cut short is followed by one in smaller portions, so that what cut it short meets few.
absl::Status ChunkWork::Open() {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  store::Runs runs(transaction);
  ASSIGN_OR_RETURN(const RunChunk chunk, runs.GetChunk(job_.subject_id));
  ASSIGN_OR_RETURN(const RunRecord run, runs.Get(chunk.run_id));
  ASSIGN_OR_RETURN(const std::set<std::string> done, runs.FindDone(chunk.run_id, chunk.customer_ids));
  run_id_ = chunk.run_id;
  const std::vector<Candidate> candidates = CandidatesOf(chunk, done);
  ASSIGN_OR_RETURN(weights_, store::Customers(transaction).Weights(IdsOf(candidates), run.run_date));
  most_ = std::max<size_t>(1, candidates.size() >> std::min(job_.failure_count, 30));
  QueueInPortions(candidates, /*may_be_done=*/false);
  return absl::OkStatus();
}

void ChunkWork::QueueInPortions(const std::vector<Candidate>& candidates, bool may_be_done) {
  std::vector<Portion> portions;
  int64_t weight = 0;
  for (const Candidate& candidate : candidates) {
    weight += weights_[candidate.customer_id];
    if (portions.empty() || portions.back().candidates.size() == most_ || weight > base::kMaxPortionBytes) {
      portions.push_back({.may_be_done = may_be_done});
      weight = weights_[candidate.customer_id];
    }
    portions.back().candidates.push_back(candidate);
  }
  open_.insert(open_.end(), std::make_move_iterator(portions.rbegin()), std::make_move_iterator(portions.rend()));
}

absl::Status ChunkWork::Bill(const Portion& portion, Attempt& attempt) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  attempt.begun = true;
  const absl::Time latest = absl::Now() + longest_;
  store::Jobs jobs(transaction);
  RETURN_IF_ERROR(jobs.HoldFence(job_));
  store::Runs runs(transaction);
  // The run before its chunk, as those who stop it.
  ASSIGN_OR_RETURN(const RunRecord run, runs.Share(run_id_));
  ASSIGN_OR_RETURN(RunChunk chunk, runs.LockChunk(job_.subject_id));
  if (!GoesOn(run.state) || chunk.state != domain::RunChunkState::kPending) {
    // The job of a chunk that is done ends with the run. One that was stopped may be resumed, with a job of its own.
    attempt.stopped = true;
    attempt.done = chunk.state == domain::RunChunkState::kDone;
    if (!attempt.done) RETURN_IF_ERROR(jobs.Finish(job_));
    return transaction.Commit();
  }
  RETURN_IF_ERROR(BillIn(transaction, run, chunk, portion, attempt));
  const bool last = open_.empty() && busy_.empty() && attempt.busy.empty() && attempt.put_off.empty();
  if (last) chunk.state = domain::RunChunkState::kDone;
  RETURN_IF_ERROR(runs.UpdateChunk(chunk));
  RETURN_IF_ERROR(InTime(latest));
  RETURN_IF_ERROR(transaction.Commit());
  attempt.done = last;
  return absl::OkStatus();
}

absl::Status ChunkWork::BillIn(store::Transaction& transaction, const RunRecord& run, RunChunk& chunk,
                               const Portion& portion, Attempt& attempt) {
  const absl::Time latest = absl::Now() + longest_;
  ASSIGN_OR_RETURN(const std::vector<Candidate> free, TakeFree(transaction, portion, attempt));
  if (free.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(BillingBatch batch, DecideBatch(core_, transaction, ScopeOf(run), free, /*lock=*/true, checks_));
  RETURN_IF_ERROR(InTime(latest));
  attempt.put_off = TakePutOff(batch);
  if (batch.cases.empty()) return absl::OkStatus();
  // A plan knows of taken numbers.
  if (portion.check_numbers || !run.plan_id.empty()) RETURN_IF_ERROR(NumberChecks().Refuse(transaction, batch));
  RETURN_IF_ERROR(HoldWhatChanged(core_, transaction, run, batch));
  ASSIGN_OR_RETURN(const std::vector<RunResult> results,
                   IssueDecided(core_, transaction, CallOf(run, job_), run, batch, chunk));
  RETURN_IF_ERROR(KeepDecisions(core_, transaction, run, batch));
  RETURN_IF_ERROR(store::Runs(transaction).InsertResults(results, core_.clock.Now()));
  for (const RunResult& result : results) CountResult(result, chunk);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Candidate>> ChunkWork::TakeFree(store::Transaction& transaction, const Portion& portion,
                                                           Attempt& attempt) {
  std::vector<Candidate> candidates = portion.candidates;
  if (portion.may_be_done) {
    ASSIGN_OR_RETURN(const std::set<std::string> done, store::Runs(transaction).FindDone(run_id_, IdsOf(candidates)));
    candidates = CandidatesNotIn(candidates, done);
  }
  ASSIGN_OR_RETURN(const std::set<std::string> locked, store::Customers(transaction).LockFree(IdsOf(candidates)));
  std::vector<Candidate> free;
  for (const Candidate& candidate : candidates) {
    (locked.contains(candidate.customer_id) ? free : attempt.busy).push_back(candidate);
  }
  return free;
}

// Customers that others hold come last. Long documents are laid out now and their customers come next.
absl::Status ChunkWork::QueueRest(const Portion& portion, const Attempt& attempt) {
  const size_t rest = attempt.busy.size() + attempt.put_off.size();
  if (rest < portion.candidates.size()) waited_ = absl::ZeroDuration();
  busy_.insert(busy_.end(), attempt.busy.begin(), attempt.busy.end());
  if (attempt.put_off.empty()) return absl::OkStatus();
  const bool again = rest == portion.candidates.size() && rest <= base::kRunLayouts;
  const int layouts = again ? portion.layouts + 1 : 0;
  if (layouts > base::kMaxLayoutTries) {
    return base::Conflict("customers of the run were changed again and again", base::kRetryAfterOverload);
  }
  checks_.LayOut();
  std::vector<Portion> portions;
  for (size_t i = 0; i < attempt.put_off.size(); ++i) {
    if (i % base::kRunLayouts == 0) portions.push_back({.layouts = layouts, .may_be_done = portion.may_be_done});
    portions.back().candidates.push_back(attempt.put_off[i]);
  }
  open_.insert(open_.end(), std::make_move_iterator(portions.rbegin()), std::make_move_iterator(portions.rend()));
  return absl::OkStatus();
}

// What is left once all portions had their turn: the customers that others held, or the end of the chunk.
absl::Status ChunkWork::QueueLast() {
  if (busy_.empty()) {
    open_.emplace_back();
    return absl::OkStatus();
  }
  if (waited_ >= base::kLockTimeout) {
    return base::Unavailable(base::Reason::kLockTimeout,
                             "another change holds customers of the run, one of them " + busy_.front().customer_id,
                             base::kRetryAfterOverload);
  }
  waited_ += base::kBusyPause;
  QueueInPortions(std::exchange(busy_, {}), /*may_be_done=*/true);
  return Pause(base::kBusyPause);
}

absl::Status ChunkWork::QueueFailed(Portion portion, const absl::Status& status) {
  const bool conflict = base::IsConflict(status);
  if (!conflict && !MayBeOfOne(status)) return status;
  if (portion.candidates.empty()) return status;
  portion.may_be_done = true;
  if (base::DetailOf(status).reason == base::Reason::kNumberTaken && !portion.check_numbers) {
    // Those before the number that is taken are billed, and the others get their results at once.
    portion.check_numbers = true;
    open_.push_back(std::move(portion));
    return absl::OkStatus();
  }
  if (portion.candidates.size() == 1 || conflict) {
    const int most = conflict ? base::kMaxTransactionTries : base::kMaxCustomerTries;
    const bool again = MayPass(status) && ++portion.tries < most;
    if (!again && conflict) return status;
    if (!again) return FailOne(portion.candidates.front(), status);
    RETURN_IF_ERROR(Pause(base::kCustomerRetryFirst * (1 << portion.tries)));
    open_.push_back(std::move(portion));
    return absl::OkStatus();
  }
  base::Log(base::Level::kWarning, "run_chunk_halved",
            {{"chunk", job_.subject_id},
             {"customers", static_cast<int64_t>(portion.candidates.size())},
             {"error", std::string(status.message())}});
  const auto middle = portion.candidates.begin() + static_cast<int64_t>(portion.candidates.size() / 2);
  open_.push_back({.candidates = {middle, portion.candidates.end()}, .may_be_done = true});
  open_.push_back({.candidates = {portion.candidates.begin(), middle}, .may_be_done = true});
  return absl::OkStatus();
}

absl::Status ChunkWork::Pause(absl::Duration wait) const {
  if (core_.pause(wait)) return absl::OkStatus();
  return store::NotBegun(base::Reason::kOverloaded, "the worker stops", base::kRetryAfterOutage);
}

// The result of a customer who cannot be billed, and the period that waits for a person.
absl::Status ChunkWork::FailOne(const Candidate& candidate, const absl::Status& why) {
  base::Log(base::Level::kError, "run_customer_failed",
            {{"customer", candidate.customer_id}, {"error", std::string(why.message())}});
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Jobs(transaction).HoldFence(job_));
  store::Runs runs(transaction);
  ASSIGN_OR_RETURN(const RunRecord run, runs.Share(run_id_));
  ASSIGN_OR_RETURN(RunChunk chunk, runs.LockChunk(job_.subject_id));
  ASSIGN_OR_RETURN(const domain::Customer customer, store::Customers(transaction).Get(candidate.customer_id));
  ASSIGN_OR_RETURN(const std::set<std::string> done, runs.FindDone(run_id_, {customer.id}));
  if (GoesOn(run.state) && chunk.state == domain::RunChunkState::kPending && done.empty()) {
    BillingBatch batch;
    batch.customers.push_back(customer);
    batch.cases.push_back({.decision = FailedDecision(candidate, customer.contract, why)});
    batch.cases.front().input.customer = &batch.customers.front();
    const RunResult result = ResultOfCase(run.id, batch.cases.front());
    RETURN_IF_ERROR(runs.InsertResults({result}, core_.clock.Now()));
    RETURN_IF_ERROR(KeepDecisions(core_, transaction, run, batch));
    CountResult(result, chunk);
    RETURN_IF_ERROR(runs.UpdateChunk(chunk));
  }
  return transaction.Commit();
}

}  // namespace invoice::app
