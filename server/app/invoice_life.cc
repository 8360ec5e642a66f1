#include "app/invoice_life.h"

#include "app/claims.h"
#include "app/once.h"
#include "app/today.h"
#include "base/status.h"
#include "domain/calendar.h"
#include "domain/email_state.h"
#include "domain/states.h"
#include "store/customers.h"
#include "store/emails.h"
#include "store/invoices.h"
#include "store/json.h"
#include "store/vendors.h"

namespace invoice::app {
namespace {

using domain::EmailRecord;
using domain::InvoiceRecord;
using InvoiceAnswer = absl::StatusOr<InvoiceRecord>;

std::vector<domain::EmailFact> FactsOfEmails(const std::vector<EmailRecord>& emails) {
  std::vector<domain::EmailFact> facts;
  for (const EmailRecord& email : emails) {
    facts.push_back({email.state, email.recipient_role == "TO", /*repeated=*/email.repeat_count > 0 || email.sent_at});
  }
  return facts;
}

std::string AuditTextOfAction(const InvoiceRecord& invoice, const std::string& text) {
  return store::ToJson(std::vector<std::string>{invoice.document.number, std::string(domain::Name(invoice.delivery)),
                                                invoice.cancelled_at ? "cancelled" : "", text});
}

// A closed month keeps its invoices.
absl::Status CheckBooksOf(const domain::Vendor& vendor, const InvoiceRecord& invoice) {
  const std::optional<absl::CivilDay>& closed = vendor.books_closed_through;
  if (!invoice.issued_at || !closed || invoice.document.invoice_date > *closed) return absl::OkStatus();
  const std::string through = domain::FormatDate(*closed);
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kBooksClosed,
                       "the vendor's books are closed through " + through + "; issue a credit note dated after that",
                       {{"booksClosedThrough", through}});
}

// What waits to be sent, or for a person, will not be.
absl::Status CancelEmails(store::Transaction& transaction, std::vector<EmailRecord>& emails, absl::Time now) {
  for (EmailRecord& email : emails) {
    if (email.state != domain::EmailState::kQueued && email.state != domain::EmailState::kHeld) continue;
    ASSIGN_OR_RETURN(email.state, domain::ApplyAction(email.state, domain::EmailAction::kCancel));
    email.state_reason = "the invoice was cancelled";
    email.next_attempt_at.reset();
    RETURN_IF_ERROR(store::Emails(transaction).Update(email, now));
  }
  return absl::OkStatus();
}

absl::StatusOr<InvoiceRecord> FinishAction(Core& core, store::Transaction& transaction, const Call& call,
                                           const InvoiceRecord& before, const char* action, const std::string& text) {
  ASSIGN_OR_RETURN(InvoiceRecord after, store::Invoices(transaction).Get(before.id));
  ASSIGN_OR_RETURN(after.emails, store::Emails(transaction).OfInvoice(before.id));
  RETURN_IF_ERROR(Audit(
      core, transaction, call,
      {before.vendor_id, action, "invoice", before.id, AuditTextOfAction(before, ""), AuditTextOfAction(after, text)}));
  return after;
}

}  // namespace

absl::StatusOr<Outcome<InvoiceRecord>> InvoiceLife::Cancel(const Call& call, const InvoiceStep& step,
                                                           const Encode<InvoiceRecord>& encode) {
  return Once<InvoiceRecord>(core_, call, encode, [&](store::Transaction& transaction) -> InvoiceAnswer {
    store::Invoices invoices(transaction);
    store::Emails emails(transaction);
    ASSIGN_OR_RETURN(const InvoiceRecord seen, invoices.Get(step.id));
    RETURN_IF_ERROR(store::Customers(transaction).Lock(seen.customer_id).status());
    ASSIGN_OR_RETURN(const domain::Vendor vendor, store::Vendors(transaction).Share(seen.vendor_id));
    ASSIGN_OR_RETURN(std::vector<EmailRecord> stopped, emails.StopOfInvoice(step.id));
    ASSIGN_OR_RETURN(const InvoiceRecord before, invoices.Lock(step.id));
    RETURN_IF_ERROR(CheckEtag(step.etag, before.version));
    ASSIGN_OR_RETURN(const std::vector<EmailRecord> all, emails.OfInvoice(step.id));
    if (all.size() > stopped.size()) {
      return base::Conflict("the invoice is just being sent again", base::kRetryAfterOverload);
    }
    ASSIGN_OR_RETURN(const absl::CivilDay today, LocalToday(core_, before.time_zone));
    RETURN_IF_ERROR(domain::CheckCancel(domain::FactsOf(before), FactsOfEmails(stopped), today));
    RETURN_IF_ERROR(CheckBooksOf(vendor, before));
    const absl::Time now = core_.clock.Now();
    RETURN_IF_ERROR(CancelEmails(transaction, stopped, now));
    InvoiceRecord cancelled = before;
    cancelled.cancel_reason = step.text;
    cancelled.delivery = domain::DeliveryOf(FactsOfEmails(stopped), /*marked=*/false);
    RETURN_IF_ERROR(invoices.Cancel(cancelled, now));
    RETURN_IF_ERROR(ReleaseDays(core_, transaction, before));
    return FinishAction(core_, transaction, call, before, "cancel", step.text);
  });
}

absl::StatusOr<Outcome<InvoiceRecord>> InvoiceLife::MarkSent(const Call& call, const InvoiceStep& step,
                                                             const Encode<InvoiceRecord>& encode) {
  return Once<InvoiceRecord>(core_, call, encode, [&](store::Transaction& transaction) -> InvoiceAnswer {
    store::Invoices invoices(transaction);
    ASSIGN_OR_RETURN(const InvoiceRecord before, invoices.Lock(step.id));
    RETURN_IF_ERROR(CheckEtag(step.etag, before.version));
    ASSIGN_OR_RETURN(const absl::CivilDay today, LocalToday(core_, before.time_zone));
    RETURN_IF_ERROR(domain::CheckMarkSent(domain::FactsOf(before), today));
    InvoiceRecord marked = before;
    marked.sent_note = step.text;
    // What went out by email stays so.
    if (before.delivery != domain::Delivery::kSent) marked.delivery = domain::Delivery::kMarked;
    RETURN_IF_ERROR(invoices.MarkSent(marked, core_.clock.Now()));
    return FinishAction(core_, transaction, call, before, "mark_sent", step.text);
  });
}

}  // namespace invoice::app
