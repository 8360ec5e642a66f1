#include "store/overdue.h"

#include "base/status.h"
#include "store/statements.h"

namespace invoice::store {

absl::StatusOr<std::vector<FallenOverdue>> Overdue::Note(absl::Time now, int limit) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      transaction_.Query(sql::kOverdueNote, {{"now", now}, {"latest_today", LatestToday(now)}, {"limit", limit}}));
  std::vector<FallenOverdue> fallen;
  for (const Row& row : rows) {
    fallen.push_back({.invoice_id = row.Text("id"),
                      .vendor_id = row.Text("vendor_id"),
                      .number = row.Text("number"),
                      .due_date = row.Day("due_on"),
                      .currency_code = row.Text("currency_code"),
                      .open_minor = row.Int("open_minor")});
  }
  return fallen;
}

}  // namespace invoice::store
