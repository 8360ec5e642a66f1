#include "domain/schedule.h"

#include <gtest/gtest.h>

#include <random>

#include "domain/calendar.h"
#include "tests/unit/domain/vectors.h"

namespace invoice::domain {
namespace {

using absl::CivilDay;

constexpr Frequency kFrequencies[] = {Frequency::kWeekly, Frequency::kBiweekly, Frequency::kMonthly,
                                      Frequency::kQuarterly, Frequency::kYearly};

CivilDay Day(const std::string& text) { return ParseDate(text).value(); }

ScheduleRule RuleOf(const VectorRow& row) {
  return {.frequency = Parse<Frequency>(row.at("frequency")).value(),
          .billing_weekday = std::stoi(row.at("billing_weekday")),
          .anchor = Day(row.at("anchor_date")),
          .billing_day = std::stoi(row.at("billing_day"))};
}

ScheduleRule RandomRule(std::mt19937& random) {
  return {.frequency = kFrequencies[random() % 5],
          .billing_weekday = static_cast<int>(random() % 7),
          .anchor = CivilDay(1970, 1, 1) + random() % 80000,
          .billing_day = static_cast<int>(1 + random() % 31)};
}

TEST(Schedule, AgreesWithEveryVector) {
  for (const VectorRow& row : ReadVectors("schedule.csv")) {
    SCOPED_TRACE(ToText(row));
    const auto occurrences = Occurrences(RuleOf(row), Day(row.at("after")), 1);
    ASSERT_EQ(occurrences.size(), 1u);
    EXPECT_EQ(FormatDate(occurrences[0].due), row.at("next_due"));
    EXPECT_EQ(FormatDate(occurrences[0].period.first), row.at("period_start"));
    EXPECT_EQ(FormatDate(occurrences[0].period.last), row.at("period_end"));
  }
}

TEST(PeriodOf, AgreesWithEveryVector) {
  for (const VectorRow& row : ReadVectors("period.csv")) {
    SCOPED_TRACE(ToText(row));
    const Period period = PeriodOf(Parse<Frequency>(row.at("frequency")).value(), Day(row.at("run_date")));
    EXPECT_EQ(FormatDate(period.first), row.at("period_start"));
    EXPECT_EQ(FormatDate(period.last), row.at("period_end"));
  }
}

// All weekdays, billing days and a spread of anchors of a frequency, over more than a century with the year 2100, which
// is no leap year.
class OverACentury : public ::testing::TestWithParam<Frequency> {
 protected:
  std::vector<ScheduleRule> Rules() const {
    std::vector<ScheduleRule> rules;
    const bool by_weekday = GetParam() == Frequency::kWeekly || GetParam() == Frequency::kBiweekly;
    for (int anchor = 0; anchor < 15; ++anchor) {
      for (int i = 0; i < (by_weekday ? 7 : 31); ++i) {
        rules.push_back({.frequency = GetParam(),
                         .billing_weekday = by_weekday ? i : 0,
                         .anchor = CivilDay(2050, 2, 20) + anchor,
                         .billing_day = by_weekday ? 1 : i + 1});
      }
      if (!by_weekday) break;  // the anchor counts for weeks only
    }
    return rules;
  }
};

TEST_P(OverACentury, PeriodsTouchAndNeverOverlap) {
  for (const ScheduleRule& rule : Rules()) {
    CivilDay due = NextDue(rule, CivilDay(1999, 12, 31));
    Period period = PeriodOf(rule.frequency, due);
    while (due < CivilDay(2110, 1, 1)) {
      const CivilDay next_due = NextDue(rule, due);
      const Period next = PeriodOf(rule.frequency, next_due);
      ASSERT_EQ(next.first, period.last + 1) << FormatDate(due) << " billing day " << rule.billing_day;
      ASSERT_LE(next.first, next.last);
      ASSERT_LT(next.last, next_due) << "a period is billed when it is over";
      due = next_due;
      period = next;
    }
  }
}

TEST_P(OverACentury, PreviousAndNextAreOpposites) {
  for (const ScheduleRule& rule : Rules()) {
    CivilDay due = NextDue(rule, CivilDay(2019, 12, 31));
    for (int i = 0; i < 60; ++i) {
      const CivilDay next = NextDue(rule, due);
      ASSERT_EQ(PreviousDue(rule, next), due);
      ASSERT_EQ(NextDue(rule, next - 1), next);
      ASSERT_EQ(PreviousDue(rule, due + 1), due);
      ASSERT_TRUE(IsDue(rule, due));
      ASSERT_FALSE(IsDue(rule, due + 1));
      due = next;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Schedule, OverACentury, ::testing::ValuesIn(kFrequencies),
                         [](const auto& info) { return std::string(Name(info.param)); });

TEST(NextDue, Day31IsTheLastDayOfAShorterMonth) {
  const ScheduleRule rule{.frequency = Frequency::kMonthly, .billing_day = 31};
  const char* expected[] = {"2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31"};
  CivilDay due(2027, 12, 31);
  for (const char* day : expected) {
    due = NextDue(rule, due);
    EXPECT_EQ(FormatDate(due), day);
  }
}

TEST(NextDue, BiweeklyCountsBothWaysFromTheAnchor) {
  // The first Friday on or after Wednesday 2026-07-01 is 2026-07-03.
  const ScheduleRule rule{.frequency = Frequency::kBiweekly, .billing_weekday = 4, .anchor = CivilDay(2026, 7, 1)};
  EXPECT_EQ(NextDue(rule, CivilDay(2026, 7, 1)), CivilDay(2026, 7, 3));
  EXPECT_EQ(NextDue(rule, CivilDay(2026, 7, 3)), CivilDay(2026, 7, 17));
  EXPECT_EQ(NextDue(rule, CivilDay(2026, 6, 18)), CivilDay(2026, 6, 19));
  EXPECT_EQ(NextDue(rule, CivilDay(1999, 12, 31)),
            CivilDay(2026, 7, 3) - 14 * ((CivilDay(2026, 7, 3) - CivilDay(2000, 1, 1)) / 14));
}

TEST(Occurrences, EndWithTheAcceptedDates) {
  for (const Frequency frequency : kFrequencies) {
    const ScheduleRule rule{.frequency = frequency, .anchor = CivilDay(2199, 1, 1), .billing_day = 31};
    const auto last = Occurrences(rule, CivilDay(2197, 12, 31), 200);
    ASSERT_FALSE(last.empty()) << Name(frequency);
    EXPECT_LT(last.size(), 200u);
    EXPECT_TRUE(IsAccepted(last.back().due));
    EXPECT_GT(NextDue(rule, last.back().due), kLastDay) << "none is left out";
    EXPECT_TRUE(Occurrences(rule, kLastDay, 3).empty());
    const auto first = Occurrences(rule, kFirstDay, 1);
    ASSERT_EQ(first.size(), 1u);
    EXPECT_TRUE(IsAccepted(first[0].period.first)) << Name(frequency);
  }
}

TEST(Clip, KeepsTheDaysOfTheContract) {
  const Period october{CivilDay(2026, 10, 1), CivilDay(2026, 10, 31)};
  EXPECT_EQ(Clip(october, std::nullopt, std::nullopt), october);
  EXPECT_EQ(Clip(october, CivilDay(2026, 10, 15), std::nullopt), (Period{CivilDay(2026, 10, 15), october.last}));
  EXPECT_EQ(Clip(october, std::nullopt, CivilDay(2026, 10, 1)), (Period{october.first, october.first}));
  EXPECT_EQ(Clip(october, CivilDay(2026, 11, 1), std::nullopt), std::nullopt);
  EXPECT_EQ(Clip(october, std::nullopt, CivilDay(2026, 9, 30)), std::nullopt);
}

TEST(Overlap, SharesADay) {
  const Period week{CivilDay(2026, 10, 5), CivilDay(2026, 10, 11)};
  EXPECT_TRUE(Overlap(week, {CivilDay(2026, 10, 11), CivilDay(2026, 10, 12)}));
  EXPECT_FALSE(Overlap(week, {CivilDay(2026, 10, 12), CivilDay(2026, 10, 12)}));
  EXPECT_FALSE(Overlap(week, {CivilDay(2026, 10, 1), CivilDay(2026, 10, 4)}));
}

TEST(ChangeRule, MonthlyToWeeklyBillsTheDaysBetween) {
  const ScheduleRule mondays{.frequency = Frequency::kWeekly, .billing_weekday = 0, .anchor = CivilDay(2026, 1, 1)};
  const Transition transition = ChangeRule(mondays, CivilDay(2026, 10, 15), CivilDay(2026, 9, 30));
  ASSERT_TRUE(transition.between.has_value());
  EXPECT_EQ(*transition.between, (Occurrence{CivilDay(2026, 10, 15), {CivilDay(2026, 10, 1), CivilDay(2026, 10, 11)}}));
  EXPECT_EQ(transition.first, (Occurrence{CivilDay(2026, 10, 19), {CivilDay(2026, 10, 12), CivilDay(2026, 10, 18)}}));
}

TEST(ChangeRule, WeeklyToMonthlyWaitsForAWholeMonth) {
  const ScheduleRule monthly{.frequency = Frequency::kMonthly, .billing_day = 1};
  const Transition transition = ChangeRule(monthly, CivilDay(2026, 10, 15), CivilDay(2026, 10, 11));
  ASSERT_TRUE(transition.between.has_value());
  EXPECT_EQ(*transition.between, (Occurrence{CivilDay(2026, 11, 1), {CivilDay(2026, 10, 12), CivilDay(2026, 10, 31)}}));
  EXPECT_EQ(transition.first, (Occurrence{CivilDay(2026, 12, 1), {CivilDay(2026, 11, 1), CivilDay(2026, 11, 30)}}));
}

TEST(ChangeRule, NothingLiesBetweenWhereNothingWasBilledOrThePeriodsTouch) {
  const ScheduleRule day_1{.frequency = Frequency::kMonthly, .billing_day = 1};
  EXPECT_EQ(ChangeRule(day_1, CivilDay(2026, 10, 1), std::nullopt).between, std::nullopt);
  EXPECT_EQ(ChangeRule(day_1, CivilDay(2026, 10, 1), std::nullopt).first.due, CivilDay(2026, 10, 1));
  const ScheduleRule day_20{.frequency = Frequency::kMonthly, .billing_day = 20};
  const Transition touching = ChangeRule(day_20, CivilDay(2026, 10, 5), CivilDay(2026, 8, 31));
  EXPECT_EQ(touching.between, std::nullopt);
  EXPECT_EQ(touching.first.due, CivilDay(2026, 10, 20));
}

TEST(ChangeRule, BillsEveryDayOnceWhateverChanges) {
  std::mt19937 random(20261002);
  for (int i = 0; i < 20000; ++i) {
    const ScheduleRule before = RandomRule(random);
    const ScheduleRule after = RandomRule(random);
    const CivilDay last_billed =
        PeriodOf(before.frequency, NextDue(before, CivilDay(2030, 1, 1) + random() % 2000)).last;
    const CivilDay effective = last_billed + 1 + random() % 400;
    const Transition transition = ChangeRule(after, effective, last_billed);

    ASSERT_GE(transition.first.due, effective);
    ASSERT_TRUE(IsDue(after, transition.first.due));
    CivilDay next_day = last_billed + 1;
    if (transition.between) {
      ASSERT_EQ(transition.between->period.first, next_day);
      ASSERT_LE(transition.between->period.first, transition.between->period.last);
      ASSERT_LT(transition.between->period.last, transition.between->due);
      ASSERT_GE(transition.between->due, effective);
      ASSERT_LT(transition.between->due, transition.first.due);
      next_day = transition.between->period.last + 1;
    }
    ASSERT_EQ(transition.first.period.first, next_day);
  }
}

}  // namespace
}  // namespace invoice::domain
