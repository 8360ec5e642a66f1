#include "domain/schedule.h"

#include <algorithm>
#include <cassert>

#include "domain/calendar.h"

namespace invoice::domain {
namespace {

// Remainder that is never negative.
int64_t Modulo(int64_t value, int64_t divisor) { return ((value % divisor) + divisor) % divisor; }

// 0 for Monday; absl::Weekday counts from Monday as well.
int WeekdayOf(absl::CivilDay day) { return static_cast<int>(absl::GetWeekday(day)); }

// Some due date of a rule that repeats every so many days.
absl::CivilDay FirstWeekdayFrom(absl::CivilDay day, int weekday) { return day + Modulo(weekday - WeekdayOf(day), 7); }

int DaysBetweenRuns(Frequency frequency) { return frequency == Frequency::kWeekly ? 7 : 14; }

int MonthsBetweenRuns(Frequency frequency) {
  switch (frequency) {
    case Frequency::kQuarterly:
      return 3;
    case Frequency::kYearly:
      return 12;
    default:
      return 1;
  }
}

bool CountsDays(Frequency frequency) { return frequency == Frequency::kWeekly || frequency == Frequency::kBiweekly; }

// The first month of the month, quarter or year that holds `day`.
absl::CivilMonth StartOfSpan(Frequency frequency, absl::CivilDay day) {
  const absl::CivilMonth month(day);
  return month - Modulo(month.month() - 1, MonthsBetweenRuns(frequency));
}

absl::CivilDay BillingDayIn(absl::CivilMonth month, int billing_day) {
  const absl::CivilDay first(month);
  return std::min(first + (billing_day - 1), EndOfMonth(first));
}

}  // namespace

absl::CivilDay NextDue(const ScheduleRule& rule, absl::CivilDay after) {
  if (CountsDays(rule.frequency)) {
    const int step = DaysBetweenRuns(rule.frequency);
    const absl::CivilDay some_due = FirstWeekdayFrom(rule.anchor, rule.billing_weekday);
    const absl::CivilDay earliest = after + 1;
    return earliest + Modulo(some_due - earliest, step);
  }
  const absl::CivilMonth month = StartOfSpan(rule.frequency, after);
  const absl::CivilDay due = BillingDayIn(month, rule.billing_day);
  return due > after ? due : BillingDayIn(month + MonthsBetweenRuns(rule.frequency), rule.billing_day);
}

absl::CivilDay PreviousDue(const ScheduleRule& rule, absl::CivilDay before) {
  if (CountsDays(rule.frequency)) return NextDue(rule, before - 1) - DaysBetweenRuns(rule.frequency);
  const absl::CivilMonth month = StartOfSpan(rule.frequency, before);
  const absl::CivilDay due = BillingDayIn(month, rule.billing_day);
  return due < before ? due : BillingDayIn(month - MonthsBetweenRuns(rule.frequency), rule.billing_day);
}

bool IsDue(const ScheduleRule& rule, absl::CivilDay day) { return NextDue(rule, day - 1) == day; }

Period PeriodOf(Frequency frequency, absl::CivilDay run_date) {
  if (CountsDays(frequency)) return {run_date - DaysBetweenRuns(frequency), run_date - 1};
  const absl::CivilMonth month = StartOfSpan(frequency, run_date);
  return {absl::CivilDay(month - MonthsBetweenRuns(frequency)), absl::CivilDay(month) - 1};
}

Period PeriodHolding(const ScheduleRule& rule, absl::CivilDay day) {
  if (CountsDays(rule.frequency)) return PeriodOf(rule.frequency, NextDue(rule, day));
  const absl::CivilMonth month = StartOfSpan(rule.frequency, day);
  return {absl::CivilDay(month), absl::CivilDay(month + MonthsBetweenRuns(rule.frequency)) - 1};
}

std::optional<Period> Clip(Period period, std::optional<absl::CivilDay> start, std::optional<absl::CivilDay> end) {
  if (start) period.first = std::max(period.first, *start);
  if (end) period.last = std::min(period.last, *end);
  if (period.last < period.first) return std::nullopt;
  return period;
}

bool Overlap(Period a, Period b) { return a.first <= b.last && b.first <= a.last; }

std::vector<Occurrence> Occurrences(const ScheduleRule& rule, absl::CivilDay after, int count) {
  std::vector<Occurrence> occurrences;
  absl::CivilDay due = after;
  while (static_cast<int>(occurrences.size()) < count) {
    due = NextDue(rule, due);
    if (due > kLastDay) break;  // a period ends before its due date
    const Period period = PeriodOf(rule.frequency, due);
    if (IsAccepted(period.first)) occurrences.push_back({due, period});
  }
  return occurrences;
}

absl::CivilDay NextDueBeyond(const ScheduleRule& rule, absl::CivilDay due,
                             std::optional<absl::CivilDay> handled_through) {
  absl::CivilDay next = NextDue(rule, due);
  if (!handled_through) return next;
  while (PeriodOf(rule.frequency, next).first <= *handled_through) next = NextDue(rule, next);
  return next;
}

bool SameDueDates(const ScheduleRule& a, const ScheduleRule& b) {
  if (a.frequency != b.frequency) return false;
  if (!CountsDays(a.frequency)) return a.billing_day == b.billing_day;
  if (a.billing_weekday != b.billing_weekday) return false;
  return a.frequency == Frequency::kWeekly ||
         Modulo(FirstWeekdayFrom(a.anchor, a.billing_weekday) - FirstWeekdayFrom(b.anchor, b.billing_weekday), 14) == 0;
}

Transition ChangeRule(const ScheduleRule& rule, absl::CivilDay effective, std::optional<absl::CivilDay> last_billed) {
  const auto at = [&](absl::CivilDay due) { return Occurrence{due, PeriodOf(rule.frequency, due)}; };
  const auto after = [&](const Occurrence& occurrence) { return at(NextDue(rule, occurrence.due)); };
  Transition transition{.between = std::nullopt, .first = at(NextDue(rule, effective - 1))};
  if (!last_billed) return transition;
  while (transition.first.period.first <= *last_billed) transition.first = after(transition.first);
  if (transition.first.period.first == *last_billed + 1) return transition;
  // Two runs of one customer on one day would be one run; the days of the later one join those between.
  if (transition.first.due == effective) transition.first = after(transition.first);
  const Period between{*last_billed + 1, transition.first.period.first - 1};
  transition.between = Occurrence{std::max(effective, between.last + 1), between};
  assert(transition.between->due < transition.first.due);
  return transition;
}

}  // namespace invoice::domain
