// When a customer is billed and for which days (domain rules: "Dates and schedules"). Pure.
#pragma once

#include <optional>
#include <vector>

#include "absl/time/civil_time.h"
#include "domain/invoice.h"
#include "domain/kinds.h"

namespace invoice::domain {

// WEEKLY: due on `billing_weekday`. BIWEEKLY: every 14 days, counted both ways from the first `billing_weekday` on or
// after `anchor`. MONTHLY, QUARTERLY (January, April, July, October), YEARLY (January): on `billing_day`, or the last
// day of a shorter month.
struct ScheduleRule {
  Frequency frequency = Frequency::kMonthly;
  int billing_weekday = 0;  // 0 is Monday, 6 is Sunday
  absl::CivilDay anchor;
  int billing_day = 1;  // 1 to 31
  friend bool operator==(const ScheduleRule&, const ScheduleRule&) = default;
};

struct Occurrence {
  absl::CivilDay due;
  Period period;
  friend bool operator==(const Occurrence&, const Occurrence&) = default;
};

// The first due date strictly after `after`.
absl::CivilDay NextDue(const ScheduleRule& rule, absl::CivilDay after);
// The last due date strictly before `before`.
absl::CivilDay PreviousDue(const ScheduleRule& rule, absl::CivilDay before);
bool IsDue(const ScheduleRule& rule, absl::CivilDay day);

// The days billed by a run on `run_date`: the 7 or 14 days before it, or the calendar month, quarter or year before its
// own. For successive due dates of one rule they touch and never overlap.
Period PeriodOf(Frequency frequency, absl::CivilDay run_date);

// The billing period that has the day, for a rule that was never changed.
Period PeriodHolding(const ScheduleRule& rule, absl::CivilDay day);

// The part of a period inside a contract's first and last day; nothing where no day is left.
std::optional<Period> Clip(Period period, std::optional<absl::CivilDay> start, std::optional<absl::CivilDay> end);

bool Overlap(Period a, Period b);

// The next `count` due dates strictly after `after` with their periods, not clipped; fewer where accepted dates end.
std::vector<Occurrence> Occurrences(const ScheduleRule& rule, absl::CivilDay after, int count);

// The first due date after `due` whose period starts after `handled_through`; the days up to it are billed or decided.
absl::CivilDay NextDueBeyond(const ScheduleRule& rule, absl::CivilDay due,
                             std::optional<absl::CivilDay> handled_through);

// Whether two rules have the same due dates: what a frequency does not look at does not count.
bool SameDueDates(const ScheduleRule& a, const ScheduleRule& b);

// How billing goes on under a changed rule.
struct Transition {
  std::optional<Occurrence> between;  // the days from the last billed one to the first period, if there are any
  Occurrence first;                   // the first ordinary one under the new rule
};

// `rule` counts from `effective` on; all days up to `last_billed` (the end of the last period under the old rule, where
// there was one) are billed. No day is billed twice or never: the first ordinary period starts after `last_billed`, and
// the days before it make one period of their own, due as soon as it is over and the rule counts. `between` is always
// due before `first`.
Transition ChangeRule(const ScheduleRule& rule, absl::CivilDay effective, std::optional<absl::CivilDay> last_billed);

}  // namespace invoice::domain
