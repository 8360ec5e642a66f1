// How the timesheets of a customer fit a period that is to be billed. A period bills the sum of all timesheets whose
// days lie inside it. Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "domain/invoice.h"
#include "domain/parties.h"

namespace invoice::domain {

// Points into the timesheets that it was made of.
struct TimesheetFit {
  std::vector<const Timesheet*> inside;  // all of their days lie in the period; in order
  std::vector<Period> partly;            // the days of timesheets that have days outside of the period too
  std::vector<Period> bare;              // days of the period that no timesheet has, where another day has one
  bool fits() const { return partly.empty() && bare.empty(); }
};

// `timesheets` are all that have a day of the period, in the order of their days.
TimesheetFit FitTimesheets(const Period& period, const std::vector<Timesheet>& timesheets);

// "the timesheet 2026-09-25 to 2026-10-05 lies only partly in the period ...": one sentence that names the days.
std::string MismatchText(const Period& period, const TimesheetFit& fit);

// Whether the timesheets alone say what to bill. Failures, all FAILED_PRECONDITION:
//   TIMESHEET_REQUIRED  the contract demands a timesheet and none has a day of the period, or expenses are in another
//                       currency than the contract: {periodStart, periodEnd} or {timesheetCurrency, contractCurrency}
//   TIMESHEET_MISMATCH  {periodStart, periodEnd, days}
// `demanded`: the contract's demand counts.
absl::Status CheckTimesheets(const Contract& contract, const Period& period, const std::vector<Timesheet>& timesheets,
                             bool demanded);

// Only the currency of CheckTimesheets(), of the timesheets inside the period.
absl::Status CheckTimesheetCurrencies(const Contract& contract, const TimesheetFit& fit);

// The days of `period` that lie in no single billing period of the customer: empty where they all lie in one.
std::string OutsidePeriodsText(const Customer& customer, const Period& period);

}  // namespace invoice::domain
