#include "app/invoices.h"

#include "app/documents.h"
#include "app/issue.h"
#include "app/once.h"
#include "app/today.h"
#include "base/id.h"
#include "base/limits.h"
#include "domain/calendar.h"
#include "domain/states.h"
#include "store/customers.h"
#include "store/emails.h"
#include "store/json.h"
#include "store/runs.h"
#include "store/vendors.h"

namespace invoice::app {
namespace {

using domain::InvoiceRecord;

domain::RunRecord SingleRunOf(const Core& core, const Call& call, const domain::Customer& customer,
                              domain::RunMode mode, absl::CivilDay run_date, bool send_email) {
  domain::RunRecord run;
  run.id = base::NewId(core.clock);
  run.vendor_id = customer.vendor_id;
  run.mode = mode;
  run.state = domain::RunState::kSucceeded;
  run.run_date = run_date;
  run.send_email = send_email;
  run.requested_by = call.actor.name;
  run.total_count = 1;
  run.invoiced_count = 1;
  run.created_at = core.clock.Now();
  run.finished_at = run.created_at;
  return run;
}

domain::RunResult ResultOf(const domain::RunRecord& run, const InvoiceRecord& invoice, domain::Quantity hours) {
  domain::RunResult result;
  result.run_id = run.id;
  result.customer_id = invoice.customer_id;
  result.reason = "BILLED";
  result.values = {{"runDate", domain::FormatDate(run.run_date)}, {"totalHours", hours.ToString()}};
  result.invoice_id = invoice.id;
  result.period = invoice.document.period;
  return result;
}

std::string AuditText(const InvoiceRecord& invoice) {
  const domain::InvoiceDocument& document = invoice.document;
  return store::ToJson(std::vector<std::string>{
      document.number, domain::FormatDate(document.period.first), domain::FormatDate(document.period.last),
      domain::FormatAmount(document.totals.total_minor, document.currency), std::string(document.currency.code())});
}

// The timesheet of exactly this period. Its expenses are amounts of the currency the contract had when they were
// entered.
absl::StatusOr<std::optional<domain::Timesheet>> TimesheetOf(store::Transaction& transaction,
                                                             const domain::Customer& customer,
                                                             const domain::Period& period) {
  ASSIGN_OR_RETURN(std::optional<domain::Timesheet> timesheet,
                   store::Customers(transaction).FindTimesheet(customer.id, period.first));
  if (!timesheet || !(timesheet->period == period)) return std::optional<domain::Timesheet>();
  if (!timesheet->expenses.empty() && timesheet->currency_code != customer.contract.currency_code) {
    return base::Failure(
        absl::StatusCode::kFailedPrecondition, base::Reason::kTimesheetRequired,
        "the timesheet's expenses are in another currency than the contract; enter it again",
        {{"timesheetCurrency", timesheet->currency_code}, {"contractCurrency", customer.contract.currency_code}});
  }
  return timesheet;
}

absl::Status CheckRunDate(const Core& core, const domain::Customer& customer, absl::CivilDay run_date) {
  ASSIGN_OR_RETURN(const absl::CivilDay today, LocalToday(core, customer.schedule.time_zone));
  if (run_date <= today + base::kMaxRunDateAhead_days) return absl::OkStatus();
  return base::InvalidField("runDate", "a date at most " + std::to_string(base::kMaxRunDateAhead_days) + " days ahead");
}

}  // namespace

absl::StatusOr<Outcome<SingleRun>> Invoices::RunQuick(const Call& call, const QuickInput& input,
                                                      const Encode<SingleRun>& encode) {
  return Once<SingleRun>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<SingleRun> {
    ASSIGN_OR_RETURN(const domain::Customer customer, store::Customers(transaction).Lock(input.customer_id));
    ASSIGN_OR_RETURN(const domain::Vendor vendor, store::Vendors(transaction).Share(customer.vendor_id));
    RETURN_IF_ERROR(CheckRunDate(core_, customer, input.run_date));
    ASSIGN_OR_RETURN(const domain::Period period, domain::BillingPeriodOf(customer.contract, input.run_date));
    domain::GenerationInput generation{.mode = domain::RunMode::kQuick,
                                       .vendor = vendor,
                                       .customer = customer,
                                       .invoice_date = input.run_date,
                                       .period = period,
                                       .hours = input.hours};
    ASSIGN_OR_RETURN(generation.timesheet, TimesheetOf(transaction, customer, period));
    ASSIGN_OR_RETURN(domain::InvoiceDraft draft, domain::GenerateInvoice(generation));
    const bool send_email = input.send_email.value_or(customer.schedule.auto_send_email);
    SingleRun result{.run = SingleRunOf(core_, call, customer, domain::RunMode::kQuick, input.run_date, send_email),
                     .invoice = {.document = std::move(draft.document)},
                     .warnings = std::move(draft.warnings)};
    const absl::Time now = core_.clock.Now();
    RETURN_IF_ERROR(store::Runs(transaction).Insert(result.run, now));
    const IssueInput issue{.vendor = vendor,
                           .customer = customer,
                           .run_id = result.run.id,
                           .mode = domain::RunMode::kQuick,
                           .send_email = send_email};
    ASSIGN_OR_RETURN(result.invoice, Issue(core_, transaction, issue, result.invoice.document));
    const domain::InvoiceDocument& issued = result.invoice.document;
    result.run.totals = {{std::string(issued.currency.code()), 1, issued.totals.total_minor}};
    RETURN_IF_ERROR(store::Runs(transaction)
                        .InsertResult(customer.vendor_id, ResultOf(result.run, result.invoice, input.hours), now));
    RETURN_IF_ERROR(Audit(core_, transaction, call,
                          {customer.vendor_id, "issue", "invoice", result.invoice.id, "", AuditText(result.invoice)}));
    return result;
  });
}

