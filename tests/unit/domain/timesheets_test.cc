#include "domain/timesheets.h"

#include <gmock/gmock.h>

#include "base/status.h"
#include "domain/calendar.h"

namespace invoice::domain {
namespace {

using absl::CivilDay;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

CivilDay September(int day) { return CivilDay(2026, 9, 1) + (day - 1); }
Period Days(int first, int last) { return {September(first), September(last)}; }

std::vector<Timesheet> TimesheetsOf(const std::vector<Period>& periods) {
  std::vector<Timesheet> timesheets;
  for (const Period& period : periods) timesheets.push_back({.period = period});
  return timesheets;
}

TEST(FitTimesheets, FindsDaysWithoutOneAndThoseThatReachOut) {
  struct Case {
    std::vector<Period> timesheets;
    size_t inside;
    std::vector<Period> partly;
    std::vector<Period> bare;
  };
  const Case cases[] = {
      {{}, 0, {}, {}},
      {{Days(1, 30)}, 1, {}, {}},
      {{Days(1, 15), Days(16, 30)}, 2, {}, {}},
      {{Days(1, 15)}, 1, {}, {Days(16, 30)}},
      {{Days(2, 29)}, 1, {}, {Days(1, 1), Days(30, 30)}},
      {{Days(1, 1), Days(15, 15), Days(30, 30)}, 3, {}, {Days(2, 14), Days(16, 29)}},
      {{Days(-5, 36)}, 0, {Days(-5, 36)}, {}},
      {{Days(0, 15), Days(16, 30)}, 1, {Days(0, 15)}, {}},
      {{Days(1, 15), Days(16, 31)}, 1, {Days(16, 31)}, {}},
      {{Days(30, 31)}, 0, {Days(30, 31)}, {Days(1, 29)}},
  };
  for (const Case& one : cases) {
    const std::vector<Timesheet> timesheets = TimesheetsOf(one.timesheets);
    const TimesheetFit fit = FitTimesheets(Days(1, 30), timesheets);
    EXPECT_THAT(fit.inside, SizeIs(one.inside));
    EXPECT_EQ(fit.partly, one.partly);
    EXPECT_EQ(fit.bare, one.bare);
    EXPECT_EQ(fit.fits(), one.partly.empty() && one.bare.empty());
  }
}

TEST(FitTimesheets, NamesTenSpansAndCountsTheOthers) {
  std::vector<Timesheet> timesheets;
  for (int day = 1; day <= 29; day += 2) timesheets.push_back({.period = Days(day, day)});
  const std::string text = MismatchText(Days(1, 30), FitTimesheets(Days(1, 30), timesheets));
  EXPECT_THAT(text, HasSubstr("2026-09-02, 2026-09-04"));
  EXPECT_THAT(text, HasSubstr("2026-09-20 and 5 more of the period 2026-09-01 to 2026-09-30"));
}

// A timesheet with a billed day can no longer be changed; whether it has one is not known here.
TEST(CheckTimesheets, OffersACorrectionOnlyWhileNoDayIsBilled) {
  for (const Period& days : {Days(-5, 30), Days(1, 15)}) {
    const absl::Status refused = CheckTimesheets({}, Days(1, 30), TimesheetsOf({days}), false);
    EXPECT_EQ(base::DetailOf(refused).reason, base::Reason::kTimesheetMismatch);
    EXPECT_THAT(std::string(refused.message()),
                HasSubstr("; correct the timesheets while none of their days is billed, or give the hours"));
  }
}

TEST(OutsidePeriods, DaysInOnePeriodOfTheContractSayNothing) {
  Customer customer;
  customer.schedule.anchor_date = CivilDay(2026, 1, 1);
  EXPECT_EQ(OutsidePeriodsText(customer, Days(1, 30)), "");
  EXPECT_EQ(OutsidePeriodsText(customer, Days(7, 7)), "");
  EXPECT_THAT(OutsidePeriodsText(customer, Days(30, 31)), HasSubstr("2026-09-30 to 2026-10-01"));
  customer.contract.frequency = Frequency::kQuarterly;
  EXPECT_EQ(OutsidePeriodsText(customer, {CivilDay(2026, 7, 1), CivilDay(2026, 9, 30)}), "");
  EXPECT_NE(OutsidePeriodsText(customer, Days(30, 31)), "");
  customer.contract.frequency = Frequency::kYearly;
  EXPECT_EQ(OutsidePeriodsText(customer, Days(30, 31)), "");
  customer.contract.frequency = Frequency::kWeekly;  // due on Mondays: 2026-09-07 is one
  EXPECT_EQ(OutsidePeriodsText(customer, Days(7, 13)), "");
  EXPECT_NE(OutsidePeriodsText(customer, Days(6, 7)), "");
  EXPECT_NE(OutsidePeriodsText(customer, Days(7, 14)), "");
}

TEST(OutsidePeriods, TheContractsDatesAndItsTransitionCount) {
  Customer customer;
  customer.contract.start_date = September(10);
  customer.contract.end_date = September(20);
  EXPECT_EQ(OutsidePeriodsText(customer, Days(10, 20)), "");
  EXPECT_THAT(OutsidePeriodsText(customer, Days(9, 20)), HasSubstr("contract's dates"));
  EXPECT_THAT(OutsidePeriodsText(customer, Days(10, 21)), HasSubstr("contract's dates"));
  EXPECT_THAT(OutsidePeriodsText(customer, Days(25, 26)), HasSubstr("contract's dates"));
  customer.contract.start_date.reset();
  customer.contract.end_date.reset();
  customer.schedule.transition = {.due = CivilDay(2026, 10, 14), .period = {September(20), CivilDay(2026, 10, 11)}};
  EXPECT_EQ(OutsidePeriodsText(customer, Days(30, 31)), "") << "the transition has both days";
  EXPECT_NE(OutsidePeriodsText(customer, Days(19, 20)), "") << "only the second day is the transition's";
}

TEST(PeriodHolding, HasItsDayAndMeetsTheNext) {
  for (const Frequency frequency :
       {Frequency::kWeekly, Frequency::kBiweekly, Frequency::kMonthly, Frequency::kQuarterly, Frequency::kYearly}) {
    for (const int billing_day : {1, 15, 31}) {
      const ScheduleRule rule{frequency, 3, CivilDay(2026, 3, 5), billing_day};
      for (CivilDay day(2026, 1, 1); day < CivilDay(2028, 3, 1);) {
        const Period period = PeriodHolding(rule, day);
        ASSERT_LE(period.first, day);
        ASSERT_GE(period.last, day);
        ASSERT_EQ(PeriodHolding(rule, period.last), period);
        ASSERT_NE(PeriodHolding(rule, period.last + 1), period);
        ASSERT_EQ(PeriodOf(frequency, NextDue(rule, period.last)), period) << "some run bills it";
        day = period.last + 1;
      }
    }
  }
}

}  // namespace
}  // namespace invoice::domain
