// What was decided about a period stands while the schedule and the contract around it change, and no day is lost.
#include "app/invoice_life.h"
#include "tests/app/run_fixture.h"

namespace invoice::app {
namespace {

using absl::CivilDay;
using domain::Period;

constexpr Period kNovember{CivilDay(2026, 11, 1), CivilDay(2026, 11, 30)};

class DecisionsTest : public RunTest {
 protected:
  void ChangeContract(const std::string& id, const std::function<void(domain::Contract&)>& change) {
    const auto changed = Customers(*core_).UpdateContract(NewCall(), id, "",
                                                          [&](domain::Contract& contract) {
                                                            change(contract);
                                                            return absl::OkStatus();
                                                          },
                                                          {});
    ASSERT_TRUE(changed.ok()) << changed.status();
  }
  void ChangeSchedule(const std::string& id, const std::function<void(domain::Schedule&)>& change) {
    const auto changed = Customers(*core_).UpdateSchedule(NewCall(), id, "",
                                                          [&](domain::Schedule& schedule) {
                                                            change(schedule);
                                                            return absl::OkStatus();
                                                          },
                                                          {});
    ASSERT_TRUE(changed.ok()) << changed.status();
  }
  void Enable(const std::string& id, bool enabled) {
    ChangeSchedule(id, [=](domain::Schedule& schedule) { schedule.enabled = enabled; });
  }
  void Skip(const std::string& id, CivilDay start) {
    const auto skipped = Periods(*core_).Skip(NewCall(), id, start, "on leave", {});
    ASSERT_TRUE(skipped.ok()) << skipped.status();
  }
  void Reopen(const std::string& id, CivilDay start) {
    const auto reopened = Periods(*core_).Reopen(NewCall(), id, start, {});
    ASSERT_TRUE(reopened.ok()) << reopened.status();
  }
  domain::RunResult Decided(const std::string& id, CivilDay run_date) {
    const auto explained = Runs(*core_).Explain(id, run_date);
    EXPECT_TRUE(explained.ok()) << explained.status();
    return explained.ok() ? explained->result : domain::RunResult{};
  }
  std::optional<CivilDay> NextRun(const std::string& id) { return Customers(*core_).Get(id)->schedule.next_run_date; }
  // Monthly, its November billed on 1 December, then quarterly: December is a transition due on 1 January.
  std::string NewWithTransition() {
    const std::string id = NewScheduled(vendor_);
    GoTo(CivilDay(2026, 12, 1));
    TakeDue();
    ChangeContract(id, [](domain::Contract& contract) { contract.frequency = domain::Frequency::kQuarterly; });
    EXPECT_EQ(NextRun(id), CivilDay(2027, 1, 1));
    return id;
  }
  void ExpectDecemberIsBilled(const std::string& id) {
    EXPECT_EQ(NextRun(id), CivilDay(2027, 1, 1));
    GoTo(CivilDay(2027, 1, 1));
    TakeDue();
    EXPECT_EQ(InvoicesOf(id).back().document.period, (Period{CivilDay(2026, 12, 1), CivilDay(2026, 12, 31)}));
  }

