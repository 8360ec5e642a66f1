#include "app/claims.h"

#include <algorithm>

#include "base/status.h"
#include "store/claims.h"
#include "store/invoices.h"

namespace invoice::app {

absl::Status ReleaseDays(Core& /*core*/, store::Transaction& transaction, const domain::InvoiceRecord& invoice) {
  store::Claims claims(transaction);
  RETURN_IF_ERROR(store::Invoices(transaction).RemoveClaims(invoice.id));
  ASSIGN_OR_RETURN(const std::vector<store::ClaimHeir> heirs, claims.Heirs(invoice));
  const domain::Period& freed = invoice.document.period;
  for (const store::ClaimHeir& heir : heirs) {
    const domain::Period days{std::max(freed.first, heir.period.first), std::min(freed.last, heir.period.last)};
    RETURN_IF_ERROR(claims.Inherit(invoice, heir, days).status());
  }
  return absl::OkStatus();
}

}  // namespace invoice::app
