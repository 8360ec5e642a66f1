#include "app/periods.h"

#include <algorithm>
#include <array>

#include "app/once.h"
#include "app/today.h"
#include "base/status.h"
#include "domain/billing.h"
#include "domain/calendar.h"
#include "domain/schedule.h"
#include "store/customers.h"
#include "store/invoices.h"
#include "store/json.h"

namespace invoice::app {
namespace {

constexpr std::array<std::string_view, 9> kStates = {"INVOICED", "DRAFT", "PARTLY_INVOICED", "DUE", "OPEN", "UPCOMING",
                                                     "SKIPPED",  "HELD",  "MISSED"};

int64_t DaysOf(const domain::Period& period) { return period.last - period.first + 1; }

// The due dates to show: `past` before today's open period, that one, `upcoming` after it; not clipped yet. A
// transition stands in the place of the periods whose days it has.
std::vector<domain::Occurrence> Around(const domain::Customer& customer, absl::CivilDay today,
                                       const PeriodRange& range) {
  const domain::ScheduleRule rule = domain::RuleOf(customer);
  // A period ends before its due date, so the open one is due after today; walking back from there finds the past ones.
  absl::CivilDay due = domain::NextDue(rule, today);
  while (domain::PeriodOf(rule.frequency, due).last < today) due = domain::NextDue(rule, due);
  for (int i = 0; i < range.past; ++i) {
    const absl::CivilDay earlier = domain::PreviousDue(rule, due);
    if (earlier < absl::CivilDay(1970, 1, 1)) break;
    due = earlier;
  }
  std::vector<domain::Occurrence> occurrences = domain::Occurrences(rule, due - 1, range.past + 1 + range.upcoming);
  const std::optional<domain::Occurrence>& transition = customer.schedule.transition;
  if (!transition) return occurrences;
  std::erase_if(occurrences, [&](const domain::Occurrence& occurrence) {
    return domain::Overlap(occurrence.period, transition->period);
  });
  const auto place = std::find_if(occurrences.begin(), occurrences.end(), [&](const domain::Occurrence& occurrence) {
    return occurrence.period.first > transition->period.first;
  });
  occurrences.insert(place, *transition);
  return occurrences;
}

// The decision about all days of the period, or the one that holds some of them.
const domain::PeriodDecision* FindDecision(const domain::Customer& customer,
                                           const std::vector<domain::PeriodDecision>& decisions,
                                           const domain::Period& period) {
  const domain::PeriodDecision* holds = nullptr;
  for (const domain::PeriodDecision& decision : decisions) {
    const domain::Period days = domain::DaysOf(decision, customer.contract);
    if (days.first <= period.first && days.last >= period.last) return &decision;
    if (decision.state == domain::PeriodDecisionState::kHeld && domain::Overlap(days, period)) holds = &decision;
  }
  return holds;
}

// A period that nobody bills yet.
void DecideOpen(const domain::Customer& customer, const std::vector<domain::PeriodDecision>& decisions,
                absl::CivilDay today, BillingPeriod& period) {
  const domain::PeriodDecision* decision = FindDecision(customer, decisions, period.period);
  const std::optional<absl::CivilDay>& next = customer.schedule.next_run_date;
  if (decision != nullptr && decision->state != domain::PeriodDecisionState::kReopened) {
    period.state =
        decision->state == domain::PeriodDecisionState::kSkipped ? PeriodState::kSkipped : PeriodState::kHeld;
    period.reason = decision->reason;
    period.message = decision->message;
  } else if (period.due_date < today && next && *next <= period.due_date) {
    period.state = PeriodState::kMissed;
  } else if (period.due_date <= today) {
    period.state = PeriodState::kDue;
  } else if (period.period.first <= today) {
    period.state = PeriodState::kOpen;
  } else {
    period.state = PeriodState::kUpcoming;
  }
}

// `claims` are all claims of the shown days, in order; `decisions` all decisions about them.
void DecidePeriod(const domain::Customer& customer, const std::vector<store::ClaimedDays>& claims,
                  const std::vector<domain::PeriodDecision>& decisions, absl::CivilDay today, BillingPeriod& period) {
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
  } else {
    DecideOpen(customer, decisions, today, period);
  }
}

// A period of the schedule before and after the contract's dates cut it.
struct Starting {
  absl::CivilDay due;
  domain::Period whole;
  domain::Period period;
};

// The period of the schedule that starts on that day, under the present rule or as it was decided about.
std::optional<Starting> FindStarting(const domain::Customer& customer,
                                     const std::vector<domain::PeriodDecision>& decisions, absl::CivilDay start) {
  const domain::Contract& contract = customer.contract;
  for (const domain::PeriodDecision& decision : decisions) {
    const domain::Period days = domain::DaysOf(decision, contract);
    if (days.first != start && decision.period.first != start) continue;
    return Starting{decision.due_date, decision.whole.value_or(decision.period), days};
  }
  const std::optional<domain::Occurrence>& transition = customer.schedule.transition;
  const domain::ScheduleRule rule = domain::RuleOf(customer);
  absl::CivilDay due = domain::NextDue(rule, start - 1);
  while (domain::PeriodOf(rule.frequency, due).last < start) due = domain::NextDue(rule, due);
  const domain::Occurrence regular{due, domain::PeriodOf(rule.frequency, due)};
  const bool in_transition = transition && domain::Overlap(transition->period, regular.period);
  for (const domain::Occurrence& occurrence : {transition.value_or(regular), in_transition ? *transition : regular}) {
    if (!domain::IsAccepted(occurrence.due)) continue;
    const auto clipped = domain::Clip(occurrence.period, contract.start_date, contract.end_date);
    if (clipped && clipped->first == start) return Starting{occurrence.due, occurrence.period, *clipped};
  }
  return std::nullopt;
}

}  // namespace

