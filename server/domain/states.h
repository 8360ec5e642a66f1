// What an invoice is today, computed from the facts that are stored (domain rules: "Invoice states"). Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "domain/invoice_record.h"
#include "domain/kinds.h"

namespace invoice::domain {

struct InvoiceFacts {
  bool issued = false;
  bool cancelled = false;
  bool sent = false;           // handed over by email, post or portal
  int64_t total_minor = 0;     // of a credit note negative
  int64_t paid_minor = 0;      // allocated payments
  int64_t credited_minor = 0;  // credit notes, as a positive amount
  absl::CivilDay due_date;
};

InvoiceFacts FactsOf(const InvoiceRecord& invoice);

// What is still to be paid, never below zero; of a cancelled invoice nothing.
int64_t OpenAmount(const InvoiceFacts& facts);

// In this precedence: DRAFT (neither issued nor cancelled), CANCELLED, CREDITED (credited, and nothing remains), PAID
// (nothing open), OVERDUE (open, and `today` is after the due date), PARTIALLY_PAID, SENT, ISSUED. `today` is the local
// date of the customer. A credit note is never open: it is SENT or ISSUED.
InvoiceState StateOf(const InvoiceFacts& facts, absl::CivilDay today);

// One email of an invoice, as far as delivery goes.
struct EmailFact {
  EmailState state = EmailState::kQueued;
  bool to = true;         // goes to the To recipient; copies do not count
  bool repeated = false;  // sent again after an unknown outcome: the server may have the first message
};

// What became of the invoice on its way: SENT where an email to the To recipient was, then MARKED where a person marked
// it sent by post or portal, else the state of the newest email to the To recipient that was not cancelled. `emails`
// are in order of their making.
Delivery DeliveryOf(const std::vector<EmailFact>& emails, bool marked);

// The steps of an invoice's life. Each refusal is FAILED_PRECONDITION INVALID_STATE; its message names the state and
// the way out, its metadata {state}.

// Cancelling: a draft, or an issued invoice while nothing was handed over (not marked sent; of its emails, copies too,
// none is beyond QUEUED or may have arrived), and nothing is paid or credited. A credit note cannot be cancelled.
absl::Status CheckCancel(const InvoiceFacts& facts, const std::vector<EmailFact>& emails, absl::CivilDay today);
// Recording a handing over by post or portal: whatever is issued and not cancelled.
absl::Status CheckMarkSent(const InvoiceFacts& facts, absl::CivilDay today);
// Taking back, whole or in part: an issued invoice of which something remains.
absl::Status CheckCredit(const InvoiceFacts& facts, absl::CivilDay today);

}  // namespace invoice::domain
