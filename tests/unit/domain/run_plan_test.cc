#include "domain/run_plan.h"

#include <gmock/gmock.h>

namespace invoice::domain {
namespace {

using absl::CivilDay;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DifferencesTest : public testing::Test {
 protected:
  // 10 hours of November at 100.00.
  DifferencesTest() {
    item_.period = Period{CivilDay(2026, 11, 1), CivilDay(2026, 11, 30)};
    item_.currency_code = "CAD";
    item_.total_minor = 100000;
    decision_.draft.emplace();
    decision_.draft->document.lines.push_back({.quantity = *Quantity::Parse("10"), .unit = Unit::kHour});
    decision_.draft->document.lines[0].unit_price = *UnitPrice::Parse("100");
  }
  // The same of October.
  static PreviousInvoice October() {
    return {.number = "INV-1",
            .currency_code = "CAD",
            .total_minor = 100000,
            .period = {CivilDay(2026, 10, 1), CivilDay(2026, 10, 31)},
            .billed_through = CivilDay(2026, 10, 31),
            .hours = Quantity::Parse("10"),
            .rate = UnitPrice::Parse("100")};
  }

  PlanItem item_;
  BillingDecision decision_;
};

TEST_F(DifferencesTest, TheSameHasNone) { EXPECT_THAT(DifferencesFrom(October(), item_, decision_), IsEmpty()); }

TEST_F(DifferencesTest, WithoutAnEarlierPeriodNothingIsSaidAboutLaterOnes) {
  EXPECT_THAT(DifferencesFrom(std::nullopt, item_, decision_),
              ElementsAre("There is no invoice of an earlier period to compare with."));
}

TEST_F(DifferencesTest, NamesTheDaysThatNobodyBilled) {
  PreviousInvoice september = October();
  september.period = {CivilDay(2026, 9, 1), CivilDay(2026, 9, 30)};
  september.billed_through = september.period.last;
  EXPECT_THAT(DifferencesFrom(september, item_, decision_),
              ElementsAre("The days 2026-10-01 to 2026-10-31 before it are not billed."));
  september.billed_through = CivilDay(2026, 10, 30);
  EXPECT_THAT(DifferencesFrom(september, item_, decision_), ElementsAre("The day 2026-10-31 before it is not billed."));
  september.billed_through = CivilDay(2026, 10, 31);
  EXPECT_THAT(DifferencesFrom(september, item_, decision_), IsEmpty());
}

TEST_F(DifferencesTest, WhatIsNotBilledNowHasNone) {
  decision_.draft.reset();
  EXPECT_THAT(DifferencesFrom(std::nullopt, item_, decision_), IsEmpty());
}

}  // namespace
}  // namespace invoice::domain
