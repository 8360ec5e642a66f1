// Whether and how a customer is billed for a period by a batch run: the rules of scheduled runs and of "generate all",
// over the one engine of generation (domain/generation.h). It is given everything that exists and answers with the
// invoice's content or with the rule that stands against it. And the walk of a schedule from one due date to the next.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "domain/generation.h"
#include "domain/invoice.h"
#include "domain/parties.h"
#include "domain/run_record.h"
#include "domain/schedule.h"

namespace invoice::domain {

// What was decided about a period that is not billed as usual: left out by a person or a policy, waiting for a person,
// or let go again by one.
enum class PeriodDecisionState { kSkipped, kHeld, kReopened };
std::string_view Name(PeriodDecisionState state);  // "SKIPPED"
std::optional<PeriodDecisionState> ParsePeriodDecisionState(std::string_view name);

struct PeriodDecision {
  std::string customer_id;
  Period period;
  std::optional<Period> whole;  // before the contract's dates cut it to `period`; none: it was not cut
  absl::CivilDay due_date;
  PeriodDecisionState state = PeriodDecisionState::kHeld;
  std::string reason;   // the rule: "MISSED_RUN"
  std::string message;  // one sentence for people
  std::string run_id;   // empty: not decided by a run
  std::string decided_by;
  absl::Time decided_at;
};

// An invoice that claims days of a period.
struct ClaimedDays {
  std::string invoice_id;
  std::string number;  // empty: a draft
  Period days;
};

// What exists for a customer and a period.
struct BillingFacts {
  // Each in order of their days, all that touch the period; of decisions their whole periods.
  std::vector<ClaimedDays> claims;
  std::vector<PeriodDecision> decisions;
  std::vector<Timesheet> timesheets;
};

struct BillingInput {
  RunMode mode = RunMode::kScheduled;  // SCHEDULED or GENERATE_ALL
  absl::CivilDay run_date;
  absl::CivilDay today;          // on the customer's calendar
  std::optional<Period> handed;  // the whole period that a schedule handed over; none: by the present contract
  const Vendor* vendor = nullptr;
  const Customer* customer = nullptr;
  LineTextsOf line_texts = EnglishLineTexts;  // as of GenerationInput
  BillingFacts facts;
};

struct BillingDecision {
  RunOutcome outcome = RunOutcome::kSkipped;
  std::string reason;                                       // the rule that decided: "BILLED", "ALREADY_INVOICED"
  std::string message;                                      // one sentence for people; empty where the rule says it all
  std::vector<std::pair<std::string, std::string>> values;  // what the rule looked at, by name
  std::optional<Period> period;
  std::optional<Period> whole;        // before the contract's dates cut it to `period`; none: it was not cut
  std::vector<Period> uncovered;      // of PARTIAL_OVERLAP: the days nobody bills
  std::string invoice_id;             // that stands in the way; empty: none
  std::optional<InvoiceDraft> draft;  // of INVOICED
};

// The period of the customer that a run on `run_date` bills, clipped to the contract's dates; nothing where no day is
// left.
std::optional<Period> PeriodFor(const BillingInput& input);

// The days that a decision is about under the present dates of the contract; where none is left, those of then.
Period DaysOf(const PeriodDecision& decision, const Contract& contract);

// The part of a period inside the contract's dates and the accepted ones; nothing where no day is left.
std::optional<Period> ClipToContract(const Period& whole, std::optional<absl::CivilDay> start,
                                     std::optional<absl::CivilDay> end);

BillingDecision DecideBilling(const BillingInput& input);

// A decision that something refused later: the reason of a status as the rule.
BillingDecision Refused(BillingDecision decision, const absl::Status& status);

// The days of `period` that no claim holds, as spans in order.
std::vector<Period> Uncovered(const Period& period, const std::vector<ClaimedDays>& claims);

ScheduleRule RuleOf(const Customer& customer);

// What the schedule bills on a due date: its transition's days where `due` is that day, else the frequency's period.
Occurrence OccurrenceOn(Frequency frequency, const Schedule& schedule, absl::CivilDay due);

// A customer's schedule with what its contract says about due dates: all that walking it needs, and little, because
// thousands are walked at once.
struct DueSchedule {
  std::string customer_id;
  bool active = false;  // the customer
  Frequency frequency = Frequency::kMonthly;
  std::optional<absl::CivilDay> start_date;  // of the contract
  std::optional<absl::CivilDay> end_date;
  Schedule schedule;
};

// Takes a due date over: `last_run_date`, `handled_through` and `next_run_date` go on. None comes next once the
// contract or the accepted dates have ended.
void Advance(DueSchedule& due_schedule, const Occurrence& handled);

// The next run after a change: the first due date from `today` on that was not handled; under a rule with other due
// dates, with a transition for the days since `last_billed` (the end of the last billed period, where there was one). A
// transition stays while the schedule is off or the contract ends before it, until its due date has passed or the rule
// changes.
void Reschedule(const Customer& before, Customer& after, absl::CivilDay today,
                std::optional<absl::CivilDay> last_billed);

// What a scheduler that comes to a schedule on `today` does with each due date up to it.
struct DuePlan {
  std::vector<Occurrence> bill;         // oldest first: caught up, and today's own; whole periods
  std::vector<PeriodDecision> decided;  // held or skipped by the missed-run policy
};
// Walks the schedule up to `today`, at most `limit` due dates; it is advanced. What lies outside
// of the contract's dates is passed over.
DuePlan TakeDue(DueSchedule& due_schedule, absl::CivilDay today, int limit);

}  // namespace invoice::domain
