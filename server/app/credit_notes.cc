#include "app/credit_notes.h"

#include <algorithm>
#include <utility>

#include "app/back_dating.h"
#include "app/claims.h"
#include "app/issue.h"
#include "app/once.h"
#include "app/sending.h"
#include "app/text_checks.h"
#include "app/today.h"
#include "app/vendors.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/status.h"
#include "domain/calendar.h"
#include "domain/numbers.h"
#include "domain/states.h"
#include "store/customers.h"
#include "store/emails.h"
#include "store/invoices.h"
#include "store/jobs.h"
#include "store/json.h"
#include "store/payments.h"
#include "store/vendors.h"

namespace invoice::app {
namespace {

using domain::InvoiceRecord;
using NoteAnswer = absl::StatusOr<IssuedInvoice>;

// What the note is made of, read and locked in the order customer, payments, invoice.
struct CreditSubject {
  domain::Customer customer;
  domain::Vendor vendor;
  std::vector<domain::PaidPart> paid_by;
  InvoiceRecord original;
  absl::CivilDay today;
};

absl::StatusOr<CreditSubject> LockSubject(const Core& core, store::Transaction& transaction,
                                          const std::string& invoice_id) {
  store::Invoices invoices(transaction);
  ASSIGN_OR_RETURN(const InvoiceRecord seen, invoices.Get(invoice_id));
  CreditSubject subject;
  ASSIGN_OR_RETURN(subject.customer, store::Customers(transaction).Lock(seen.customer_id));
  ASSIGN_OR_RETURN(subject.vendor, store::Vendors(transaction).Share(seen.vendor_id));
  ASSIGN_OR_RETURN(subject.paid_by, store::Payments(transaction).LockPartsOf(invoice_id));
  ASSIGN_OR_RETURN(subject.original, invoices.Lock(invoice_id));
  ASSIGN_OR_RETURN(subject.today, LocalToday(core, subject.original.time_zone));
  return subject;
}

absl::Status CheckNoteDate(const CreditSubject& subject, absl::CivilDay date) {
  if (date > subject.today + base::kMaxRunDateAhead_days) {
    return base::InvalidField("creditDate",
                              "a date at most " + std::to_string(base::kMaxRunDateAhead_days) + " days ahead");
  }
  const std::optional<absl::CivilDay>& closed = subject.vendor.books_closed_through;
  if (!closed || date > *closed) return absl::OkStatus();
  const std::string through = domain::FormatDate(*closed);
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kBooksClosed,
                       "the vendor's books are closed through " + through + "; date the credit note after that",
                       {{"booksClosedThrough", through}});
}

absl::Status CheckRecipient(const domain::Customer& customer, bool send_email) {
  if (!send_email || !customer.email.empty()) return absl::OkStatus();
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kNoRecipient,
                       "the customer has no email address; add one, or credit without sending",
                       {{"missing", "email"}, {"customerId", customer.id}});
}

absl::StatusOr<domain::CreditDraft> DraftOf(store::Transaction& transaction, const CreditSubject& subject,
                                            const CreditNoteInput& input) {
  const InvoiceRecord& original = subject.original;
  const absl::CivilDay date = input.date.value_or(std::max(subject.today, original.document.invoice_date));
  RETURN_IF_ERROR(domain::CheckCredit(domain::FactsOf(original), subject.today));
  RETURN_IF_ERROR(CheckNoteDate(subject, date));
  RETURN_IF_ERROR(CheckRecipient(subject.customer, input.send_email));
  ASSIGN_OR_RETURN(const std::vector<domain::InvoiceDocument> earlier,
                   store::Invoices(transaction).CreditNotesOf(original));
  return domain::MakeCreditNote(original.document, earlier,
                                {.date = date, .reason = input.reason, .lines = input.lines});
}

// Payments stop paying what is no longer to be paid; their money is unapplied again.
absl::Status FreePayments(Core& core, store::Transaction& transaction, const Call& call, const CreditSubject& subject,
                          int64_t credited_minor) {
  const InvoiceRecord& original = subject.original;
  // What is freed is free from today on, whatever the date of the note.
  const auto check_today = [&] {
    return CheckBooksOpen(subject.vendor, subject.today, "credit what is paid after that");
  };
  const int64_t left_minor = original.document.totals.total_minor - original.credited_minor - credited_minor;
  for (const domain::PaidPart& part : domain::FreeLastFirst(subject.paid_by, original.paid_minor - left_minor)) {
    RETURN_IF_ERROR(check_today());
    RETURN_IF_ERROR(store::Payments(transaction)
                        .Allocate(core.clock, {.payment_id = part.payment_id,
                                               .vendor_id = original.vendor_id,
                                               .customer_id = original.customer_id,
                                               .invoice_id = original.id,
                                               .amount_minor = -part.amount_minor,
                                               .reason = "CREDITED"}));
    const std::string freed = domain::FormatAmount(part.amount_minor, original.document.currency);
    RETURN_IF_ERROR(Audit(core, transaction, call,
                          {original.vendor_id, "free", "payment", part.payment_id, "",
                           store::ToJson(std::vector<std::string>{original.document.number, freed})}));
  }
  return absl::OkStatus();
}

