// Until when an invoice is to be paid. Pure.
#pragma once

#include "absl/time/civil_time.h"
#include "domain/invoice.h"

namespace invoice::domain {

// DUE_ON_RECEIPT: the invoice date. NET: so many days after it. END_OF_MONTH and END_OF_NEXT_MONTH: of the invoice
// date's month. The result may lie past the accepted dates: the caller asks IsAccepted().
absl::CivilDay DueDate(const PaymentTerms& terms, absl::CivilDay invoice_date);

}  // namespace invoice::domain
