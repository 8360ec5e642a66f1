// Rows of runs and their results. Belongs to the transaction it was made with.
#pragma once

#include <optional>
#include <string>

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
  absl::Status InsertResult(const std::string& vendor_id, const domain::RunResult& result, absl::Time now);
  // NOT_FOUND where there is none.
  absl::StatusOr<domain::RunRecord> Get(const std::string& id);
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
