#include "domain/states.h"

#include <algorithm>

#include "base/status.h"
#include "fmt/format.h"

namespace invoice::domain {
namespace {

bool IsCreditNote(const InvoiceFacts& facts) { return facts.total_minor < 0; }

absl::Status RefusedInState(const InvoiceFacts& facts, InvoiceState state, std::string_view why) {
  const std::string_view document = IsCreditNote(facts) ? "credit note" : "invoice";
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kInvalidState,
                       fmt::format("the {} is {}: {}", document, Name(state), why),
                       {{"state", std::string(Name(state))}});
}

// What is left to do about an invoice that the customer has: CheckCredit() refuses a total of zero.
std::string_view WayOutOf(const InvoiceFacts& facts) {
  return facts.total_minor == 0 ? "its total is zero, so bill the period again beside it, with a reason"
                                : "issue a credit note";
}

// Whether the customer's server has the message, or may have it.
bool IsHandedOver(const EmailFact& email) {
  switch (email.state) {
    case EmailState::kSending:
    case EmailState::kSent:
    case EmailState::kBounced:
    case EmailState::kUnknown:
      return true;
    case EmailState::kQueued:
    case EmailState::kFailed:
    case EmailState::kHeld:
    case EmailState::kCancelled:
      return email.repeated;
  }
  return true;
}

}  // namespace

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
  if (facts.cancelled) return 0;
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

absl::Status CheckCancel(const InvoiceFacts& facts, const std::vector<EmailFact>& emails, absl::CivilDay today) {
  const InvoiceState state = StateOf(facts, today);
  if (state == InvoiceState::kDraft) return absl::OkStatus();
  if (state == InvoiceState::kCancelled) return RefusedInState(facts, state, "there is nothing left to cancel");
  if (IsCreditNote(facts)) {
    return RefusedInState(facts, state, "it cannot be cancelled; issue a new invoice for what it took back");
  }
  if (state == InvoiceState::kCredited) {
    return RefusedInState(facts, state, "nothing of it is left to cancel; bill the period again if it is to be billed");
  }
  if (facts.paid_minor > 0) return RefusedInState(facts, state, "something is paid already; issue a credit note");
  if (facts.credited_minor > 0) {
    return RefusedInState(facts, state, "something is credited already; issue a credit note for the rest");
  }
  if (facts.sent) return RefusedInState(facts, state, fmt::format("it was handed over already; {}", WayOutOf(facts)));
  if (std::any_of(emails.begin(), emails.end(), IsHandedOver)) {
    return RefusedInState(facts, state,
                          fmt::format("an email with it is on its way or may have arrived; {}", WayOutOf(facts)));
  }
  return absl::OkStatus();
}

absl::Status CheckMarkSent(const InvoiceFacts& facts, absl::CivilDay today) {
  const InvoiceState state = StateOf(facts, today);
  if (state == InvoiceState::kDraft) return RefusedInState(facts, state, "issue it before it is handed over");
  if (state == InvoiceState::kCancelled) {
    return RefusedInState(facts, state, "bill the period again and hand over the new invoice");
  }
  return absl::OkStatus();
}

absl::Status CheckCredit(const InvoiceFacts& facts, absl::CivilDay today) {
  const InvoiceState state = StateOf(facts, today);
  if (state == InvoiceState::kDraft) return RefusedInState(facts, state, "change or cancel it instead");
  if (state == InvoiceState::kCancelled)
    return RefusedInState(facts, state, "nothing of it stands that could be credited");
  if (IsCreditNote(facts)) return RefusedInState(facts, state, "it cannot be credited; issue a new invoice instead");
  if (state == InvoiceState::kCredited)
    return RefusedInState(facts, state, "nothing of it remains; bill the period again");
  if (facts.total_minor == 0) {
    return RefusedInState(facts, state, "its total is zero; bill the period again beside it, with a reason");
  }
  return absl::OkStatus();
}

}  // namespace invoice::domain
