// Use cases of runs and their results. Thread-safe.
#pragma once

#include <string>

#include "app/core.h"
#include "domain/run_record.h"
#include "store/runs.h"

namespace invoice::app {

class Runs {
 public:
  explicit Runs(Core& core) : core_(core) {}

  absl::StatusOr<domain::RunRecord> Get(const std::string& id);
  absl::StatusOr<store::Page<domain::RunRecord>> List(const store::RunFilter& filter, const store::PageRequest& page);
  // NOT_FOUND where the run does not exist.
  absl::StatusOr<store::Page<domain::RunResult>> ListResults(const std::string& run_id,
                                                             std::optional<domain::RunOutcome> outcome,
                                                             const store::PageRequest& page);

 private:
  Core& core_;
};

}  // namespace invoice::app
