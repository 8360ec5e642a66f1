#include "jobs/worker.h"

#include <algorithm>
#include <cstdlib>
#include <random>

#include "base/limits.h"
#include "base/log.h"
#include "base/status.h"
#include "store/errors.h"

namespace invoice::jobs {
namespace {

// What a failure says about the job.
enum class Failure {
  kPermanent,    // it fails each time: not tried again
  kOwn,          // counts against base::kMaxJobAttempts
  kInterrupted,  // a session, lock or worker was lost, for which the job may be the reason: base::kMaxJobInterruptions
  kNotBegun,     // the database could not be reached, or this process stops: does not count
};

Failure FailureOf(const absl::Status& status) {
  if (absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status) || absl::IsNotFound(status) ||
      absl::IsDataLoss(status)) {
    return Failure::kPermanent;
  }
  if (absl::IsDeadlineExceeded(status)) return Failure::kInterrupted;
  if (!absl::IsUnavailable(status)) return Failure::kOwn;
  return store::IsNotBegun(status) ? Failure::kNotBegun : Failure::kInterrupted;
}

bool GivesUp(const store::Job& job, Failure failure) {
  switch (failure) {
    case Failure::kPermanent:
      return true;
    case Failure::kOwn:
      return job.failure_count + 1 >= base::kMaxJobAttempts;
    case Failure::kInterrupted:
      return job.failure_count + 1 >= base::kMaxJobInterruptions;
    case Failure::kNotBegun:
      return false;
  }
  std::abort();
}

// What is kept of a failure, where people read it. What was not written for them is in the log alone.
std::string TextOf(const absl::Status& status) {
  if (base::DetailOf(status).reason != base::Reason::kUnknown) return std::string(status.message());
  return "an internal fault; the log names it by the job's subject";
}

// 1, 2, 4 ... seconds up to the bound, less up to a quarter so that failures spread out.
absl::Duration BackOff(int attempt) {
  thread_local std::minstd_rand random{std::random_device{}()};
  absl::Duration delay = base::kJobBackoffFirst;
  for (int i = 1; i < attempt && delay < base::kJobBackoffMax; ++i) delay *= 2;
  delay = std::min(delay, base::kJobBackoffMax);
  return delay * std::uniform_real_distribution<double>(0.75, 1.0)(random);
}

}  // namespace

Worker::Worker(store::Database& database, base::Metrics& metrics, WorkerOptions options,
               std::map<std::string, Handler> handlers)
    : database_(database),
      metrics_(metrics),
      options_(std::move(options)),
      handlers_(std::move(handlers)),
      listener_(options_.url, "invoice_jobs") {}

Worker::~Worker() { Stop(absl::InfiniteDuration()); }

void Worker::Run() {
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { Execute(); });
  threads_.emplace_back([this] { RenewLeases(); });
  Fetch();
}

bool Worker::Stop(absl::Duration wait) {
  std::vector<store::Job> unbegun;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    unbegun.assign(waiting_.begin(), waiting_.end());
    waiting_.clear();
  }
  GiveBack(unbegun);
  const auto idle = [this] {
    mutex_.AssertReaderHeld();
    return running_.empty() && busy_ == 0;
  };
  bool ended = false;
  {
    absl::MutexLock lock(&mutex_);
    ended = mutex_.AwaitWithTimeout(absl::Condition(&idle), wait);
  }
  if (!ended) return false;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  return true;
}

Worker::Room Worker::FindRoom() {
  absl::MutexLock lock(&mutex_);
  if (stopping_) return {.places = -1, .full = {}};
  std::map<std::string, int> in_hand = busy_with_;
  for (const store::Job& job : waiting_) ++in_hand[job.kind];
  Room room{.places = options_.threads - busy_ - static_cast<int>(waiting_.size()), .full = {}};
  for (const auto& [kind, handler] : handlers_) {
    if (handler.most_threads == 0) continue;
    const int left = handler.most_threads - in_hand[kind];
    if (left <= 0) {
      room.full.push_back(kind);
    } else {
      room.places = std::min(room.places, left);
    }
  }
  return room;
}

