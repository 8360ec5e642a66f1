// What an invoice shows of its way to the customer, kept in step with its emails. For the use cases and jobs that
// change an email, in their transaction.
#pragma once

#include "app/core.h"
#include "domain/email_record.h"
#include "store/database.h"

namespace invoice::app {

// After `email` was written: its invoice is locked and shows what became of its To emails (domain::DeliveryOf). What
// was sent stays so unless this email came back, what a person marked as handed over until an email does better.
absl::Status UpdateDelivery(const Core& core, store::Transaction& transaction, const domain::EmailRecord& email);

}  // namespace invoice::app
