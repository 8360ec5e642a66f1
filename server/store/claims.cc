#include "store/claims.h"

#include "base/limits.h"
#include "base/status.h"
#include "store/statements.h"

namespace invoice::store {

absl::StatusOr<std::vector<ClaimHeir>> Claims::Heirs(const domain::InvoiceRecord& invoice) {
  const domain::Period& period = invoice.document.period;
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kClaimListHeirs, {{"customer_id", invoice.customer_id},
                                                                              {"invoice_id", invoice.id},
                                                                              {"first", period.first},
                                                                              {"last", period.last},
                                                                              {"limit", base::kMaxClaimHeirs}}));
  std::vector<ClaimHeir> heirs;
  for (const Row& row : rows) {
    heirs.push_back({row.Text("id"), {row.Day("period_start_on"), row.Day("period_end_on")}});
  }
  return heirs;
}

absl::StatusOr<int64_t> Claims::Inherit(const domain::InvoiceRecord& from, const ClaimHeir& heir,
                                        const domain::Period& days) {
  return transaction_.Execute(sql::kClaimInherit, {{"invoice_id", heir.invoice_id},
                                                   {"vendor_id", from.vendor_id},
                                                   {"customer_id", from.customer_id},
                                                   {"first", days.first},
                                                   {"last", days.last}});
}

}  // namespace invoice::store
