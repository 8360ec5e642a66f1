#include "domain/partial_period.h"

#include "base/decimal.h"
#include "domain/billing.h"
#include "domain/calendar.h"
#include "domain/schedule.h"
#include "fmt/format.h"

namespace invoice::domain {
namespace {

int64_t CountDays(const Period& period) { return period.last - period.first + 1; }

// Monday to Friday; public holidays count as other days.
int64_t WorkdaysOf(const Period& period) {
  const int64_t weeks = CountDays(period) / 7;
  int64_t workdays = weeks * 5;
  for (absl::CivilDay day = period.first + weeks * 7; day <= period.last; ++day) {
    const absl::Weekday weekday = absl::GetWeekday(day);
    if (weekday != absl::Weekday::saturday && weekday != absl::Weekday::sunday) ++workdays;
  }
  return workdays;
}

// Both numbers come from amounts in limits and at most some thousand days: the quotient is at most `value`.
int64_t ShareOfDays(int64_t value, const PartialPeriod& part) {
  if (part.rule == PartialPeriods::kFull) return value;
  return base::Narrow(base::DivideRounded(base::Int128{value} * part.billed_days, part.whole_days)).value();
}

std::string_view WhatIsBilledOf(const PartialPeriod& part) {
  if (part.default_hours && part.extra_fees) return "default hours and extra fees";
  if (part.default_hours) return "default hours";
  return part.extra_fees ? "extra fees" : "";
}

}  // namespace

Quantity PartialPeriod::ShareOf(Quantity hours) const { return Quantity::FromUnits(ShareOfDays(hours.units(), *this)); }

int64_t PartialPeriod::ShareOf(int64_t amount_minor) const { return ShareOfDays(amount_minor, *this); }

std::optional<PartialPeriod> PartialPeriodOf(PartialPeriods rule, const Period& billed, const Period& whole) {
  if (billed == whole) return std::nullopt;
  PartialPeriod part{.rule = rule, .whole = whole, .billed_days = CountDays(billed), .whole_days = CountDays(whole)};
  switch (rule) {
    case PartialPeriods::kFull:
    case PartialPeriods::kProrateDays:
      return part;
    case PartialPeriods::kProrateWorkdays:
      if (const int64_t workdays = WorkdaysOf(whole); workdays > 0) {
        part.billed_days = WorkdaysOf(billed);
        part.whole_days = workdays;
      } else {
        part.rule = PartialPeriods::kProrateDays;
      }
      return part;
  }
  return part;
}

Period WholePeriodOf(const Customer& customer, const Period& period) {
  const auto is_cut_from = [&](const Period& whole) {
    return Clip(whole, customer.contract.start_date, customer.contract.end_date) == period;
  };
  const std::optional<Occurrence>& transition = customer.schedule.transition;
  if (transition && is_cut_from(transition->period)) return transition->period;
  const Period whole = PeriodHolding(RuleOf(customer), period.first);
  return is_cut_from(whole) ? whole : period;
}

std::string TextOf(const PartialPeriod& part) {
  const std::string cut = fmt::format("the contract's dates cut the period {} to {} short",
                                      FormatDate(part.whole.first), FormatDate(part.whole.last));
  const std::string_view what = WhatIsBilledOf(part);
  if (what.empty()) return cut;
  switch (part.rule) {
    case PartialPeriods::kFull:
      return fmt::format("{}; its {} are billed in full", cut, what);
    case PartialPeriods::kProrateDays:
      return fmt::format("{}; {} are billed for {} of {} days", cut, what, part.billed_days, part.whole_days);
    case PartialPeriods::kProrateWorkdays:
      return fmt::format("{}; {} are billed for {} of {} workdays", cut, what, part.billed_days, part.whole_days);
  }
  return cut;
}

}  // namespace invoice::domain
