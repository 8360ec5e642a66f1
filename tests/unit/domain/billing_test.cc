#include "domain/billing.h"

#include <gmock/gmock.h>

#include "domain/calendar.h"

namespace invoice::domain {
namespace {

using absl::CivilDay;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Reschedule, AHandOverPastTheAcceptedDatesIsNone) {
  Customer before;
  before.schedule.enabled = true;
  before.schedule.anchor_date = CivilDay(2199, 1, 1);
  before.schedule.handled_through = CivilDay(2199, 12, 15);
  Customer after = before;
  after.contract.frequency = Frequency::kYearly;
  Reschedule(before, after, CivilDay(2199, 12, 20), before.schedule.handled_through);
  EXPECT_FALSE(after.schedule.next_run_date.has_value());
  EXPECT_FALSE(after.schedule.transition.has_value());
}

TEST(Reschedule, AChangeBeforeTheFirstBillLeavesNoDayOut) {
  Customer before;
  before.contract.start_date = CivilDay(2026, 11, 16);
  before.schedule.enabled = true;
  before.schedule.anchor_date = CivilDay(2026, 12, 1);
  before.schedule.billing_day = 15;
  before.schedule.next_run_date = CivilDay(2026, 12, 15);
  Customer after = before;
  after.contract.frequency = Frequency::kWeekly;
  Reschedule(before, after, CivilDay(2026, 12, 1), std::nullopt);
  ASSERT_TRUE(after.schedule.transition.has_value());
  EXPECT_EQ(after.schedule.transition->period, (Period{CivilDay(2026, 11, 16), CivilDay(2026, 11, 29)}));
  EXPECT_EQ(after.schedule.next_run_date, after.schedule.transition->due);

  before.contract.start_date = CivilDay(2026, 10, 1);
  before.contract.frequency = Frequency::kQuarterly;
  before.schedule.next_run_date = CivilDay(2027, 1, 15);
  after = before;
  after.contract.frequency = Frequency::kMonthly;
  Reschedule(before, after, CivilDay(2026, 12, 1), std::nullopt);
  ASSERT_TRUE(after.schedule.transition.has_value());
  EXPECT_EQ(after.schedule.transition->period.first, CivilDay(2026, 10, 1));
}

// Monthly until November, then weekly: the first days of December are a transition that the contract's end cuts.
DueSchedule CutTransition(MissedRunPolicy policy) {
  DueSchedule due;
  due.customer_id = "c";
  due.active = true;
  due.frequency = Frequency::kWeekly;
  due.end_date = CivilDay(2026, 12, 3);
  due.schedule.enabled = true;
  due.schedule.missed_run_policy = policy;
  due.schedule.transition = Occurrence{CivilDay(2026, 12, 14), {CivilDay(2026, 12, 1), CivilDay(2026, 12, 6)}};
  due.schedule.next_run_date = due.schedule.transition->due;
  return due;
}

TEST(TakeDue, HandsOverTheWholeOfAPeriodThatTheContractCuts) {
  DueSchedule due = CutTransition(MissedRunPolicy::kHold);
  const Occurrence transition = *due.schedule.transition;
  const DuePlan plan = TakeDue(due, transition.due, 10);
  EXPECT_THAT(plan.bill, ElementsAre(transition));
  EXPECT_THAT(plan.decided, IsEmpty());
  EXPECT_EQ(due.schedule.next_run_date, std::nullopt);
}

TEST(TakeDue, AMissedPeriodKeepsItsWholeBesideItsDays) {
  DueSchedule due = CutTransition(MissedRunPolicy::kHold);
  const Occurrence transition = *due.schedule.transition;
  const DuePlan plan = TakeDue(due, transition.due + 1, 10);
  ASSERT_EQ(plan.decided.size(), 1u);
  EXPECT_EQ(plan.decided[0].period, (Period{CivilDay(2026, 12, 1), CivilDay(2026, 12, 3)}));
  EXPECT_EQ(plan.decided[0].whole, transition.period);
}

TEST(TakeDue, PassesOverWhatLiesOutsideOfTheContract) {
  DueSchedule due = CutTransition(MissedRunPolicy::kHold);
  due.end_date = CivilDay(2026, 11, 30);
  const DuePlan plan = TakeDue(due, CivilDay(2026, 12, 14), 10);
  EXPECT_THAT(plan.bill, IsEmpty());
  EXPECT_THAT(plan.decided, IsEmpty());
}

}  // namespace
}  // namespace invoice::domain