absl::StatusOr<Preview> Invoices::PreviewInvoice(const PreviewInput& input) {
  domain::GenerationInput generation{.mode = domain::RunMode::kWizard,
                                     .invoice_date = input.invoice_date,
                                     .period = input.period,
                                     .wizard = input.wizard};
  {
    ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
    ASSIGN_OR_RETURN(generation.customer, store::Customers(transaction).Get(input.customer_id));
    ASSIGN_OR_RETURN(generation.vendor, store::Vendors(transaction).Get(generation.customer.vendor_id));
  }
  ASSIGN_OR_RETURN(domain::InvoiceDraft draft, domain::GenerateInvoice(generation));
  Preview preview{.invoice = {.document = std::move(draft.document)}, .warnings = std::move(draft.warnings)};
  preview.invoice.vendor_id = generation.vendor.id;
  preview.invoice.customer_id = generation.customer.id;
  preview.invoice.mode = domain::RunMode::kWizard;
  preview.invoice.time_zone = generation.customer.schedule.time_zone;
  RETURN_IF_ERROR(core_.renderer.CheckText(preview.invoice.document));
  if (input.include_document) {
    ASSIGN_OR_RETURN(preview.document, core_.renderer.Render(preview.invoice.document));
  }
  return preview;
}

absl::StatusOr<InvoiceRecord> Invoices::Get(const std::string& id) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  ASSIGN_OR_RETURN(InvoiceRecord invoice, store::Invoices(transaction).Get(id));
  ASSIGN_OR_RETURN(invoice.emails, store::Emails(transaction).OfInvoice(id));
  return invoice;
}

absl::StatusOr<store::Page<InvoiceRecord>> Invoices::List(const store::InvoiceFilter& filter,
                                                          const store::PageRequest& page) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  return store::Invoices(transaction).List(filter, page, core_.clock.Now());
}

absl::StatusOr<Document> Invoices::Download(const std::string& id) {
  absl::StatusOr<InvoiceRecord> invoice = [&]() -> absl::StatusOr<InvoiceRecord> {
    ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
    return store::Invoices(transaction).Get(id);
  }();
  if (!invoice.ok()) return invoice.status();
  ASSIGN_OR_RETURN(store::Blob blob, Documents(core_).Get(*invoice));
  return Document{.file_name = DocumentFileName(invoice->document),
                  .content_type = std::move(blob.content_type),
                  .bytes = std::move(blob.bytes)};
}

absl::StatusOr<Outcome<domain::EmailRecord>> Invoices::ResendEmail(const Call& call, const std::string& id,
                                                                   const std::string& recipient,
                                                                   const Encode<domain::EmailRecord>& encode) {
  using Email = domain::EmailRecord;
  return Once<Email>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<Email> {
    store::Invoices invoices(transaction);
    ASSIGN_OR_RETURN(const InvoiceRecord invoice, invoices.Lock(id));
    const domain::InvoiceState state = StateOf(invoice);
    if (state == domain::InvoiceState::kDraft || state == domain::InvoiceState::kCancelled) {
      return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kInvalidState,
                           "only an issued invoice can be sent; issue it first",
                           {{"state", std::string(domain::Name(state))}});
    }
    ASSIGN_OR_RETURN(const domain::Customer customer, store::Customers(transaction).Get(invoice.customer_id));
    const std::string to = recipient.empty() ? customer.email : recipient;
    if (to.empty()) {
      return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kNoRecipient,
                           "the customer has no email address; give a recipient",
                           {{"missing", "email"}, {"customerId", customer.id}});
    }
    store::Emails emails(transaction);
    ASSIGN_OR_RETURN(const int last, emails.LastResendNumber(id));
    ASSIGN_OR_RETURN(const std::vector<Email> before, emails.OfInvoice(id));
    SendingInput sending{.invoice = invoice, .to = to, .resend_number = last + 1};
    if (recipient.empty()) sending.cc = customer.cc_emails;
    if (!before.empty()) sending.resend_of = before.front().id;
    ASSIGN_OR_RETURN(const std::vector<Email> queued, QueueEmails(core_, transaction, sending));
    // What was delivered stays so; a resend that fails does not take it back.
    if (invoice.delivery != domain::Delivery::kSent) {
      RETURN_IF_ERROR(invoices.SetDelivery(id, domain::Delivery::kQueued, std::nullopt, core_.clock.Now()));
    }
    RETURN_IF_ERROR(Audit(core_, transaction, call,
                          {invoice.vendor_id, "resend", "invoice", id, "", store::ToJson(std::vector{to})}));
    return queued.front();
  });
}

domain::InvoiceState Invoices::StateOf(const InvoiceRecord& invoice) const {
  const absl::TimeZone zone = core_.time_zones.Find(invoice.time_zone).value_or(absl::UTCTimeZone());
  return domain::StateOf(domain::FactsOf(invoice), domain::LocalDate(core_.clock.Now(), zone));
}

}  // namespace invoice::app
