// How days of a customer pass on when an invoice goes. Not a use case: rpc/ and jobs/ do not call it.
#pragma once

#include "app/core.h"
#include "domain/invoice_record.h"
#include "store/database.h"

namespace invoice::app {

// Frees the days of an invoice that was cancelled or wholly credited, in the transaction that says so; the customer is
// locked by it. Standing invoices that were billed beside it on purpose take over what of their periods becomes free,
// the oldest first.
absl::Status ReleaseDays(Core& core, store::Transaction& transaction, const domain::InvoiceRecord& invoice);

}  // namespace invoice::app
