#include "domain/states.h"

#include <algorithm>

namespace invoice::domain {

InvoiceFacts FactsOf(const InvoiceRecord& invoice) {
  return {.issued = invoice.issued_at.has_value(),
          .cancelled = invoice.cancelled_at.has_value(),
          .sent = invoice.sent_at.has_value(),
          .total_minor = invoice.document.totals.total_minor,
          .paid_minor = invoice.paid_minor,
          .credited_minor = invoice.credited_minor,
          .due_date = invoice.document.due_date};
}

int64_t OpenAmount(const InvoiceFacts& facts) {
  return std::max<int64_t>(0, facts.total_minor - facts.credited_minor - facts.paid_minor);
}

InvoiceState StateOf(const InvoiceFacts& facts, absl::CivilDay today) {
  if (!facts.issued && !facts.cancelled) return InvoiceState::kDraft;
  if (facts.cancelled) return InvoiceState::kCancelled;
  const bool credit_note = facts.total_minor < 0;
  if (!credit_note) {
    if (facts.credited_minor > 0 && facts.credited_minor >= facts.total_minor) return InvoiceState::kCredited;
    if (OpenAmount(facts) == 0) return InvoiceState::kPaid;
    if (today > facts.due_date) return InvoiceState::kOverdue;
    if (facts.paid_minor > 0) return InvoiceState::kPartiallyPaid;
  }
  return facts.sent ? InvoiceState::kSent : InvoiceState::kIssued;
}

Delivery DeliveryOf(const std::vector<EmailFact>& emails, bool marked) {
  Delivery newest = Delivery::kNone;
  for (const EmailFact& email : emails) {
    if (!email.to) continue;
    switch (email.state) {
      case EmailState::kSent:
        return Delivery::kSent;
      case EmailState::kQueued:
      case EmailState::kSending:
        newest = Delivery::kQueued;
        break;
      case EmailState::kFailed:
        newest = Delivery::kFailed;
        break;
      case EmailState::kHeld:
        newest = Delivery::kHeld;
        break;
      case EmailState::kBounced:
        newest = Delivery::kBounced;
        break;
      case EmailState::kUnknown:
        newest = Delivery::kUnknown;
        break;
      case EmailState::kCancelled:
        break;
    }
  }
  return marked ? Delivery::kMarked : newest;
}

}  // namespace invoice::domain
