// Batch runs as background work: START_RUN cuts a run into chunks, RUN_CHUNK bills the customers of one
// (app/chunk_work.h). If a worker crashes, another one bills the customers that have no result yet. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "app/billing.h"
#include "app/call.h"
#include "app/core.h"
#include "base/limits.h"
#include "domain/run_record.h"
#include "store/jobs.h"

namespace invoice::app {

class RunWork {
 public:
  // `chunk_size`: customers in one transaction, 1 to base::kMaxRunChunk. `longest`: of such a transaction.
  RunWork(Core& core, int chunk_size, absl::Duration longest = base::kChunkTransaction)
      : core_(core), chunk_size_(chunk_size), longest_(longest) {}

  // The job START_RUN; its subject is a run.
  absl::Status Start(const store::Job& job);
  // The job RUN_CHUNK; its subject is a chunk.
  absl::Status Work(const store::Job& job);
  // A chunk, or the start of a run, that is given up: the run is FAILED until somebody resumes it.
  absl::Status GiveUpStart(const store::Job& job, const absl::Status& why);
  absl::Status GiveUpChunk(const store::Job& job, const absl::Status& why);

  // Adds customers to a run as new chunks with their jobs, in the caller's transaction, which holds the run.
  // `complete`: no more will come, and the run ends with its last chunk.
  absl::Status AddCustomers(store::Transaction& transaction, const std::string& run_id,
                            const std::vector<Candidate>& candidates, bool complete);

 private:
  enum class Progress { kMore, kAll, kStopped };  // of the start of a run
  absl::StatusOr<std::string> StartSome(const store::Job& job, const std::string& after, Progress& progress);
  absl::Status FinishRun(const store::Job& job, const std::string& run_id);

  Core& core_;
  const int chunk_size_;
  const absl::Duration longest_;
};

// Ends a run before all its customers are done: pending chunks are CANCELLED, and the periods that it took over from
// their schedules wait for a person. The run must be locked by the transaction.
absl::Status StopRun(Core& core, store::Transaction& transaction, const domain::RunRecord& run, domain::RunState state,
                     const std::string& problem, const std::string& actor_name);

}  // namespace invoice::app
