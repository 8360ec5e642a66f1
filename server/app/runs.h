// Use cases of runs over many customers. The work itself is in the background (app/run_work.h). Thread-safe.
#pragma once

#include <optional>
#include <string>

#include "app/billing.h"
#include "app/call.h"
#include "app/core.h"
#include "domain/run_record.h"
#include "store/runs.h"

namespace invoice::app {

// Why a customer was, or was not, or would be billed on a date.
struct Explanation {
  domain::RunResult result;  // what the latest run decided, or what one would
  bool decided = false;
  std::vector<domain::RunResult> decisions;  // of runs about the period, latest first
};

// Whether nothing more becomes of the run by itself.
bool HasEnded(domain::RunState state);

class Runs {
 public:
  explicit Runs(Core& core) : core_(core) {}

  // Begins a run; with the hash of a plan it plans again first and refuses where something changed.
  absl::StatusOr<Outcome<domain::RunRecord>> Create(const Call& call, const BatchScope& scope,
                                                    const std::string& plan_hash,
                                                    const Encode<domain::RunRecord>& encode);
  // When it answers, nothing more is issued.
  absl::StatusOr<Outcome<domain::RunRecord>> Cancel(const Call& call, const std::string& id,
                                                    const Encode<domain::RunRecord>& encode);
  // A run that failed, stopped or was cancelled goes on with the customers that have no result.
  absl::StatusOr<Outcome<domain::RunRecord>> Resume(const Call& call, const std::string& id,
                                                    const Encode<domain::RunRecord>& encode);
  absl::StatusOr<domain::RunRecord> Get(const std::string& id);
  absl::StatusOr<store::Page<domain::RunRecord>> List(const store::RunFilter& filter, const store::PageRequest& page);
  absl::StatusOr<store::Page<domain::RunResult>> ListResults(const std::string& run_id,
                                                             std::optional<domain::RunOutcome> outcome,
                                                             const store::PageRequest& page);
  // Days without a value: the last 30 up to today.
  absl::StatusOr<domain::RunStats> Stats(const std::string& vendor_id, std::optional<absl::CivilDay> from,
                                         std::optional<absl::CivilDay> to);
  // `date` none: the customer's today.
  absl::StatusOr<Explanation> Explain(const std::string& customer_id, std::optional<absl::CivilDay> date);

 private:
  absl::StatusOr<Explanation> Explain(const std::string& customer_id, std::optional<absl::CivilDay> date,
                                      TextChecks& checks);

  Core& core_;
};

}  // namespace invoice::app
