#include "domain/timesheets.h"

#include <algorithm>

#include "base/limits.h"
#include "base/status.h"
#include "domain/billing.h"
#include "domain/calendar.h"
#include "domain/schedule.h"
#include "fmt/format.h"

namespace invoice::domain {
namespace {

std::string DaysTextOf(const Period& days) {
  if (days.first == days.last) return FormatDate(days.first);
  return fmt::format("{} to {}", FormatDate(days.first), FormatDate(days.last));
}

// "2026-09-10, 2026-09-16 to 2026-09-30 and 3 more"
std::string DaysTextOf(const std::vector<Period>& spans) {
  std::string text;
  const size_t shown = std::min(spans.size(), base::kMaxNamedSpans);
  for (size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + DaysTextOf(spans[i]);
  if (spans.size() > shown) text += fmt::format(" and {} more", spans.size() - shown);
  return text;
}

absl::Status Mismatch(const Period& period, const TimesheetFit& fit) {
  std::vector<Period> days = fit.partly;
  days.insert(days.end(), fit.bare.begin(), fit.bare.end());
  std::sort(days.begin(), days.end(), [](const Period& a, const Period& b) { return a.first < b.first; });
  return base::Failure(
      absl::StatusCode::kFailedPrecondition, base::Reason::kTimesheetMismatch,
      MismatchText(period, fit) + "; correct the timesheets while none of their days is billed, or give the hours",
      {{"periodStart", FormatDate(period.first)}, {"periodEnd", FormatDate(period.last)}, {"days", DaysTextOf(days)}});
}

}  // namespace

TimesheetFit FitTimesheets(const Period& period, const std::vector<Timesheet>& timesheets) {
  TimesheetFit fit;
  absl::CivilDay next = period.first;  // the first day that may have no timesheet
  for (const Timesheet& timesheet : timesheets) {
    const Period& days = timesheet.period;
    if (days.first >= period.first && days.last <= period.last) {
      fit.inside.push_back(&timesheet);
    } else {
      fit.partly.push_back(days);
    }
    if (days.first > next) fit.bare.push_back({next, days.first - 1});
    next = std::max(next, days.last + 1);
  }
  if (!timesheets.empty() && next <= period.last) fit.bare.push_back({next, period.last});
  return fit;
}

std::string MismatchText(const Period& period, const TimesheetFit& fit) {
  std::string text;
  if (!fit.partly.empty()) {
    text = fmt::format("the timesheet{} {} lie{} only partly in the period {}", fit.partly.size() == 1 ? "" : "s",
                       DaysTextOf(fit.partly), fit.partly.size() == 1 ? "s" : "", DaysTextOf(period));
  }
  if (!fit.bare.empty()) {
    text += fmt::format("{}no timesheet has the days {} of the period {}", text.empty() ? "" : "; ",
                        DaysTextOf(fit.bare), DaysTextOf(period));
  }
  return text;
}

absl::Status CheckTimesheets(const Contract& contract, const Period& period, const std::vector<Timesheet>& timesheets,
                             bool demanded) {
  if (demanded && contract.require_timesheet && timesheets.empty()) {
    return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kTimesheetRequired,
                         "the contract demands a timesheet for the period",
                         {{"periodStart", FormatDate(period.first)}, {"periodEnd", FormatDate(period.last)}});
  }
  const TimesheetFit fit = FitTimesheets(period, timesheets);
  if (!fit.fits()) return Mismatch(period, fit);
  return CheckTimesheetCurrencies(contract, fit);
}

absl::Status CheckTimesheetCurrencies(const Contract& contract, const TimesheetFit& fit) {
  const auto other = std::find_if(fit.inside.begin(), fit.inside.end(), [&](const Timesheet* timesheet) {
    return !timesheet->expenses.empty() && timesheet->currency_code != contract.currency_code;
  });
  if (other == fit.inside.end()) return absl::OkStatus();
  const Timesheet& timesheet = **other;
  return base::Failure(
      absl::StatusCode::kFailedPrecondition, base::Reason::kTimesheetRequired,
      fmt::format("the expenses of the timesheet {} are in another currency than the contract; enter it again",
                  DaysTextOf(timesheet.period)),
      {{"timesheetCurrency", timesheet.currency_code},
       {"contractCurrency", contract.currency_code},
       {"periodStart", FormatDate(timesheet.period.first)},
       {"periodEnd", FormatDate(timesheet.period.last)}});
}

std::string OutsidePeriodsText(const Customer& customer, const Period& period) {
  const Contract& contract = customer.contract;
  const std::optional<Period> within = Clip(period, contract.start_date, contract.end_date);
  if (within != period)
    return fmt::format("the days {} do not all lie within the contract's dates", DaysTextOf(period));
  const std::optional<Occurrence>& transition = customer.schedule.transition;
  const auto holds = [&](const Period& whole) { return period.first >= whole.first && period.last <= whole.last; };
  if (transition && holds(transition->period)) return "";
  const Period whole = PeriodHolding(RuleOf(customer), period.first);
  if (holds(whole) && !(transition && Overlap(period, transition->period))) return "";
  return fmt::format("the days {} lie in no single billing period of the contract", DaysTextOf(period));
}

}  // namespace invoice::domain
