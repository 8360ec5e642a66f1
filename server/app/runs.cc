#include "app/runs.h"

#include "base/status.h"

namespace invoice::app {

absl::StatusOr<domain::RunRecord> Runs::Get(const std::string& id) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  return store::Runs(transaction).Get(id);
}

absl::StatusOr<store::Page<domain::RunRecord>> Runs::List(const store::RunFilter& filter,
                                                          const store::PageRequest& page) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  return store::Runs(transaction).List(filter, page);
}

absl::StatusOr<store::Page<domain::RunResult>> Runs::ListResults(const std::string& run_id,
                                                                 std::optional<domain::RunOutcome> outcome,
                                                                 const store::PageRequest& page) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  store::Runs runs(transaction);
  RETURN_IF_ERROR(runs.Get(run_id).status());
  return runs.ListResults(run_id, outcome, page);
}

}  // namespace invoice::app
