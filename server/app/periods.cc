#include "app/periods.h"

#include <algorithm>
#include <array>

#include "app/today.h"
#include "base/status.h"
#include "domain/schedule.h"
#include "store/customers.h"
#include "store/invoices.h"

namespace invoice::app {
namespace {

constexpr std::array<std::string_view, 6> kStates = {"INVOICED", "DRAFT", "PARTLY_INVOICED", "DUE", "OPEN", "UPCOMING"};

int64_t DaysOf(const domain::Period& period) { return period.last - period.first + 1; }

// The due dates to show: `past` before today's open period, that one, `upcoming` after it; not clipped yet.
std::vector<domain::Occurrence> Around(const domain::ScheduleRule& rule, absl::CivilDay today,
                                       const PeriodRange& range) {
  // A period ends before its due date, so the open one is due after today; walking back from there finds the past ones.
  absl::CivilDay due = domain::NextDue(rule, today);
  while (domain::PeriodOf(rule.frequency, due).last < today) due = domain::NextDue(rule, due);
  for (int i = 0; i < range.past; ++i) {
    const absl::CivilDay earlier = domain::PreviousDue(rule, due);
    if (earlier < absl::CivilDay(1970, 1, 1)) break;
    due = earlier;
  }
  return domain::Occurrences(rule, due - 1, range.past + 1 + range.upcoming);
}

// `claims` are all claims of the shown days, in order.
void Decide(const std::vector<store::ClaimedDays>& claims, absl::CivilDay today, BillingPeriod& period) {
  int64_t claimed_days = 0;
  for (const store::ClaimedDays& claim : claims) {
    if (!domain::Overlap(claim.days, period.period)) continue;
    if (period.invoice_id.empty()) {
      period.invoice_id = claim.invoice_id;
      period.invoice_number = claim.number;
    }
    claimed_days +=
        DaysOf({std::max(claim.days.first, period.period.first), std::min(claim.days.last, period.period.last)});
  }
  if (claimed_days == DaysOf(period.period)) {
    period.state = period.invoice_number.empty() ? PeriodState::kDraft : PeriodState::kInvoiced;
  } else if (claimed_days > 0) {
    period.state = PeriodState::kPartlyInvoiced;
  } else if (period.due_date <= today) {
    period.state = PeriodState::kDue;
  } else if (period.period.first <= today) {
    period.state = PeriodState::kOpen;
  } else {
    period.state = PeriodState::kUpcoming;
  }
}

}  // namespace

std::string_view Name(PeriodState state) { return kStates[static_cast<size_t>(state)]; }

absl::StatusOr<std::vector<BillingPeriod>> Periods::List(const std::string& customer_id, const PeriodRange& range) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  ASSIGN_OR_RETURN(const domain::Customer customer, store::Customers(transaction).Get(customer_id));
  ASSIGN_OR_RETURN(const absl::CivilDay today, LocalToday(core_, customer.schedule.time_zone));
  const domain::ScheduleRule rule{.frequency = customer.contract.frequency,
                                  .billing_weekday = customer.schedule.billing_weekday,
                                  .anchor = customer.schedule.anchor_date,
                                  .billing_day = customer.schedule.billing_day};
  std::vector<BillingPeriod> periods;
  for (const domain::Occurrence& occurrence : Around(rule, today, range)) {
    const auto clipped = domain::Clip(occurrence.period, customer.contract.start_date, customer.contract.end_date);
    if (clipped) periods.push_back({.due_date = occurrence.due, .period = *clipped});
  }
  if (periods.empty()) return periods;
  ASSIGN_OR_RETURN(
      const std::vector<store::ClaimedDays> claims,
      store::Invoices(transaction).FindClaims(customer_id, {periods.front().period.first, periods.back().period.last}));
  for (BillingPeriod& period : periods) Decide(claims, today, period);
  return periods;
}

}  // namespace invoice::app
