// Runs that somebody watches. Each is read once per base::kWatchPoll, however many watch it, by one thread that sleeps
// while there is none. Thread safe.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "app/core.h"
#include "domain/run_record.h"

namespace invoice::app {

class RunWatches {
  struct Run;

 public:
  // One who watches a run. Its thread is the caller's.
  class Watcher {
   public:
    ~Watcher();
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;

    // The run, where it changed since the last time, at first as it is; states that nobody took in time are left out.
    // None: it did not change yet. NOT_FOUND where there is no such run, UNAVAILABLE where the process stops.
    absl::StatusOr<std::optional<domain::RunRecord>> Take();
    // The run had ended when it was last taken: it does not change any more.
    bool ended() const { return ended_; }

   private:
    friend class RunWatches;
    Watcher(RunWatches& watches, std::shared_ptr<Run> run, std::function<void()> wake)
        : watches_(watches), run_(std::move(run)), wake_(std::move(wake)) {}

    RunWatches& watches_;
    const std::shared_ptr<Run> run_;
    const std::function<void()> wake_;
    int64_t taken_ = 0;  // the change that was taken last
    bool ended_ = false;
  };

  // Watchers are waked once per `look` also where nothing changed, so that their callers look at their rights again.
  explicit RunWatches(Core& core, absl::Duration look = absl::Seconds(10));
  // All watchers must be gone.
  ~RunWatches();
  RunWatches(const RunWatches&) = delete;
  RunWatches& operator=(const RunWatches&) = delete;

  // `wake` is called whenever Take() has something new, by a thread that holds a lock: it only hands on. Not after the
  // watcher is gone. Take() may have something at once.
  std::unique_ptr<Watcher> Watch(const std::string& id, std::function<void()> wake);

  // All watchers get UNAVAILABLE, later ones too.
  void Stop();

  // How often a run was read.
  int64_t reads() const { return reads_; }

 private:
  void Follow();
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool HasNews() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Look(const std::vector<std::shared_ptr<Run>>& runs) ABSL_LOCKS_EXCLUDED(mutex_);
  void Note(Run& run, absl::StatusOr<domain::RunRecord> found) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void WakeAll() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Leave(Watcher& watcher);

  Core& core_;
  const absl::Duration look_;
  absl::Mutex mutex_;
  std::map<std::string, std::shared_ptr<Run>> runs_ ABSL_GUARDED_BY(mutex_);  // that may still change, by id
  bool has_new_ ABSL_GUARDED_BY(mutex_) = false;                              // one that was not read yet
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::atomic<int64_t> reads_ = 0;
  std::thread thread_;
};

}  // namespace invoice::app
