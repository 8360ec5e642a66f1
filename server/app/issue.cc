#include "app/issue.h"

#include <algorithm>

#include "app/mail_text.h"
#include "base/id.h"
#include "base/status.h"
#include "domain/calendar.h"
#include "domain/numbers.h"
#include "store/emails.h"
#include "store/invoices.h"
#include "store/jobs.h"

namespace invoice::app {
namespace {

using domain::InvoiceRecord;

absl::Status AlreadyInvoiced(const std::vector<store::ClaimedDays>& claims) {
  const store::ClaimedDays& other = claims.front();
  const std::string which = other.number.empty() ? "draft " + other.invoice_id : "invoice " + other.number;
  return base::Failure(absl::StatusCode::kAlreadyExists, base::Reason::kPeriodAlreadyInvoiced,
                       "the days " + domain::FormatDate(other.days.first) + " to " +
                           domain::FormatDate(other.days.last) + " are already billed by " + which,
                       {{"invoiceId", other.invoice_id},
                        {"number", other.number},
                        {"periodStart", domain::FormatDate(other.days.first)},
                        {"periodEnd", domain::FormatDate(other.days.last)}});
}

absl::Status CheckParties(const IssueInput& input) {
  if (!input.customer.active) {
    return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kCustomerInactive,
                         "the customer is deactivated; undelete it first", {{"customerId", input.customer.id}});
  }
  if (!input.vendor.active) {
    return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kVendorInactive,
                         "the vendor is deactivated; undelete it first", {{"vendorId", input.vendor.id}});
  }
  if (input.send_email && input.customer.email.empty()) {
    return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kNoRecipient,
                         "the customer has no email address; add one, or generate without sending",
                         {{"missing", "email"}, {"customerId", input.customer.id}});
  }
  return absl::OkStatus();
}

absl::Status CheckBooks(const domain::Vendor& vendor, absl::CivilDay invoice_date) {
  if (!vendor.books_closed_through || invoice_date > *vendor.books_closed_through) return absl::OkStatus();
  const std::string through = domain::FormatDate(*vendor.books_closed_through);
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kBooksClosed,
                       "the vendor's books are closed through " + through + "; date the invoice after that",
                       {{"booksClosedThrough", through}});
}

absl::StatusOr<domain::NumberPattern> PatternOf(const IssueInput& input) {
  const std::string& own = input.customer.contract.number_pattern;
  return domain::NumberPattern::Parse(own.empty() ? input.vendor.number_pattern : own);
}

// Whether every character can be printed, those of the number to come included.
absl::Status CheckText(Core& core, const IssueInput& input, const domain::NumberPattern& pattern,
                       domain::InvoiceDocument document) {
  document.number = pattern.Format(input.customer.contract.invoice_prefix, document.invoice_date, 1);
  return core.renderer.CheckText(document);
}

absl::Status Number(store::Transaction& transaction, const IssueInput& input, const domain::NumberPattern& pattern,
                    InvoiceRecord& invoice) {
  const domain::Contract& contract = input.customer.contract;
  const absl::CivilDay date = invoice.document.invoice_date;
  invoice.series_key = pattern.SeriesKey(contract.invoice_prefix, date);
  ASSIGN_OR_RETURN(invoice.sequence,
                   store::Invoices(transaction).TakeNumbers(invoice.vendor_id, invoice.series_key, 1));
  invoice.document.number = pattern.Format(contract.invoice_prefix, date, invoice.sequence);
  return absl::OkStatus();
}

// Made when the email is, so that every sending of it is the same message.
std::string MessageIdOf(const std::string& email_id, const std::string& vendor_email) {
  const size_t at = vendor_email.rfind('@');
  return "<" + email_id + "@" + (at == std::string::npos ? "localhost" : vendor_email.substr(at + 1)) + ">";
}

}  // namespace

absl::StatusOr<InvoiceRecord> Issue(Core& core, store::Transaction& transaction, const IssueInput& input,
                                    const domain::InvoiceDocument& document) {
  RETURN_IF_ERROR(CheckParties(input));
  RETURN_IF_ERROR(CheckBooks(input.vendor, document.invoice_date));
  ASSIGN_OR_RETURN(const domain::NumberPattern pattern, PatternOf(input));
  RETURN_IF_ERROR(CheckText(core, input, pattern, document));
  const absl::Time now = core.clock.Now();
  InvoiceRecord invoice{.document = document};
  invoice.id = base::NewId(core.clock);
  invoice.vendor_id = input.vendor.id;
  invoice.customer_id = input.customer.id;
  invoice.run_id = input.run_id;
  invoice.mode = input.mode;
  invoice.issued_at = now;
  if (input.send_email) invoice.delivery = domain::Delivery::kQueued;
  store::Invoices invoices(transaction);
  ASSIGN_OR_RETURN(const bool claimed, invoices.Claim(invoice));
  if (!claimed) {
    ASSIGN_OR_RETURN(const auto claims, invoices.FindClaims(invoice.customer_id, document.period));
    return claims.empty() ? absl::AbortedError("the days were taken and freed again; try again")
                          : AlreadyInvoiced(claims);
  }
  // The number is the last lock: from here on nothing can fail but the database.
  RETURN_IF_ERROR(Number(transaction, input, pattern, invoice));
  RETURN_IF_ERROR(invoices.Insert(invoice, now));
  RETURN_IF_ERROR(store::Jobs(transaction).Enqueue(core.clock, "RENDER_DOCUMENT", invoice.id));
  if (input.send_email) {
    const SendingInput sending{.invoice = invoice, .to = input.customer.email, .cc = input.customer.cc_emails};
    RETURN_IF_ERROR(QueueEmails(core, transaction, sending).status());
  }
  ASSIGN_OR_RETURN(InvoiceRecord issued, invoices.Get(invoice.id));
  ASSIGN_OR_RETURN(issued.emails, store::Emails(transaction).OfInvoice(invoice.id));
  return issued;
}

absl::StatusOr<std::vector<domain::EmailRecord>> QueueEmails(Core& core, store::Transaction& transaction,
                                                             const SendingInput& input) {
  store::Emails emails(transaction);
  const absl::Time now = core.clock.Now();
  ASSIGN_OR_RETURN(const mail::RenderedMail text, MailTextOf(input.invoice.document));
  std::vector<std::string> recipients = {input.to};
  for (const std::string& cc : input.cc) {
    // One email for each address, however often it is named.
    if (std::find(recipients.begin(), recipients.end(), cc) == recipients.end()) recipients.push_back(cc);
  }
  std::vector<domain::EmailRecord> queued;
  for (const std::string& recipient : recipients) {
    domain::EmailRecord email;
    email.id = base::NewId(core.clock);
    email.vendor_id = input.invoice.vendor_id;
    email.invoice_id = input.invoice.id;
    email.recipient = recipient;
    email.recipient_role = queued.empty() ? "TO" : "CC";
    email.header_to = input.to;
    email.header_cc.assign(recipients.begin() + 1, recipients.end());
    email.resend_number = input.resend_number;
    email.resend_of = queued.empty() ? input.resend_of : "";
    email.subject = text.subject;
    email.message_id = MessageIdOf(email.id, input.invoice.document.vendor.email);
    RETURN_IF_ERROR(emails.Insert(email, now));
    RETURN_IF_ERROR(store::Jobs(transaction).Enqueue(core.clock, "SEND_EMAIL", email.id));
    ASSIGN_OR_RETURN(email, emails.Get(email.id));
    queued.push_back(std::move(email));
  }
  return queued;
}

}  // namespace invoice::app