std::string_view Name(PeriodState state) { return kStates[static_cast<size_t>(state)]; }

absl::StatusOr<std::vector<BillingPeriod>> Periods::List(const std::string& customer_id, const PeriodRange& range) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  ASSIGN_OR_RETURN(const domain::Customer customer, store::Customers(transaction).Get(customer_id));
  ASSIGN_OR_RETURN(const absl::CivilDay today, LocalToday(core_, customer.schedule.time_zone));
  std::vector<BillingPeriod> periods;
  for (const domain::Occurrence& occurrence : Around(customer, today, range)) {
    const auto clipped = domain::Clip(occurrence.period, customer.contract.start_date, customer.contract.end_date);
    if (clipped) periods.push_back({.due_date = occurrence.due, .period = *clipped});
  }
  if (periods.empty()) return periods;
  const domain::Period days{periods.front().period.first, periods.back().period.last};
  ASSIGN_OR_RETURN(const auto claims, store::Invoices(transaction).FindClaims(customer_id, days));
  ASSIGN_OR_RETURN(const auto decisions, store::PeriodDecisions(transaction).Find(customer_id, days));
  for (BillingPeriod& period : periods) DecidePeriod(customer, claims, decisions, today, period);
  return periods;
}

// Finds the period, lets `change` write what it answers as the audited action, and answers the period as it is then.
absl::StatusOr<Outcome<BillingPeriod>> Periods::Change(
    const Call& call, const std::string& customer_id, const Encode<BillingPeriod>& encode, absl::CivilDay start,
    const std::function<absl::StatusOr<std::string>(store::Transaction&, const domain::Customer&,
                                                    const BillingPeriod&)>& change) {
  return Once<BillingPeriod>(
      core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<BillingPeriod> {
        ASSIGN_OR_RETURN(const domain::Customer customer, store::Customers(transaction).Lock(customer_id));
        ASSIGN_OR_RETURN(const absl::CivilDay today, LocalToday(core_, customer.schedule.time_zone));
        store::PeriodDecisions decisions(transaction);
        ASSIGN_OR_RETURN(auto found, decisions.Find(customer_id, {start, start}));
        const std::optional<Starting> starting = FindStarting(customer, found, start);
        if (!starting) return base::NotFound("billing period", customer_id + "/" + domain::FormatDate(start));
        BillingPeriod period{.due_date = starting->due, .period = starting->period, .whole = starting->whole};
        ASSIGN_OR_RETURN(const auto claims, store::Invoices(transaction).FindClaims(customer_id, period.period));
        DecidePeriod(customer, claims, found, today, period);
        if (!period.invoice_id.empty()) {
          return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kPeriodAlreadyInvoiced,
                               "days of the period are already billed",
                               {{"invoiceId", period.invoice_id}, {"number", period.invoice_number}});
        }
        ASSIGN_OR_RETURN(const std::string action, change(transaction, customer, period));
        ASSIGN_OR_RETURN(found, decisions.Find(customer_id, period.period));
        period.reason.clear();
        period.message.clear();
        DecidePeriod(customer, claims, found, today, period);
        RETURN_IF_ERROR(Audit(core_, transaction, call,
                              {customer.vendor_id, action, "billingPeriod", customer_id, "",
                               store::ToJson(std::vector{domain::FormatDate(start), period.message})}));
        return period;
      });
}

