#include "domain/due_date.h"

#include "domain/calendar.h"

namespace invoice::domain {

absl::CivilDay DueDate(const PaymentTerms& terms, absl::CivilDay invoice_date) {
  switch (terms.kind) {
    case PaymentTermsKind::kDueOnReceipt:
      return invoice_date;
    case PaymentTermsKind::kNet:
      return invoice_date + terms.days;
    case PaymentTermsKind::kEndOfMonth:
      return EndOfMonth(invoice_date);
    case PaymentTermsKind::kEndOfNextMonth:
      return EndOfMonth(EndOfMonth(invoice_date) + 1);
  }
  return invoice_date;
}

}  // namespace invoice::domain
