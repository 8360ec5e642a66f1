#include "app/invoices.h"

#include "app/back_dating.h"
#include "app/documents.h"
#include "app/once.h"
#include "app/sending.h"
#include "app/single_run.h"
#include "app/text_checks.h"
#include "app/today.h"
#include "base/id.h"
#include "base/limits.h"
#include "domain/billing.h"
#include "domain/calendar.h"
#include "domain/partial_period.h"
#include "domain/schedule.h"
#include "domain/states.h"
#include "store/customers.h"
#include "store/emails.h"
#include "store/json.h"
#include "store/period_decisions.h"
#include "store/runs.h"
#include "store/vendors.h"

namespace invoice::app {
namespace {

using domain::InvoiceRecord;

domain::Warning BilledAlready(const store::ClaimedDays& other) {
  const std::string which = other.number.empty() ? "draft " + other.invoice_id : "invoice " + other.number;
  return {"PERIOD_ALREADY_INVOICED", "the days " + domain::FormatDate(other.days.first) + " to " +
                                         domain::FormatDate(other.days.last) + " are already billed by " + which};
}

absl::Status CheckRunDate(const Core& core, const domain::Customer& customer, absl::CivilDay run_date) {
  ASSIGN_OR_RETURN(const absl::CivilDay today, LocalToday(core, customer.schedule.time_zone));
  if (run_date <= today + base::kMaxRunDateAhead_days) return absl::OkStatus();
  return base::InvalidField("runDate", "a date at most " + std::to_string(base::kMaxRunDateAhead_days) + " days ahead");
}

// The period that the contract's dates cut down to exactly these days, of the schedule or as it waits for a person; the
// days themselves where there is none.
absl::StatusOr<domain::Period> WholePeriodOf(store::Transaction& transaction, const domain::Customer& customer,
                                             const domain::Period& period) {
  const domain::Period whole = domain::WholePeriodOf(customer, period);
  if (whole != period) return whole;
  ASSIGN_OR_RETURN(const auto decisions, store::PeriodDecisions(transaction).Find(customer.id, period));
  for (const domain::PeriodDecision& decision : decisions) {
    if (decision.period == period && decision.whole) return *decision.whole;
  }
  // The invoice of it may be cancelled or credited.
  ASSIGN_OR_RETURN(const std::vector<domain::RunResult> results,
                   store::Runs(transaction).FindResults(customer.id, period));
  for (const domain::RunResult& result : results) {
    if (result.period != period || result.outcome != domain::RunOutcome::kInvoiced) continue;
    if (const std::optional<domain::Period> before = domain::WholePeriodIn(result.values)) return *before;
  }
  return period;
}

}  // namespace

absl::StatusOr<Outcome<SingleRun>> Invoices::RunQuick(const Call& call, const QuickInput& input,
                                                      const Encode<SingleRun>& encode) {
  SingleRequest request{.customer_id = input.customer_id,
                        .mode = domain::RunMode::kQuick,
                        .run_date = input.run_date,
                        .send_email = input.send_email};
  request.complete = [&](store::Transaction& transaction, domain::GenerationInput& generation) -> absl::Status {
    RETURN_IF_ERROR(CheckRunDate(core_, generation.customer, input.run_date));
    generation.invoice_date = input.run_date;
    generation.hours = input.hours;
    ASSIGN_OR_RETURN(generation.period, domain::BillingPeriodOf(generation.customer.contract, input.run_date));
    generation.whole_period = domain::PeriodOf(generation.customer.contract.frequency, input.run_date);
    ASSIGN_OR_RETURN(generation.timesheets,
                     store::Customers(transaction).FindTimesheets(input.customer_id, generation.period));
    return absl::OkStatus();
  };
  return OnceChecked<SingleRun>(core_, call, encode, [&](store::Transaction& transaction, TextChecks& checks) {
    return RunSingle(core_, transaction, call, request, checks);
  });
}

absl::StatusOr<Outcome<SingleRun>> Invoices::RunManual(const Call& call, const ManualInput& input,
                                                       const Encode<SingleRun>& encode) {
  SingleRequest request{.customer_id = input.customer_id,
                        .mode = domain::RunMode::kManual,
                        .run_date = input.invoice_date,
                        .send_email = input.send_email};
  request.complete = [&](store::Transaction& transaction, domain::GenerationInput& generation) -> absl::Status {
    RETURN_IF_ERROR(CheckHandMade(core_, generation.customer, input.invoice_date, input.period));
    generation.invoice_date = input.invoice_date;
    generation.period = input.period;
    ASSIGN_OR_RETURN(generation.whole_period, WholePeriodOf(transaction, generation.customer, input.period));
    generation.hours = input.hours;
    generation.rate_per_hour = input.rate_per_hour;
    ASSIGN_OR_RETURN(generation.timesheets,
                     store::Customers(transaction).FindTimesheets(input.customer_id, input.period));
    return absl::OkStatus();
  };
  return OnceChecked<SingleRun>(core_, call, encode, [&](store::Transaction& transaction, TextChecks& checks) {
    return RunSingle(core_, transaction, call, request, checks);
  });
}

absl::StatusOr<Outcome<SingleRun>> Invoices::RunWizard(const Call& call, const WizardRun& input,
                                                       const Encode<SingleRun>& encode) {
  RETURN_IF_ERROR(CheckDuplicate(input));
  SingleRequest request{.customer_id = input.customer_id,
                        .mode = domain::RunMode::kWizard,
                        .run_date = input.invoice_date,
                        .send_email = input.send_email,
                        .draft = input.draft,
                        .beside_others = input.allow_duplicate};
  request.complete = [&](store::Transaction&, domain::GenerationInput& generation) -> absl::Status {
    RETURN_IF_ERROR(CheckHandMade(core_, generation.customer, input.invoice_date, input.period));
    generation.invoice_date = input.invoice_date;
    generation.period = input.period;
    ASSIGN_OR_RETURN(generation.wizard, WizardOf(input, generation.customer.contract.currency_code));
    return absl::OkStatus();
  };
  return OnceChecked<SingleRun>(core_, call, encode, [&](store::Transaction& transaction, TextChecks& checks) {
    return RunSingle(core_, transaction, call, request, checks);
  });
}

absl::StatusOr<Preview> Invoices::PreviewInvoice(const WizardRun& input, bool include_document) {
  RETURN_IF_ERROR(CheckDuplicate(input));
  domain::GenerationInput generation{
      .mode = domain::RunMode::kWizard, .invoice_date = input.invoice_date, .period = input.period};
  std::vector<store::ClaimedDays> claims;
  std::vector<domain::Warning> dated;
  {
    ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
    ASSIGN_OR_RETURN(generation.customer, store::Customers(transaction).Get(input.customer_id));
    ASSIGN_OR_RETURN(generation.vendor, store::Vendors(transaction).Get(generation.customer.vendor_id));
    ASSIGN_OR_RETURN(generation.wizard, WizardOf(input, generation.customer.contract.currency_code));
    RETURN_IF_ERROR(CheckHandMade(core_, generation.customer, input.invoice_date, input.period));
    ASSIGN_OR_RETURN(claims, store::Invoices(transaction).FindClaims(input.customer_id, input.period));
    ASSIGN_OR_RETURN(dated, BackDatedWarnings(transaction, generation.vendor, generation.customer, input.invoice_date));
  }
  ASSIGN_OR_RETURN(domain::InvoiceDraft draft, domain::GenerateInvoice(generation));
  if (!claims.empty()) draft.warnings.push_back(BilledAlready(claims.front()));
  draft.warnings.insert(draft.warnings.end(), dated.begin(), dated.end());
  Preview preview{.invoice = {.document = std::move(draft.document)}, .warnings = std::move(draft.warnings)};
  preview.invoice.vendor_id = generation.vendor.id;
  preview.invoice.customer_id = generation.customer.id;
  preview.invoice.mode = domain::RunMode::kWizard;
  preview.invoice.time_zone = generation.customer.schedule.time_zone;
  RETURN_IF_ERROR(core_.renderer.CheckText(preview.invoice.document));
  if (include_document) {
    ASSIGN_OR_RETURN(preview.document, RenderDocument(core_, preview.invoice.document));
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
    ASSIGN_OR_RETURN(InvoiceRecord invoice, invoices.Lock(id));
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
    ASSIGN_OR_RETURN(const domain::Vendor vendor, store::Vendors(transaction).Get(invoice.vendor_id));
    store::Emails emails(transaction);
    ASSIGN_OR_RETURN(const int last, emails.LastResendNumber(id));
    ASSIGN_OR_RETURN(const std::optional<Email> first, emails.FirstOfInvoice(id));
    Sending sending{.invoice = &invoice, .resend_number = last + 1};
    sending.recipients =
        recipient.empty() ? domain::RecipientsOf(vendor, customer) : domain::RecipientsOf(vendor, recipient);
    if (first) sending.resend_of = first->id;
    ASSIGN_OR_RETURN(const std::vector<Email> queued,
                     QueueEmails(core_, transaction, {sending}, store::Urgency::kAwaited));
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