absl::StatusOr<Outcome<BillingPeriod>> Periods::Skip(const Call& call, const std::string& customer_id,
                                                     absl::CivilDay period_start, const std::string& reason,
                                                     const Encode<BillingPeriod>& encode) {
  return Change(call, customer_id, encode, period_start,
                [&](store::Transaction& transaction, const domain::Customer& customer,
                    const BillingPeriod& period) -> absl::StatusOr<std::string> {
                  store::PeriodDecisions decisions(transaction);
                  ASSIGN_OR_RETURN(const auto found, decisions.Find(customer.id, period.period));
                  const domain::PeriodDecision* before = FindDecision(customer, found, period.period);
                  if (before != nullptr) RETURN_IF_ERROR(decisions.RemoveAll({{customer.id, before->period.first}}));
                  domain::PeriodDecision decision{.customer_id = customer.id,
                                                  .period = period.period,
                                                  .whole = period.whole,
                                                  .due_date = period.due_date,
                                                  .state = domain::PeriodDecisionState::kSkipped,
                                                  .reason = "SKIPPED_BY_PERSON",
                                                  .message = reason,
                                                  .decided_by = call.actor.name};
                  if (decision.whole == decision.period) decision.whole.reset();
                  RETURN_IF_ERROR(decisions.PutAll({decision}, core_.clock.Now()));
                  return "skip";
                });
}

absl::StatusOr<Outcome<BillingPeriod>> Periods::Reopen(const Call& call, const std::string& customer_id,
                                                       absl::CivilDay period_start,
                                                       const Encode<BillingPeriod>& encode) {
  return Change(call, customer_id, encode, period_start,
                [&](store::Transaction& transaction, const domain::Customer& customer,
                    const BillingPeriod& period) -> absl::StatusOr<std::string> {
                  if (period.state != PeriodState::kSkipped && period.state != PeriodState::kHeld) {
                    const std::string state(Name(period.state));
                    return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kInvalidState,
                                         "only a period that is skipped or held can be reopened, and this is " + state,
                                         {{"state", state}});
                  }
                  ASSIGN_OR_RETURN(const auto found,
                                   store::PeriodDecisions(transaction).Find(customer.id, period.period));
                  const domain::PeriodDecision* decision = FindDecision(customer, found, period.period);
                  if (decision == nullptr) return base::NotFound("decision about the billing period", customer.id);
                  RETURN_IF_ERROR(ReopenPeriod(core_, transaction, customer, *decision, call.actor.name));
                  return "reopen";
                });
}

absl::StatusOr<store::Page<store::HeldPeriod>> Periods::ListMissed(const std::string& vendor_id,
                                                                   const store::PageRequest& page) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  return store::PeriodDecisions(transaction).ListHeld(vendor_id, page);
}

absl::Status ReopenPeriod(Core& core, store::Transaction& transaction, const domain::Customer& customer,
                          const domain::PeriodDecision& decision, const std::string& actor_name) {
  store::PeriodDecisions decisions(transaction);
  const domain::Schedule& schedule = customer.schedule;
  const absl::CivilDay last = decision.whole.value_or(decision.period).last;
  const bool taken_over = schedule.handled_through && *schedule.handled_through >= last;
  const bool comes = schedule.next_run_date && *schedule.next_run_date <= decision.due_date;
  // What the schedule did not take over it bills as usual, if it is on.
  if (!taken_over && (comes || decision.state == domain::PeriodDecisionState::kSkipped)) {
    return decisions.RemoveAll({{customer.id, decision.period.first}});
  }
  domain::PeriodDecision reopened = decision;
  reopened.state = domain::PeriodDecisionState::kReopened;
  reopened.reason = "REOPENED";
  reopened.message.clear();
  reopened.run_id.clear();
  reopened.decided_by = actor_name;
  return decisions.PutAll({reopened}, core.clock.Now());
}

}  // namespace invoice::app