InvoiceRecord NoteRecordOf(const Core& core, const InvoiceRecord& original, domain::InvoiceDocument document) {
  InvoiceRecord note{.document = std::move(document)};
  note.id = base::NewId(core.clock);
  note.vendor_id = original.vendor_id;
  note.customer_id = original.customer_id;
  note.original_invoice_id = original.id;
  note.mode = original.mode;
  note.issued_at = core.clock.Now();
  return note;
}

// Takes the number, which is the last lock, and writes the note with its jobs.
absl::Status Write(Core& core, store::Transaction& transaction, const CreditSubject& subject,
                   const domain::NumberPattern& pattern, bool send_email, IssuedInvoice& issued) {
  InvoiceRecord& note = issued.invoice;
  const std::string& prefix = subject.customer.contract.invoice_prefix;
  const absl::CivilDay date = note.document.invoice_date;
  store::Invoices invoices(transaction);
  note.series_key = pattern.SeriesKey(prefix, date);
  if (send_email) note.delivery = domain::Delivery::kQueued;
  ASSIGN_OR_RETURN(const auto newer, FindNewer(transaction, {{&subject.vendor, note.series_key, date}},
                                               /*lock=*/subject.vendor.refuse_back_dating));
  if (newer[0] && subject.vendor.refuse_back_dating) return BackDated(*newer[0]);
  if (newer[0]) issued.warnings.push_back(BackDatedWarning(*newer[0]));
  std::vector<store::SeriesDemand> series = {
      {.vendor_id = note.vendor_id, .series_key = note.series_key, .count = 1, .newest_on = date}};
  const store::PreparedInvoices prepared({&note}, core.clock.Now());
  RETURN_IF_ERROR(invoices.TakeNumbers(series));
  if (subject.vendor.refuse_back_dating && series.front().others_are_newer) {
    return base::Conflict("the number series met another document", base::kRetryAfterOverload);
  }
  note.sequence = series.front().first;
  note.document.number = pattern.Format(prefix, date, note.sequence);
  RETURN_IF_ERROR(invoices.InsertAll({&note}, prepared));
  RETURN_IF_ERROR(store::Jobs(transaction).Enqueue(core.clock, {"RENDER_DOCUMENT", note.id}));
  if (!send_email) return absl::OkStatus();
  const Sending sending{.invoice = &note, .recipients = domain::RecipientsOf(subject.vendor, subject.customer)};
  return QueueEmails(core, transaction, {sending}, store::Urgency::kAwaited).status();
}

std::string AuditTextOfNote(const InvoiceRecord& note) {
  const domain::InvoiceDocument& document = note.document;
  return store::ToJson(std::vector<std::string>{document.number, document.original_number,
                                                domain::FormatAmount(document.totals.total_minor, document.currency),
                                                std::string(document.currency.code()), document.credit_reason});
}

}  // namespace

absl::StatusOr<Outcome<IssuedInvoice>> CreditNotes::Create(const Call& call, const CreditNoteInput& input,
                                                           const Encode<IssuedInvoice>& encode) {
  const auto body = [&](store::Transaction& transaction, TextChecks& checks) -> NoteAnswer {
    ASSIGN_OR_RETURN(const CreditSubject subject, LockSubject(core_, transaction, input.invoice_id));
    ASSIGN_OR_RETURN(domain::CreditDraft draft, DraftOf(transaction, subject, input));
    ASSIGN_OR_RETURN(const auto pattern, domain::NumberPattern::Parse(subject.vendor.credit_note_pattern));
    // Every character that will be printed, those of the number to come included.
    draft.document.number = pattern.Format(subject.customer.contract.invoice_prefix, draft.document.invoice_date, 1);
    RETURN_IF_ERROR(checks.Check(draft.document));
    const int64_t credited_minor = -draft.document.totals.total_minor;
    RETURN_IF_ERROR(FreePayments(core_, transaction, call, subject, credited_minor));
    store::Invoices invoices(transaction);
    RETURN_IF_ERROR(invoices.AddCredited(subject.original.id, credited_minor, core_.clock.Now()));
    if (draft.completes) RETURN_IF_ERROR(ReleaseDays(core_, transaction, subject.original));
    IssuedInvoice issued{.invoice = NoteRecordOf(core_, subject.original, std::move(draft.document))};
    RETURN_IF_ERROR(Write(core_, transaction, subject, pattern, input.send_email, issued));
    const std::string id = issued.invoice.id;
    ASSIGN_OR_RETURN(issued.invoice, invoices.Get(id));
    ASSIGN_OR_RETURN(issued.invoice.emails, store::Emails(transaction).OfInvoice(id));
    RETURN_IF_ERROR(Audit(
        core_, transaction, call,
        {issued.invoice.vendor_id, "credit", "invoice", subject.original.id, "", AuditTextOfNote(issued.invoice)}));
    return issued;
  };
  return OnceChecked<IssuedInvoice>(core_, call, encode, body);
}

}  // namespace invoice::app
