// Rows of runs and their results. Belongs to the transaction it was made with.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "domain/run_record.h"
#include "store/database.h"
#include "store/page.h"

namespace invoice::store {

struct RunFilter {
  std::string vendor_id;  // empty: of all
  std::optional<domain::RunMode> mode;
  std::optional<domain::RunState> state;
};

class Runs {
 public:
  explicit Runs(Transaction& transaction) : transaction_(transaction) {}

  absl::Status Insert(const domain::RunRecord& run, absl::Time now);
  absl::Status InsertResults(const std::vector<domain::RunResult>& results, absl::Time now);
  // NOT_FOUND where there is none.
  absl::StatusOr<domain::RunRecord> Get(const std::string& id);
  absl::StatusOr<domain::RunRecord> Lock(const std::string& id);
  // For who adds customers: keeps the run from being stopped or added to until the end of the transaction.
  absl::StatusOr<domain::RunRecord> LockToAdd(const std::string& id);
  // For who bills its customers: the run may be stopped meanwhile, so the chunk is locked after it and looked at.
  absl::StatusOr<domain::RunRecord> Share(const std::string& id);
  // So many more customers; RUNNING where these are all.
  absl::Status Begin(const std::string& id, int count, bool complete);
  absl::Status SetState(const std::string& id, domain::RunState state, const std::string& problem,
                        std::optional<absl::Time> finished_at);
  // SUCCEEDED, where the run is RUNNING and all its chunks are done; the run must be locked before. Whether it is.
  absl::StatusOr<bool> Finish(const std::string& id, absl::Time now);

  absl::Status InsertChunks(const std::vector<domain::RunChunk>& chunks);
  // Whether a chunk of the run is not done.
  absl::StatusOr<bool> HasOpenChunks(const std::string& run_id);
  absl::StatusOr<int> CountChunks(const std::string& run_id);
  // The greatest customer id in any chunk; empty where there is none.
  absl::StatusOr<std::string> LastChunkedCustomer(const std::string& run_id);
  // The run of a chunk, without locking either. NOT_FOUND where there is no such chunk.
  absl::StatusOr<std::string> RunOfChunk(const std::string& id);
  absl::StatusOr<domain::RunChunk> GetChunk(const std::string& id);
  absl::StatusOr<domain::RunChunk> LockChunk(const std::string& id);
  absl::Status UpdateChunk(const domain::RunChunk& chunk);
  // Pending chunks are CANCELLED.
  absl::Status StopChunks(const std::string& run_id);
  // Chunks that are not done are PENDING again; their ids.
  absl::StatusOr<std::vector<std::string>> ResumeChunks(const std::string& run_id);
  // Which of the customers have a result already.
  absl::StatusOr<std::set<std::string>> FindDone(const std::string& run_id,
                                                 const std::vector<std::string>& customer_ids);
  // What runs decided for the customer about days of the period, latest first, at most base::kMaxDecisions.
  absl::StatusOr<std::vector<domain::RunResult>> FindResults(const std::string& customer_id,
                                                             const domain::Period& period);
  // Counts and totals over the runs of a span of days.
  absl::StatusOr<domain::RunStats> Stats(const std::string& vendor_id, absl::CivilDay from, absl::CivilDay to);
  // Newest first.
  absl::StatusOr<Page<domain::RunRecord>> List(const RunFilter& filter, const PageRequest& page);
  // By the customer's name.
  absl::StatusOr<Page<domain::RunResult>> ListResults(const std::string& run_id,
                                                      std::optional<domain::RunOutcome> outcome,
                                                      const PageRequest& page);

 private:
  Transaction& transaction_;
};

}  // namespace invoice::store
