#include "app/single_run.h"

#include "app/issue.h"
#include "app/today.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/status.h"
#include "domain/billing.h"
#include "domain/calendar.h"
#include "fmt/format.h"
#include "locale/locale.h"
#include "store/customers.h"
#include "store/emails.h"
#include "store/period_decisions.h"
#include "store/runs.h"
#include "store/vendors.h"

namespace invoice::app {
namespace {

using domain::InvoiceRecord;

domain::RunRecord RunOf(const Core& core, const Call& call, const SingleRequest& request,
                        const domain::InvoiceDocument& document, const std::string& vendor_id, bool send_email) {
  domain::RunRecord run;
  run.id = base::NewId(core.clock);
  run.vendor_id = vendor_id;
  run.mode = request.mode;
  run.state = domain::RunState::kSucceeded;
  run.run_date = request.run_date;
  run.send_email = send_email;
  run.requested_by = call.actor.name;
  run.total_count = 1;
  run.invoiced_count = 1;
  run.totals = {{std::string(document.currency.code()), 1, document.totals.total_minor}};
  run.created_at = core.clock.Now();
  run.finished_at = run.created_at;
  return run;
}

domain::RunResult ResultOfInvoice(const domain::RunRecord& run, const InvoiceRecord& invoice,
                                  const std::vector<std::pair<std::string, std::string>>& sources) {
  const domain::InvoiceDocument& document = invoice.document;
  domain::RunResult result;
  result.run_id = run.id;
  result.customer_id = invoice.customer_id;
  result.vendor_id = invoice.vendor_id;
  result.reason = "BILLED";
  result.values = {{"runDate", domain::FormatDate(run.run_date)}};
  if (!document.lines.empty() && document.lines.front().unit == domain::Unit::kHour) {
    result.values.emplace_back("totalHours", document.lines.front().quantity.ToString());
  }
  result.values.insert(result.values.end(), sources.begin(), sources.end());
  if (!document.duplicate_reason.empty()) result.values.emplace_back("duplicateReason", document.duplicate_reason);
  result.invoice_id = invoice.id;
  result.period = document.period;
  return result;
}

}  // namespace

absl::StatusOr<SingleRun> RunSingle(Core& core, store::Transaction& transaction, const Call& call,
                                    const SingleRequest& request, TextChecks& checks) {
  ASSIGN_OR_RETURN(const domain::Customer customer, store::Customers(transaction).Lock(request.customer_id));
  ASSIGN_OR_RETURN(const domain::Vendor vendor, store::Vendors(transaction).Share(customer.vendor_id));
  domain::GenerationInput generation{
      .mode = request.mode, .vendor = vendor, .customer = customer, .line_texts = locale::LineTextsFor};
  RETURN_IF_ERROR(request.complete(transaction, generation));
  ASSIGN_OR_RETURN(domain::InvoiceDraft draft, domain::GenerateInvoice(generation));
  const std::vector<std::pair<std::string, std::string>> sources = domain::SourcesOf(draft);
  const bool send_email = request.send_email.value_or(customer.schedule.auto_send_email);
  SingleRun result{.run = RunOf(core, call, request, draft.document, customer.vendor_id, send_email),
                   .warnings = std::move(draft.warnings)};
  IssueInput issue{.vendor = &vendor,
                   .customer = &customer,
                   .run_id = result.run.id,
                   .mode = request.mode,
                   .send_email = send_email,
                   .draft = request.draft,
                   .beside_others = request.beside_others,
                   .document = std::move(draft.document)};
  RETURN_IF_ERROR(CheckIssue(checks, issue));
  store::Runs runs(transaction);
  RETURN_IF_ERROR(runs.Insert(result.run, core.clock.Now()));
  ASSIGN_OR_RETURN(const std::vector<Issued> issued, IssueAll(core, transaction, call, {std::move(issue)}));
  RETURN_IF_ERROR(issued.front().status);
  const std::vector<domain::Warning>& dated = issued.front().warnings;
  result.warnings.insert(result.warnings.end(), dated.begin(), dated.end());
  const std::string& id = issued.front().invoice.id;
  ASSIGN_OR_RETURN(result.invoice, store::Invoices(transaction).Get(id));
  ASSIGN_OR_RETURN(result.invoice.emails, store::Emails(transaction).OfInvoice(id));
  RETURN_IF_ERROR(runs.InsertResults({ResultOfInvoice(result.run, result.invoice, sources)}, core.clock.Now()));
  RETURN_IF_ERROR(SettleDecisions(transaction, customer, result.invoice.document.period));
  return result;
}

absl::Status CheckHandMade(const Core& core, const domain::Customer& customer, absl::CivilDay invoice_date,
                           const domain::Period& period) {
  ASSIGN_OR_RETURN(const absl::CivilDay today, LocalToday(core, customer.schedule.time_zone));
  std::vector<base::FieldViolation> faults;
  if (invoice_date > today + base::kMaxRunDateAhead_days) {
    faults.push_back({"invoiceDate", fmt::format("a date at most {} days ahead", base::kMaxRunDateAhead_days)});
  }
  if (period.last < period.first) {
    faults.push_back({"periodEnd", "a date not before periodStart"});
  } else if (period.last > today + base::kMaxPeriodAhead_days) {
    faults.push_back({"periodEnd", fmt::format("a date at most {} days ahead", base::kMaxPeriodAhead_days)});
  }
  return faults.empty() ? absl::OkStatus() : base::InvalidFields(std::move(faults));
}

absl::Status CheckDuplicate(const WizardRun& input) {
  const bool reason = !input.wizard.duplicate_reason.empty();
  if (input.allow_duplicate == reason) return absl::OkStatus();
  return base::InvalidField("duplicateReason", reason ? "nothing, as allowDuplicate is not set"
                                                      : "why the period is billed again, as allowDuplicate is set");
}

absl::StatusOr<domain::WizardInput> WizardOf(const WizardRun& input, const std::string& currency_code) {
  domain::WizardInput wizard = input.wizard;
  if (input.add_amounts) RETURN_IF_ERROR(input.add_amounts(currency_code, wizard));
  return wizard;
}

absl::Status SettleDecisions(store::Transaction& transaction, const domain::Customer& customer,
                             const domain::Period& billed) {
  store::PeriodDecisions decisions(transaction);
  ASSIGN_OR_RETURN(const std::vector<domain::PeriodDecision> found, decisions.Find(customer.id, billed));
  std::vector<std::pair<std::string, absl::CivilDay>> settled;
  for (const domain::PeriodDecision& decision : found) {
    if (decision.state == domain::PeriodDecisionState::kSkipped) continue;
    const domain::Period days = domain::DaysOf(decision, customer.contract);
    ASSIGN_OR_RETURN(const auto claims, store::Invoices(transaction).FindClaims(customer.id, days));
    if (domain::Uncovered(days, claims).empty()) settled.emplace_back(customer.id, decision.period.first);
  }
  return decisions.RemoveAll(settled);
}

}  // namespace invoice::app
