#include "app/run_work.h"

#include <algorithm>
#include <map>
#include <set>

#include "app/chunk_work.h"
#include "app/once.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/status.h"
#include "domain/calendar.h"
#include "store/due_schedules.h"
#include "store/period_decisions.h"
#include "store/runs.h"

namespace invoice::app {

using domain::RunChunk;
using domain::RunRecord;
using domain::RunState;

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
  ChunkWork work(core_, job, longest_);
  ASSIGN_OR_RETURN(const ChunkWork::End end, work.Run());
  return end == ChunkWork::End::kDone ? FinishRun(job, work.run_id()) : absl::OkStatus();
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
  ASSIGN_OR_RETURN(const RunRecord run, store::Runs(transaction).LockToAdd(job.subject_id));
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
  ASSIGN_OR_RETURN(const RunRecord run, runs.LockToAdd(run_id));
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
