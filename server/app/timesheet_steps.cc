#include "app/timesheet_steps.h"

#include <algorithm>

#include "app/once.h"
#include "app/periods.h"
#include "app/printed_fields.h"
#include "base/status.h"
#include "domain/billing.h"
#include "domain/calendar.h"
#include "domain/schedule.h"
#include "domain/timesheets.h"
#include "store/customers.h"
#include "store/invoices.h"
#include "store/json.h"
#include "store/period_decisions.h"

namespace invoice::app {
namespace {

using domain::Customer;
using domain::PeriodDecision;
using domain::Timesheet;

bool WaitsForTimesheets(const PeriodDecision& decision) {
  return decision.state == domain::PeriodDecisionState::kHeld &&
         (decision.reason == base::ReasonName(base::Reason::kTimesheetRequired) ||
          decision.reason == base::ReasonName(base::Reason::kTimesheetMismatch));
}

absl::Status Rejudge(Core& core, store::Transaction& transaction, const Call& call, const Customer& customer,
                     PeriodDecision decision) {
  const domain::Contract& contract = customer.contract;
  const domain::Period whole = decision.whole.value_or(decision.period);
  const auto period = domain::ClipToContract(whole, contract.start_date, contract.end_date);
  if (!period) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<Timesheet> timesheets,
                   store::Customers(transaction).FindTimesheets(customer.id, *period));
  const absl::Status fit = domain::CheckTimesheets(contract, *period, timesheets, /*demanded=*/true);
  if (fit.ok()) {
    return ReopenPeriod(core, transaction, customer, decision, call.actor.name);
  }
  decision.reason = std::string(base::ReasonName(base::DetailOf(fit).reason));
  decision.message = std::string(fit.message());
  return store::PeriodDecisions(transaction).PutAll({decision}, core.clock.Now());
}

}  // namespace

absl::Status CheckTimesheet(const Core& core, const Timesheet& timesheet) {
  if (timesheet.period.last < timesheet.period.first) {
    return base::InvalidField("periodEnd", "a date on or after periodStart");
  }
  if (!domain::IsAccepted(timesheet.period.last)) {
    return base::InvalidField("periodEnd", "a date of 1970-01-01 to 2199-12-31");
  }
  return CheckPrintedFields(core, timesheet);
}

absl::Status CheckNotInvoiced(store::Transaction& transaction, const Timesheet& timesheet,
                              const std::optional<Timesheet>& before) {
  domain::Period days = timesheet.period;
  if (before) days.last = std::max(days.last, before->period.last);  // both begin on the same day
  ASSIGN_OR_RETURN(const std::vector<store::ClaimedDays> claims,
                   store::Invoices(transaction).FindClaims(timesheet.customer_id, days));
  if (claims.empty()) return absl::OkStatus();
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kPeriodAlreadyInvoiced,
                       "the period is already invoiced; its timesheet can no longer be changed",
                       {{"invoiceId", claims[0].invoice_id}, {"number", claims[0].number}});
}

absl::Status CheckNoOverlap(store::Transaction& transaction, const Timesheet& timesheet) {
  ASSIGN_OR_RETURN(const std::vector<Timesheet> others,
                   store::Customers(transaction).FindTimesheets(timesheet.customer_id, timesheet.period));
  for (const Timesheet& other : others) {
    if (other.period.first == timesheet.period.first) continue;
    const std::string first = domain::FormatDate(other.period.first);
    const std::string last = domain::FormatDate(other.period.last);
    return base::Failure(absl::StatusCode::kAlreadyExists, base::Reason::kTimesheetOverlap,
                         "the timesheet from " + first + " to " + last + " has one of the days",
                         {{"periodStart", first}, {"periodEnd", last}});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<domain::Warning>> WarningsOf(store::Transaction& transaction, const Customer& customer,
                                                        const Timesheet& timesheet) {
  std::vector<domain::Warning> warnings;
  const domain::Period& days = timesheet.period;
  const std::string outside = domain::OutsidePeriodsText(customer, days);
  if (outside.empty()) return warnings;
  // A period of a rule that is no longer there may still wait to be billed.
  ASSIGN_OR_RETURN(const auto decisions, store::PeriodDecisions(transaction).Find(customer.id, days));
  const bool waits = std::any_of(decisions.begin(), decisions.end(), [&](const PeriodDecision& decision) {
    const domain::Period waiting = domain::DaysOf(decision, customer.contract);
    return decision.state != domain::PeriodDecisionState::kSkipped && waiting.first <= days.first &&
           waiting.last >= days.last;
  });
  if (!waits) warnings.push_back({"TIMESHEET_OUTSIDE_PERIODS", outside});
  return warnings;
}

absl::StatusOr<Timesheet> StoreTimesheet(Core& core, store::Transaction& transaction, const Call& call,
                                         const Customer& customer, Timesheet timesheet,
                                         const std::optional<Timesheet>& before) {
  store::Customers customers(transaction);
  timesheet.currency_code = customer.contract.currency_code;
  RETURN_IF_ERROR(customers.PutTimesheet(customer.vendor_id, timesheet, core.clock.Now()));
  domain::Period days = timesheet.period;
  if (before) days.last = std::max(days.last, before->period.last);
  RETURN_IF_ERROR(RejudgeHeld(core, transaction, call, customer, days));
  ASSIGN_OR_RETURN(const std::optional<Timesheet> after, customers.FindTimesheet(customer.id, timesheet.period.first));
  RETURN_IF_ERROR(Audit(core, transaction, call,
                        {customer.vendor_id, before ? "update" : "create", "timesheet", customer.id,
                         before ? store::ToJson(*before) : "", store::ToJson(*after)}));
  return *after;
}

absl::Status RemoveTimesheet(Core& core, store::Transaction& transaction, const Call& call, const Customer& customer,
                             const Timesheet& timesheet) {
  RETURN_IF_ERROR(store::Customers(transaction).DeleteTimesheet(customer.id, timesheet.period.first));
  RETURN_IF_ERROR(RejudgeHeld(core, transaction, call, customer, timesheet.period));
  return Audit(core, transaction, call,
               {customer.vendor_id, "delete", "timesheet", customer.id, store::ToJson(timesheet), ""});
}

absl::Status RejudgeHeld(Core& core, store::Transaction& transaction, const Call& call, const Customer& customer,
                         const domain::Period& days) {
  ASSIGN_OR_RETURN(const auto decisions, store::PeriodDecisions(transaction).Find(customer.id, days));
  for (const PeriodDecision& decision : decisions) {
    if (WaitsForTimesheets(decision)) RETURN_IF_ERROR(Rejudge(core, transaction, call, customer, decision));
  }
  return absl::OkStatus();
}

}  // namespace invoice::app