  std::string vendor_ = NewVendor();
};

TEST_F(DecisionsTest, ReopeningASkipBillsNothingBeforeItsDueDate) {
  const std::string off = NewScheduled(vendor_, "Off", [](domain::Customer& c) { c.schedule.enabled = false; });
  const std::string later = NewScheduled(vendor_, "Later", [](domain::Customer& c) { c.schedule.billing_day = 5; });
  const std::string switched_off = NewScheduled(vendor_, "Switched off");
  GoTo(CivilDay(2026, 11, 23));
  Skip(off, CivilDay(2027, 3, 1));
  Skip(later, kNovember.first);
  ChangeSchedule(later, [](domain::Schedule& schedule) { schedule.billing_day = 20; });
  Skip(switched_off, CivilDay(2027, 3, 1));
  Enable(switched_off, false);
  for (const std::string& id : {off, switched_off}) Reopen(id, CivilDay(2027, 3, 1));
  Reopen(later, kNovember.first);
  EXPECT_EQ(TakeDue(), 0);
  EXPECT_EQ(Count("invoices"), 0);
  GoTo(CivilDay(2026, 12, 20));
  TakeDue();
  EXPECT_EQ(InvoicesOf(later).size(), 1u) << "on its due date";
  EXPECT_EQ(Count("invoices"), 1);
}

TEST_F(DecisionsTest, ASkipOfAPartOfALongerPeriodHoldsTheRest) {
  const std::string id = NewScheduled(vendor_);
  Skip(id, CivilDay(2027, 1, 1));
  ChangeContract(id, [](domain::Contract& contract) { contract.frequency = domain::Frequency::kQuarterly; });
  const domain::RunResult result = Decided(id, CivilDay(2027, 4, 1));
  EXPECT_EQ(result.outcome, domain::RunOutcome::kHeld);
  EXPECT_EQ(result.reason, "PARTIAL_OVERLAP");
  EXPECT_THAT(result.uncovered, testing::ElementsAre(Period{CivilDay(2027, 2, 1), CivilDay(2027, 3, 31)}));
}

TEST_F(DecisionsTest, ASkipStandsWhenTheContractsStartMoves) {
  const std::string later = NewScheduled(vendor_);
  Skip(later, kNovember.first);
  ChangeContract(later, [](domain::Contract& contract) { contract.start_date = CivilDay(2026, 11, 10); });
  EXPECT_EQ(Decided(later, CivilDay(2026, 12, 1)).reason, "PERIOD_SKIPPED");
  const std::string earlier =
      NewScheduled(vendor_, "Earlier", [](domain::Customer& c) { c.contract.start_date = CivilDay(2026, 11, 10); });
  Skip(earlier, CivilDay(2026, 11, 10));
  ChangeContract(earlier, [](domain::Contract& contract) { contract.start_date.reset(); });
  EXPECT_EQ(Decided(earlier, CivilDay(2026, 12, 1)).reason, "PERIOD_SKIPPED");
}

TEST_F(DecisionsTest, ATransitionOutlivesAnEndOfTheContractThatIsTakenBack) {
  const std::string id = NewWithTransition();
  ChangeContract(id, [](domain::Contract& contract) { contract.end_date = CivilDay(2026, 11, 20); });
  EXPECT_EQ(NextRun(id), std::nullopt);
  ChangeContract(id, [](domain::Contract& contract) { contract.end_date = CivilDay(2026, 12, 10); });
  EXPECT_EQ(NextRun(id), CivilDay(2027, 1, 1));
  ChangeContract(id, [](domain::Contract& contract) { contract.end_date.reset(); });
  ExpectDecemberIsBilled(id);
}

TEST_F(DecisionsTest, ATransitionOutlivesAScheduleThatIsOffForAWhile) {
  const std::string id = NewWithTransition();
  Enable(id, false);
  EXPECT_EQ(NextRun(id), std::nullopt);
  Enable(id, true);
  EXPECT_EQ(NextRun(id), CivilDay(2027, 1, 1));
  ASSERT_TRUE(Customers(*core_).SetActive(NewCall(), id, "", false, {}).ok());
  ASSERT_TRUE(Customers(*core_).SetActive(NewCall(), id, "", true, {}).ok());
  ExpectDecemberIsBilled(id);
}

TEST_F(DecisionsTest, ATransitionThatFellDueWhileTheScheduleWasOffIsNotMadeUpFor) {
  const std::string id = NewWithTransition();
  Enable(id, false);
  GoTo(CivilDay(2027, 1, 2));
  Enable(id, true);
  EXPECT_EQ(NextRun(id), CivilDay(2027, 4, 1));
  EXPECT_EQ(Customers(*core_).Get(id)->schedule.transition, std::nullopt);
}

TEST_F(DecisionsTest, ATransitionOfARuleThatIsGoneIsGone) {
  const std::string id = NewWithTransition();
  Enable(id, false);
  ChangeContract(id, [](domain::Contract& contract) { contract.frequency = domain::Frequency::kYearly; });
  EXPECT_EQ(Customers(*core_).Get(id)->schedule.transition, std::nullopt);
}

TEST_F(DecisionsTest, AHeldPeriodFollowsTheContractsDates) {
  const std::string id = NewScheduled(vendor_, "Customer", [](domain::Customer& c) {
    c.contract.require_timesheet = true;
    c.contract.end_date = CivilDay(2026, 11, 15);
  });
  GoTo(CivilDay(2026, 12, 1));
  TakeDue();
  ASSERT_EQ(Held().size(), 1u);
  ChangeContract(id, [](domain::Contract& contract) { contract.end_date.reset(); });
  ASSERT_TRUE(Put({.customer_id = id, .period = kNovember, .hours = *domain::Quantity::Parse("5")}).ok());
  TakeDue();
  ASSERT_EQ(InvoicesOf(id).size(), 1u);
  EXPECT_EQ(InvoicesOf(id)[0].document.period, kNovember);
  EXPECT_TRUE(Held().empty());
}

TEST_F(DecisionsTest, AHeldPeriodOfAShorterContractIsSettledByHand) {
  for (const bool at_start : {false, true}) {
    GoTo(CivilDay(2026, 11, 23));
    const std::string id =
        NewScheduled(vendor_, "Customer", [](domain::Customer& c) { c.contract.require_timesheet = true; });
    GoTo(CivilDay(2026, 12, 1));
    TakeDue();
    ASSERT_EQ(Held().size(), 1u);
    Period left = kNovember;
    (at_start ? left.first : left.last) = CivilDay(2026, 11, 15);
    ChangeContract(id, [&](domain::Contract& contract) {
      if (at_start) contract.start_date = left.first;
      if (!at_start) contract.end_date = left.last;
    });
    const auto periods = Periods(*core_).List(id, {.past = 1, .upcoming = 0});
    ASSERT_TRUE(periods.ok()) << periods.status();
    const auto shown = std::find_if(periods->begin(), periods->end(),
                                    [&](const BillingPeriod& period) { return period.period == left; });
    ASSERT_NE(shown, periods->end());
    EXPECT_EQ(shown->state, PeriodState::kHeld);
    const auto billed = Invoices(*core_).RunManual(NewCall("RunManual"),
                                                   {.customer_id = id,
                                                    .invoice_date = CivilDay(2026, 12, 1),
                                                    .period = left,
                                                    .hours = domain::Quantity::Parse("5")},
                                                   {});
    ASSERT_TRUE(billed.ok()) << billed.status();
    EXPECT_TRUE(Held().empty());
  }
}

TEST_F(DecisionsTest, AReopenedPeriodWaitsForAnInactiveVendor) {
  const std::string id =
      NewScheduled(vendor_, "Customer", [](domain::Customer& c) { c.contract.require_timesheet = true; });
  GoTo(CivilDay(2026, 12, 1));
  TakeDue();
  ASSERT_TRUE(Vendors(*core_).SetActive(NewCall(), vendor_, "", false, {}).ok());
  ASSERT_TRUE(Put({.customer_id = id, .period = kNovember, .hours = *domain::Quantity::Parse("5")}).ok());
  EXPECT_EQ(TakeDue(), 0);
  ASSERT_TRUE(Vendors(*core_).SetActive(NewCall(), vendor_, "", true, {}).ok());
  EXPECT_EQ(TakeDue(), 1);
  EXPECT_EQ(InvoicesOf(id).size(), 1u);
}

TEST_F(DecisionsTest, OnlyAPeriodOfTheScheduleCanBeSkipped) {
  const std::string id = NewWithTransition();
  EXPECT_TRUE(absl::IsNotFound(
      Periods(*core_).Skip(NewCall(), id, CivilDay(2026, 10, 1), "the quarter begins in the transition", {}).status()));
  Skip(id, CivilDay(2026, 12, 1));
}

TEST_F(DecisionsTest, AnOverlapThatIsGoneIsNotSaidAnyMore) {
  const std::string id = NewScheduled(vendor_);
  GoTo(CivilDay(2026, 11, 23));
  const auto part = Invoices(*core_).RunManual(
      NewCall("RunManual"),
      {.customer_id = id, .invoice_date = CivilDay(2026, 11, 23), .period = {kNovember.first, CivilDay(2026, 11, 10)}},
      {});
  ASSERT_TRUE(part.ok()) << part.status();
  GoTo(CivilDay(2026, 12, 1));
  TakeDue();
  ASSERT_EQ(Held().size(), 1u);
  EXPECT_THAT(Held()[0].decision.message, testing::HasSubstr("already billed by"));
  ASSERT_TRUE(InvoiceLife(*core_).Cancel(NewCall(), {part->result.invoice.id, "", "mistake"}, {}).ok());
  ASSERT_EQ(Held().size(), 1u) << "a person decides how it is billed";
  EXPECT_THAT(Held()[0].decision.message, testing::HasSubstr("reopen it, or bill it by hand"));
  Reopen(id, kNovember.first);
  EXPECT_EQ(TakeDue(), 1);
  EXPECT_EQ(InvoicesOf(id).back().document.period, kNovember);
}

}  // namespace
}  // namespace invoice::app
