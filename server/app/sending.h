// The queueing of emails about documents, always for a whole batch and in the caller's transaction: one email for each
// envelope recipient, with its job, or HELD without one where a guard of the SMTP configuration says so. Not a use
// case: rpc/ and jobs/ do not call it.
#pragma once

#include <string>
#include <vector>

#include "app/core.h"
#include "domain/email_record.h"
#include "domain/invoice_record.h"
#include "domain/recipients.h"
#include "store/database.h"
#include "store/jobs.h"

namespace invoice::app {

// One document on its way to its recipients, the addressee first.
struct Sending {
  domain::InvoiceRecord* invoice = nullptr;  // in the database, written or locked by the transaction
  std::vector<domain::Recipient> recipients;
  int resend_number = 0;
  std::string resend_of;  // the email that this sending repeats; empty: a first sending
};

// Writes the emails and their jobs, and into the invoices what becomes of their delivery. A sending of a batch run is
// HELD wholly where its emails go beyond max_emails_per_run of the configuration, so is each email beyond
// max_emails_per_recipient_per_day but the copies for the vendor's own archive. Where the vendor has no configuration
// nothing is held. The answer has the emails in the order of the sendings.
absl::StatusOr<std::vector<domain::EmailRecord>> QueueEmails(Core& core, store::Transaction& transaction,
                                                             const std::vector<Sending>& sendings,
                                                             store::Urgency urgency);

}  // namespace invoice::app
