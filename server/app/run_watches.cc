#include "app/run_watches.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "app/runs.h"
#include "base/limits.h"
#include "base/status.h"
#include "store/runs.h"

namespace invoice::app {
namespace {

using domain::RunRecord;

// So long a run that was read before may not be readable, before its watchers are told.
constexpr absl::Duration kFaultPatience = absl::Seconds(15);

auto ProgressOf(const RunRecord& run) {
  return std::tuple(run.version, run.invoiced_count, run.skipped_count, run.held_count, run.failed_count);
}

absl::Status Stopping() {
  return base::Unavailable(base::Reason::kOverloaded, "the server stops", base::kRetryAfterOutage);
}

}  // namespace

// A run with its watchers. All of it is guarded by the mutex of RunWatches.
struct RunWatches::Run {
  std::string id;
  absl::StatusOr<RunRecord> latest = absl::UnknownError("not read yet");
  int64_t changes = 0;  // of `latest`
  absl::Time read_at = absl::InfinitePast();
  std::vector<Watcher*> watchers;
};

RunWatches::RunWatches(Core& core, absl::Duration look) : core_(core), look_(look), thread_([this] { Follow(); }) {}

RunWatches::~RunWatches() {
  Stop();
  thread_.join();
}

std::unique_ptr<RunWatches::Watcher> RunWatches::Watch(const std::string& id, std::function<void()> wake) {
  const absl::MutexLock lock(&mutex_);
  std::shared_ptr<Run>& run = runs_[id];
  if (run == nullptr) {
    run = std::make_shared<Run>();
    run->id = id;
    has_new_ = true;
  }
  std::unique_ptr<Watcher> watcher(new Watcher(*this, run, std::move(wake)));
  run->watchers.push_back(watcher.get());
  return watcher;
}

absl::StatusOr<std::optional<RunRecord>> RunWatches::Watcher::Take() {
  const absl::MutexLock lock(&watches_.mutex_);
  if (watches_.stopping_) return Stopping();
  if (taken_ == run_->changes) return std::nullopt;
  taken_ = run_->changes;
  if (!run_->latest.ok()) return run_->latest.status();
  ended_ = HasEnded(run_->latest->state);
  return std::optional(*run_->latest);
}

RunWatches::Watcher::~Watcher() { watches_.Leave(*this); }

void RunWatches::Leave(Watcher& watcher) {
  const absl::MutexLock lock(&mutex_);
  std::erase(watcher.run_->watchers, &watcher);
  const auto found = runs_.find(watcher.run_->id);
  if (watcher.run_->watchers.empty() && found != runs_.end() && found->second == watcher.run_) runs_.erase(found);
}

void RunWatches::Stop() {
  const absl::MutexLock lock(&mutex_);
  stopping_ = true;
  WakeAll();
}

void RunWatches::WakeAll() {
  for (const auto& [id, run] : runs_) {
    for (Watcher* watcher : run->watchers) watcher->wake_();
  }
}

bool RunWatches::HasWork() const { return stopping_ || !runs_.empty(); }
bool RunWatches::HasNews() const { return stopping_ || has_new_; }

void RunWatches::Follow() {
  absl::Time next_round = absl::InfinitePast();
  absl::Time next_look = absl::Now() + look_;
  for (;;) {
    std::vector<std::shared_ptr<Run>> runs;
    {
      const absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &RunWatches::HasWork));
      mutex_.AwaitWithDeadline(absl::Condition(this, &RunWatches::HasNews), next_round);
      if (stopping_) return;
      const bool all = absl::Now() >= next_round;
      if (all) next_round = absl::Now() + base::kWatchPoll;
      for (const auto& [id, run] : runs_) {
        if (all || run->changes == 0) runs.push_back(run);
      }
      has_new_ = false;
      if (absl::Now() >= next_look) {
        next_look = absl::Now() + look_;
        WakeAll();
      }
    }
    Look(runs);
  }
}

void RunWatches::Look(const std::vector<std::shared_ptr<Run>>& runs) {
  if (runs.empty()) return;
  absl::StatusOr<store::Transaction> transaction = core_.database.Begin();
  absl::Status fault = transaction.status();  // after the first one the transaction is of no use
  for (const std::shared_ptr<Run>& run : runs) {
    reads_ += fault.ok() ? 1 : 0;
    absl::StatusOr<RunRecord> found =
        fault.ok() ? store::Runs(*transaction).Get(run->id) : absl::StatusOr<RunRecord>(fault);
    if (!found.ok() && !absl::IsNotFound(found.status())) fault = found.status();
    const absl::MutexLock lock(&mutex_);
    if (found.ok()) {
      run->read_at = absl::Now();
    } else if (!absl::IsNotFound(found.status()) && absl::Now() < run->read_at + kFaultPatience) {
      continue;
    }
    Note(*run, std::move(found));
  }
}

void RunWatches::Note(Run& run, absl::StatusOr<RunRecord> found) {
  const bool changed = !found.ok() || !run.latest.ok() || ProgressOf(*found) != ProgressOf(*run.latest);
  if (!changed) return;
  const bool is_last = !found.ok() || HasEnded(found->state);
  run.latest = std::move(found);
  ++run.changes;
  for (Watcher* watcher : run.watchers) watcher->wake_();
  // Who comes from now on reads it anew: an ended run may be resumed.
  const auto kept = runs_.find(run.id);
  if (is_last && kept != runs_.end() && kept->second.get() == &run) runs_.erase(kept);
}

}  // namespace invoice::app