std::vector<store::Job> Worker::FetchFor(const Room& room, absl::Duration* pause) {
  absl::StatusOr<store::Transaction> transaction = database_.Begin();
  if (!transaction.ok()) return {};
  store::Jobs jobs(*transaction);
  std::vector<store::Job> fetched;
  auto found = jobs.Fetch(options_.name, std::min(room.places, base::kJobBatch), base::kJobLease, Held(), room.full);
  if (found.ok()) fetched = *std::move(found);
  if (fetched.empty()) {
    auto next = jobs.NextDelay(room.full);
    if (next.ok() && *next) *pause = std::clamp(**next, base::kJobPollLeast, *pause);
  }
  // Not committed: nothing is leased, and the jobs are fetched again.
  if (!transaction->Commit().ok()) return {};
  return fetched;
}

void Worker::WaitForPlace() {
  absl::MutexLock lock(&mutex_);
  const auto place = [this] {
    mutex_.AssertReaderHeld();
    return stopping_ || busy_ + static_cast<int>(waiting_.size()) < options_.threads;
  };
  mutex_.AwaitWithTimeout(absl::Condition(&place), base::kJobPoll);
}

// Fetches no more than the threads can begin at once: what waits here is not waiting for another worker.
void Worker::Fetch() {
  for (Room room = FindRoom(); room.places >= 0; room = FindRoom()) {
    if (room.places == 0) {
      WaitForPlace();
      continue;
    }
    absl::Duration pause = base::kJobPoll;
    const std::vector<store::Job> fetched = FetchFor(room, &pause);
    if (fetched.empty()) {
      listener_.Wait(pause);
      continue;
    }
    absl::MutexLock lock(&mutex_);
    waiting_.insert(waiting_.end(), fetched.begin(), fetched.end());
  }
  // A batch that was fetched while Stop() emptied the queue.
  std::vector<store::Job> late;
  {
    absl::MutexLock lock(&mutex_);
    late.assign(waiting_.begin(), waiting_.end());
    waiting_.clear();
  }
  GiveBack(late);
}

void Worker::Execute() {
  const auto ready = [this] {
    mutex_.AssertReaderHeld();
    return stopping_ || !waiting_.empty();
  };
  for (;;) {
    store::Job job;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&ready));
      if (stopping_) return;
      job = std::move(waiting_.front());
      waiting_.pop_front();
      running_[job.id] = job;
      ++busy_;
      ++busy_with_[job.kind];
    }
    static const Handler none{
        .run = [](const store::Job&) { return absl::FailedPreconditionError("no handler for jobs of this kind"); }};
    const auto found = handlers_.find(job.kind);
    const Handler& handler = found == handlers_.end() ? none : found->second;
    if (job.failure_count >= base::kMaxJobInterruptions) {
      End(job, absl::Now(), absl::FailedPreconditionError("all attempts ended without a result"));
    } else {
      handler.batch > 1 ? RunTogether(handler, job) : RunOne(handler, job);
    }
    {
      absl::MutexLock lock(&mutex_);
      --busy_;
      --busy_with_[job.kind];
    }
    if (handler.most_threads > 0) listener_.Wake();  // there may be room for the kind again
  }
}

void Worker::RunOne(const Handler& handler, const store::Job& job) {
  const base::ScopedRequestId scope("job-" + job.id);
  const absl::Time start = absl::Now();
  absl::Status status;
  try {
    status = handler.run(job);
  } catch (const std::exception& error) {
    status = absl::InternalError(error.what());
  }
  End(job, start, status);
}

void Worker::RunTogether(const Handler& handler, const store::Job& first) {
  const base::ScopedRequestId scope("job-" + first.id);
  const absl::Time start = absl::Now();
  std::vector<store::Job> jobs = TakeAlong(handler, first);
  jobs.insert(jobs.begin(), first);
  const auto ended = [this, start](const store::Job& job, const absl::Status& status) { End(job, start, status); };
  const auto hand_back = [this](const std::vector<store::Job>& rest) { HandBack(rest); };
  try {
    handler.run_all(jobs, ended, hand_back);
  } catch (const std::exception& error) {
    std::vector<store::Job> open;
    {
      absl::MutexLock lock(&mutex_);
      for (const store::Job& job : jobs) {
        if (running_.contains(job.id)) open.push_back(job);
      }
    }
    for (const store::Job& job : open) End(job, start, absl::InternalError(error.what()));
  }
}

// More of the kind that are due. None where the database fails: one is enough to go on with.
std::vector<store::Job> Worker::TakeAlong(const Handler& handler, const store::Job& first) {
  absl::StatusOr<store::Transaction> transaction = database_.Begin();
  if (!transaction.ok()) return {};
  auto more = store::Jobs(*transaction).FetchKind(options_.name, first.kind, handler.batch - 1, base::kJobLease);
  if (!more.ok() || !transaction->Commit().ok()) return {};
  absl::MutexLock lock(&mutex_);
  for (const store::Job& job : *more) running_[job.id] = job;
  return *std::move(more);
}

