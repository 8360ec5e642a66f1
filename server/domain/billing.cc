#include "domain/billing.h"

#include <algorithm>
#include <array>

#include "base/status.h"
#include "domain/calendar.h"
#include "fmt/format.h"

namespace invoice::domain {
namespace {

constexpr std::array<std::string_view, 3> kDecisionStates = {"SKIPPED", "HELD", "REOPENED"};

BillingDecision Decided(RunOutcome outcome, std::string_view reason, std::string message = "") {
  return {.outcome = outcome, .reason = std::string(reason), .message = std::move(message)};
}

// The rules that need no period, in the order in which they are asked.
std::optional<BillingDecision> StandsAgainst(const BillingInput& input) {
  const Customer& customer = *input.customer;
  if (!input.vendor->active) return Decided(RunOutcome::kSkipped, "VENDOR_INACTIVE", "the vendor is deactivated");
  if (!customer.active) return Decided(RunOutcome::kSkipped, "CUSTOMER_INACTIVE", "the customer is deactivated");
  if (input.mode != RunMode::kScheduled || input.handed) return std::nullopt;
  if (!customer.schedule.enabled) {
    return Decided(RunOutcome::kSkipped, "SCHEDULE_DISABLED", "the customer's schedule is not enabled");
  }
  const bool transition = customer.schedule.transition && customer.schedule.transition->due == input.run_date;
  if (transition || IsDue(RuleOf(customer), input.run_date)) return std::nullopt;
  BillingDecision decision = Decided(RunOutcome::kSkipped, "NOT_DUE", "the schedule is not due on the run date");
  if (customer.schedule.next_run_date) {
    decision.values.emplace_back("nextRunDate", FormatDate(*customer.schedule.next_run_date));
  }
  return decision;
}

BillingDecision AsDecided(RunOutcome outcome, std::string_view reason, const PeriodDecision& decision) {
  BillingDecision answer = Decided(outcome, reason, decision.message);
  answer.values = {{"decision", decision.reason}, {"decidedBy", decision.decided_by}};
  return answer;
}

// Days that were skipped stay out. Where they are a part of the period, a person bills the others.
std::optional<BillingDecision> ByDecision(const BillingInput& input, const Period& period) {
  if (input.mode != RunMode::kScheduled) return std::nullopt;
  std::vector<ClaimedDays> skipped;
  const PeriodDecision* skips = nullptr;
  for (const PeriodDecision& decision : input.facts.decisions) {
    const Period days = DaysOf(decision, input.customer->contract);
    if (decision.state == PeriodDecisionState::kReopened || !Overlap(days, period)) continue;
    if (decision.state == PeriodDecisionState::kHeld) return AsDecided(RunOutcome::kHeld, "PERIOD_HELD", decision);
    skipped.push_back({.days = days});
    skips = &decision;
  }
  if (skips == nullptr) return std::nullopt;
  std::vector<Period> uncovered = Uncovered(period, skipped);
  if (uncovered.empty()) return AsDecided(RunOutcome::kSkipped, "PERIOD_SKIPPED", *skips);
  BillingDecision answer = AsDecided(RunOutcome::kHeld, "PARTIAL_OVERLAP", *skips);
  answer.message = "days of the period are skipped; bill the others by a manual run";
  answer.uncovered = std::move(uncovered);
  return answer;
}

std::optional<BillingDecision> ByClaims(const BillingInput& input, const Period& period) {
  const std::vector<ClaimedDays>& claims = input.facts.claims;
  if (claims.empty()) return std::nullopt;
  const ClaimedDays& first = claims.front();
  const std::string other = first.number.empty() ? "draft " + first.invoice_id : "invoice " + first.number;
  std::vector<Period> uncovered = Uncovered(period, claims);
  BillingDecision answer =
      uncovered.empty()
          ? Decided(RunOutcome::kSkipped, "ALREADY_INVOICED", "the period is already billed by " + other)
          : Decided(RunOutcome::kHeld, "PARTIAL_OVERLAP",
                    "days of the period are already billed by " + other + "; bill the others by a manual run");
  answer.invoice_id = first.invoice_id;
  answer.values = {{"billedFrom", FormatDate(first.days.first)}, {"billedThrough", FormatDate(first.days.last)}};
  answer.uncovered = std::move(uncovered);
  return answer;
}

// The period that the run bills before the contract's dates cut it.
Period UnclippedFor(const BillingInput& input) {
  const Contract& contract = input.customer->contract;
  if (input.handed) return *input.handed;
  if (input.mode != RunMode::kScheduled) return PeriodOf(contract.frequency, input.run_date);
  return OccurrenceOn(contract.frequency, input.customer->schedule, input.run_date).period;
}

// What a person let go may have been cut already.
Period WholeFor(const BillingInput& input, const Period& period) {
  const Period unclipped = UnclippedFor(input);
  return unclipped == period ? WholePeriodOf(*input.customer, period) : unclipped;
}

GenerationInput GenerationOf(const BillingInput& input, const Period& period, const Period& whole) {
  return {.mode = input.mode,
          .vendor = *input.vendor,
          .customer = *input.customer,
          .invoice_date = std::max(input.run_date, input.today),
          .period = period,
          .whole_period = whole,
          .timesheets = input.facts.timesheets,
          .line_texts = input.line_texts};
}

// The hours that an invoice of the contract's lines bills.
std::string HoursTextOf(const InvoiceDocument& document) {
  for (const InvoiceLine& line : document.lines) {
    if (line.unit == Unit::kHour) return line.quantity.ToString();
  }
  return "0";
}

ScheduleRule ScheduleRuleOf(Frequency frequency, const Schedule& schedule) {
  return {.frequency = frequency,
          .billing_weekday = schedule.billing_weekday,
          .anchor = schedule.anchor_date,
          .billing_day = schedule.billing_day};
}

// The due date, or none where the contract has ended before it.
std::optional<absl::CivilDay> WithinContract(Frequency frequency, const std::optional<absl::CivilDay>& end_date,
                                             const Schedule& schedule, absl::CivilDay due) {
  const Occurrence occurrence = OccurrenceOn(frequency, schedule, due);
  if (!IsAccepted(occurrence.due)) return std::nullopt;
  if (end_date && occurrence.period.first > *end_date) return std::nullopt;
  return due;
}

// The day before those that a schedule bills next; none where it bills nothing more.
std::optional<absl::CivilDay> DayBeforeNext(const Customer& customer) {
  if (!customer.schedule.next_run_date) return std::nullopt;
  const Occurrence next =
      OccurrenceOn(customer.contract.frequency, customer.schedule, *customer.schedule.next_run_date);
  const std::optional<Period> period = Clip(next.period, customer.contract.start_date, customer.contract.end_date);
  return period ? std::optional(period->first - 1) : std::nullopt;
}

PeriodDecision Missed(const DueSchedule& due_schedule, const Occurrence& occurrence, bool skip) {
  PeriodDecision decision;
  decision.customer_id = due_schedule.customer_id;
  decision.period = *ClipToContract(occurrence.period, due_schedule.start_date, due_schedule.end_date);
  if (decision.period != occurrence.period) decision.whole = occurrence.period;
  decision.due_date = occurrence.due;
  decision.state = skip ? PeriodDecisionState::kSkipped : PeriodDecisionState::kHeld;
  decision.reason = "MISSED_RUN";
  decision.message =
      fmt::format("its due date {} had passed when the scheduler came to it", FormatDate(occurrence.due));
  decision.decided_by = "scheduler";
  return decision;
}

}  // namespace

std::string_view Name(PeriodDecisionState state) { return kDecisionStates[static_cast<size_t>(state)]; }

std::optional<PeriodDecisionState> ParsePeriodDecisionState(std::string_view name) {
  for (size_t i = 0; i < kDecisionStates.size(); ++i) {
    if (kDecisionStates[i] == name) return static_cast<PeriodDecisionState>(i);
  }
  return std::nullopt;
}

ScheduleRule RuleOf(const Customer& customer) { return ScheduleRuleOf(customer.contract.frequency, customer.schedule); }

Occurrence OccurrenceOn(Frequency frequency, const Schedule& schedule, absl::CivilDay due) {
  const std::optional<Occurrence>& transition = schedule.transition;
  if (transition && transition->due == due) return *transition;
  return {due, PeriodOf(frequency, due)};
}

std::optional<Period> PeriodFor(const BillingInput& input) {
  const Contract& contract = input.customer->contract;
  return ClipToContract(UnclippedFor(input), contract.start_date, contract.end_date);
}

Period DaysOf(const PeriodDecision& decision, const Contract& contract) {
  const Period whole = decision.whole.value_or(decision.period);
  return ClipToContract(whole, contract.start_date, contract.end_date).value_or(decision.period);
}

std::optional<Period> ClipToContract(const Period& whole, std::optional<absl::CivilDay> start,
                                     std::optional<absl::CivilDay> end) {
  return Clip(whole, std::max(start.value_or(kFirstDay), kFirstDay), std::min(end.value_or(kLastDay), kLastDay));
}

BillingDecision DecideBilling(const BillingInput& input) {
  if (std::optional<BillingDecision> against = StandsAgainst(input)) return *std::move(against);
  const std::optional<Period> period = PeriodFor(input);
  if (!period) {
    return Decided(RunOutcome::kSkipped, "PERIOD_OUTSIDE_CONTRACT", "the period lies outside of the contract's dates");
  }
  const Period whole = WholeFor(input, *period);
  const auto with_period = [&](BillingDecision decision) {
    decision.period = period;
    if (whole != *period) decision.whole = whole;
    return decision;
  };
  std::optional<BillingDecision> against = ByClaims(input, *period);
  if (!against) against = ByDecision(input, *period);
  if (against) return with_period(*std::move(against));
  BillingDecision decision = with_period(Decided(RunOutcome::kInvoiced, "BILLED"));
  absl::StatusOr<InvoiceDraft> draft = GenerateInvoice(GenerationOf(input, *period, whole));
  if (!draft.ok()) return Refused(std::move(decision), draft.status());
  decision.values = {{"runDate", FormatDate(input.run_date)}, {"totalHours", HoursTextOf(draft->document)}};
  const std::vector<std::pair<std::string, std::string>> sources = SourcesOf(*draft);
  decision.values.insert(decision.values.end(), sources.begin(), sources.end());
  if (draft->part) decision.message = TextOf(*draft->part);
  decision.draft = *std::move(draft);
  return decision;
}

BillingDecision Refused(BillingDecision decision, const absl::Status& status) {
  const base::ErrorDetail detail = base::DetailOf(status);
  // Somebody has to enter something: the period waits for it. Everything else is a fault to mend.
  const bool waits =
      detail.reason == base::Reason::kTimesheetRequired || detail.reason == base::Reason::kTimesheetMismatch;
  decision.outcome = waits ? RunOutcome::kHeld : RunOutcome::kFailed;
  decision.reason = std::string(base::ReasonName(detail.reason));
  decision.message = std::string(status.message());
  decision.values.assign(detail.metadata.begin(), detail.metadata.end());
  decision.draft.reset();
  return decision;
}

std::vector<Period> Uncovered(const Period& period, const std::vector<ClaimedDays>& claims) {
  std::vector<Period> open;
  absl::CivilDay next = period.first;
  for (const ClaimedDays& claim : claims) {
    if (claim.days.first > next) open.push_back({next, std::min(claim.days.first - 1, period.last)});
    next = std::max(next, claim.days.last + 1);
    if (next > period.last) return open;
  }
  open.push_back({next, period.last});
  return open;
}

void Advance(DueSchedule& due_schedule, const Occurrence& handled) {
  Schedule& schedule = due_schedule.schedule;
  schedule.last_run_date = handled.due;
  schedule.handled_through = std::max(schedule.handled_through.value_or(handled.period.last), handled.period.last);
  if (schedule.transition && schedule.transition->due <= handled.due) schedule.transition.reset();
  const absl::CivilDay next =
      NextDueBeyond(ScheduleRuleOf(due_schedule.frequency, schedule), handled.due, schedule.handled_through);
  schedule.next_run_date = WithinContract(due_schedule.frequency, due_schedule.end_date, schedule, next);
}

void Reschedule(const Customer& before, Customer& after, absl::CivilDay today,
                std::optional<absl::CivilDay> last_billed) {
  Schedule& schedule = after.schedule;
  const auto within_contract = [&](absl::CivilDay due) {
    return WithinContract(after.contract.frequency, after.contract.end_date, schedule, due);
  };
  const ScheduleRule rule = RuleOf(after);
  const bool other_days = !SameDueDates(RuleOf(before), rule);
  const bool goes_over = other_days && before.schedule.enabled && schedule.enabled;
  if (other_days && !goes_over) schedule.transition.reset();
  if (!schedule.enabled) {
    schedule.next_run_date.reset();
    return;
  }
  if (goes_over) {
    const Transition transition = ChangeRule(rule, today, last_billed ? last_billed : DayBeforeNext(before));
    schedule.transition = transition.between;
    if (transition.between && !IsAccepted(transition.between->due)) {  // it ends before it is due
      schedule.transition.reset();
      schedule.next_run_date.reset();
      return;
    }
    schedule.next_run_date = within_contract(transition.between ? transition.between->due : transition.first.due);
    return;
  }
  // Due dates that passed while the scheduler was away stay due; those of a schedule that was off do not.
  const bool goes_on = before.schedule.enabled && before.schedule.next_run_date;
  if (schedule.transition && !goes_on && schedule.transition->due < today) schedule.transition.reset();
  if (schedule.transition) {
    schedule.next_run_date = within_contract(schedule.transition->due);
    return;
  }
  const absl::CivilDay from = goes_on ? *before.schedule.next_run_date : today;
  const absl::CivilDay after_run = schedule.last_run_date.value_or(absl::CivilDay(1970, 1, 1));
  schedule.next_run_date =
      within_contract(NextDueBeyond(rule, std::max(from - 1, after_run), schedule.handled_through));
}

DuePlan TakeDue(DueSchedule& due_schedule, absl::CivilDay today, int limit) {
  const Schedule& schedule = due_schedule.schedule;
  DuePlan plan;
  std::vector<Occurrence> missed;
  for (int i = 0; i < limit && schedule.next_run_date && *schedule.next_run_date <= today; ++i) {
    const Occurrence occurrence = OccurrenceOn(due_schedule.frequency, schedule, *schedule.next_run_date);
    Advance(due_schedule, occurrence);
    if (!ClipToContract(occurrence.period, due_schedule.start_date, due_schedule.end_date)) continue;
    (occurrence.due < today ? missed : plan.bill).push_back(occurrence);
  }
  const MissedRunPolicy policy = schedule.missed_run_policy;
  const size_t caught_up =
      policy == MissedRunPolicy::kCatchUp ? std::min(missed.size(), static_cast<size_t>(schedule.max_catch_up)) : 0;
  for (size_t i = caught_up; i < missed.size(); ++i) {
    plan.decided.push_back(Missed(due_schedule, missed[i], policy == MissedRunPolicy::kSkip));
  }
  plan.bill.insert(plan.bill.begin(), missed.begin(), missed.begin() + static_cast<int64_t>(caught_up));
  return plan;
}

}  // namespace invoice::domain
