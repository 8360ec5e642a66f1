#include "store/leader.h"

#include "base/status.h"
#include "store/statements.h"

namespace invoice::store {

absl::StatusOr<bool> TryLead(Transaction& transaction) {
  constexpr int64_t kLeaderLock = 0x696e766f69636531;  // any number that no other lock of this database has
  ASSIGN_OR_RETURN(const std::optional<Row> row, transaction.QueryRow(sql::kSchedulerLead, {{"key", kLeaderLock}}));
  return row->Bool("leading");
}

}  // namespace invoice::store