void Worker::End(const store::Job& job, absl::Time started_at, const absl::Status& status) {
  metrics_.GetHistogram("invoice_job_seconds", "Time a job took", {{"kind", job.kind}})
      .Observe(absl::Now() - started_at);
  metrics_
      .GetCounter("invoice_jobs_total", "Attempts at jobs",
                  {{"kind", job.kind}, {"result", std::string(absl::StatusCodeToString(status.code()))}})
      .Increment();
  if (!status.ok()) EndFailed(job, status);
  absl::MutexLock lock(&mutex_);
  running_.erase(job.id);
}

void Worker::HandBack(const std::vector<store::Job>& jobs) {
  GiveBack(jobs);
  absl::MutexLock lock(&mutex_);
  for (const store::Job& job : jobs) running_.erase(job.id);
}

void Worker::EndFailed(const store::Job& job, const absl::Status& status) {
  if (absl::IsAborted(status)) return;  // the fence: the job is another worker's now
  const Failure failure = FailureOf(status);
  const bool give_up = GivesUp(job, failure);
  base::Log(give_up ? base::Level::kError : base::Level::kWarning, "job_failed",
            {{"kind", job.kind},
             {"subject", job.subject_id},
             {"failures", job.failure_count + 1},
             {"give_up", give_up},
             {"error", std::string(status.message())}});
  if (give_up) return GiveUp(job, status);
  absl::StatusOr<store::Transaction> transaction = database_.Begin();
  if (!transaction.ok()) return;  // the lease runs out and the job is fetched again
  store::Jobs jobs(*transaction);
  const std::string message = TextOf(status);
  const absl::Duration delay = BackOff(job.failure_count + 1);
  const absl::Status ended =
      failure == Failure::kNotBegun ? jobs.PutOff(job, delay, message) : jobs.Retry(job, delay, message);
  if (ended.ok()) transaction->Commit().IgnoreError();
}

void Worker::GiveUp(const store::Job& job, const absl::Status& status) {
  const auto handler = handlers_.find(job.kind);
  if (handler != handlers_.end() && handler->second.give_up) {
    if (const absl::Status told = handler->second.give_up(job, status); !told.ok()) {
      // The job keeps its lease and comes up again: its subject must not be left without an end.
      base::Log(base::Level::kWarning, "job_not_given_up", {{"job", job.id}, {"error", std::string(told.message())}});
      return;
    }
  }
  absl::StatusOr<store::Transaction> transaction = database_.Begin();
  if (!transaction.ok()) return;
  if (store::Jobs(*transaction).Fail(job, TextOf(status)).ok()) transaction->Commit().IgnoreError();
}

std::vector<std::string> Worker::Held() {
  absl::MutexLock lock(&mutex_);
  std::vector<std::string> held;
  for (const auto& [id, job] : running_) held.push_back(id);
  for (const store::Job& job : waiting_) held.push_back(job.id);
  return held;
}

absl::Status Worker::Renew(const std::vector<store::Job>& jobs) {
  ASSIGN_OR_RETURN(store::Transaction transaction, database_.Begin());
  RETURN_IF_ERROR(store::Jobs(transaction).RenewAll(jobs, base::kJobLease).status());
  return transaction.Commit();
}

void Worker::RenewLeases() {
  const auto over = [this] {
    mutex_.AssertReaderHeld();
    return stopping_ && running_.empty();
  };
  for (;;) {
    std::vector<store::Job> held;
    {
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&over), base::kJobHeartbeat)) return;
      for (const auto& [id, job] : running_) held.push_back(job);
      held.insert(held.end(), waiting_.begin(), waiting_.end());
    }
    if (held.empty()) continue;
    if (const absl::Status status = Renew(held); !status.ok()) {
      base::Log(base::Level::kWarning, "leases_not_renewed",
                {{"jobs", held.size()}, {"error", std::string(status.message())}});
    }
  }
}

void Worker::GiveBack(const std::vector<store::Job>& jobs) {
  if (jobs.empty()) return;
  absl::StatusOr<store::Transaction> transaction = database_.Begin();
  if (!transaction.ok()) return;  // the leases run out
  if (store::Jobs(*transaction).GiveBackAll(jobs).ok()) transaction->Commit().IgnoreError();
}

}  // namespace invoice::jobs
