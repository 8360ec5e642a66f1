#include "app/claims.h"

#include <algorithm>
#include <vector>

#include "base/status.h"
#include "store/claims.h"
#include "store/invoices.h"
#include "store/period_decisions.h"

namespace invoice::app {

namespace {

// What is said of periods that wait because the invoice had days of them, once nobody bills one.
absl::Status SayWhatWasFreed(Core& core, store::Transaction& transaction, const domain::InvoiceRecord& invoice) {
  store::PeriodDecisions decisions(transaction);
  ASSIGN_OR_RETURN(std::vector<domain::PeriodDecision> found,
                   decisions.Find(invoice.customer_id, invoice.document.period));
  for (domain::PeriodDecision& decision : found) {
    if (decision.state != domain::PeriodDecisionState::kHeld || decision.reason != "PARTIAL_OVERLAP") continue;
    ASSIGN_OR_RETURN(const auto claims, store::Invoices(transaction).FindClaims(invoice.customer_id, decision.period));
    if (!claims.empty()) continue;
    decision.message =
        "the invoice that billed days of the period is cancelled or credited; reopen it, or bill it by hand";
    RETURN_IF_ERROR(decisions.PutAll({decision}, core.clock.Now()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReleaseDays(Core& core, store::Transaction& transaction, const domain::InvoiceRecord& invoice) {
  store::Claims claims(transaction);
  RETURN_IF_ERROR(store::Invoices(transaction).RemoveClaims(invoice.id));
  ASSIGN_OR_RETURN(const std::vector<store::ClaimHeir> heirs, claims.Heirs(invoice));
  const domain::Period& freed = invoice.document.period;
  for (const store::ClaimHeir& heir : heirs) {
    const domain::Period days{std::max(freed.first, heir.period.first), std::min(freed.last, heir.period.last)};
    RETURN_IF_ERROR(claims.Inherit(invoice, heir, days).status());
  }
  return SayWhatWasFreed(core, transaction, invoice);
}

}  // namespace invoice::app
