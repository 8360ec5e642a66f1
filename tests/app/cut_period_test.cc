// A period that the contract's end cuts short is billed in proportion on every way to its invoice, also where it is a
// transition, which no rule of the customer gives again.
#include "app/invoice_life.h"
#include "tests/app/run_fixture.h"

namespace invoice::app {
namespace {

constexpr domain::Period kCut{absl::CivilDay(2026, 12, 1), absl::CivilDay(2026, 12, 3)};

class CutPeriodTest : public RunTest {
 protected:
  // Billed monthly until November, then weekly: the days from 1 December to the first week are a transition, of which
  // the contract has three. At 10 hours and 100.00 an hour, by the days.
  std::string NewCut(const std::function<void(domain::Customer&)>& change = {}) {
    const std::string customer = NewScheduled(vendor_, "Customer", [&](domain::Customer& c) {
      c.contract.partial_periods = domain::PartialPeriods::kProrateDays;
      if (change) change(c);
    });
    GoTo(absl::CivilDay(2026, 12, 1));
    TakeDue();
    Release(customer);
    const auto changed = Customers(*core_).UpdateContract(NewCall(), customer, "",
                                                          [](domain::Contract& contract) {
                                                            contract.frequency = domain::Frequency::kWeekly;
                                                            contract.end_date = kCut.last;
                                                            return absl::OkStatus();
                                                          },
                                                          {});
    EXPECT_TRUE(changed.ok()) << changed.status();
    const domain::Schedule schedule = Customers(*core_).Get(customer)->schedule;
    EXPECT_TRUE(schedule.transition.has_value());
    transition_ = schedule.transition.value_or(domain::Occurrence{});
    EXPECT_EQ(transition_.period.first, kCut.first);
    EXPECT_GT(transition_.period.last, kCut.last);
    return customer;
  }

  // A period of November that waits for its timesheet is of no use to these tests.
  void Release(const std::string& customer) {
    for (const store::HeldPeriod& held : Held()) {
      ASSERT_TRUE(Periods(*core_).Skip(NewCall(), customer, held.decision.period.first, "not billed", {}).ok());
    }
  }

  void ExpectCutInvoice(const std::string& customer) {
    const auto invoices = InvoicesOf(customer);
    ASSERT_FALSE(invoices.empty());
    const domain::InvoiceDocument& document = invoices.back().document;
    EXPECT_EQ(document.period, kCut);
    const int64_t days = transition_.period.last - transition_.period.first + 1;
    ASSERT_EQ(document.lines.size(), 1u);
    EXPECT_EQ(document.lines[0].quantity.units(), (3 * 100'000 + days / 2) / days) << days << " days";
    EXPECT_TRUE(Held().empty());
  }

  std::string vendor_ = NewVendor();
  domain::Occurrence transition_;
};

TEST_F(CutPeriodTest, IsBilledInProportionByTheScheduler) {
  const std::string customer = NewCut();
  GoTo(transition_.due);
  EXPECT_EQ(TakeDue(), 1);
  ExpectCutInvoice(customer);
  EXPECT_THAT(Runs(*core_).Explain(customer, transition_.due)->result.message,
              testing::HasSubstr("the contract's dates cut the period 2026-12-01 to "));
}

TEST_F(CutPeriodTest, IsBilledInProportionAfterItWasMissedAndReopened) {
  const std::string customer =
      NewCut([](domain::Customer& c) { c.schedule.missed_run_policy = domain::MissedRunPolicy::kHold; });
  GoTo(transition_.due + 2);
  EXPECT_EQ(TakeDue(), 1);
  ASSERT_EQ(Held().size(), 1u);
  EXPECT_EQ(Held()[0].decision.period, kCut) << "people see the days that are billed";
  EXPECT_EQ(Held()[0].decision.whole, transition_.period);
  ASSERT_TRUE(Periods(*core_).Reopen(NewCall(), customer, kCut.first, {}).ok());
  EXPECT_EQ(TakeDue(), 1);
  ExpectCutInvoice(customer);
}

TEST_F(CutPeriodTest, IsBilledInProportionAfterTheRunHeldItAndAPersonSkippedAndReopenedIt) {
  const std::string customer = NewCut([](domain::Customer& c) { c.contract.require_timesheet = true; });
  GoTo(transition_.due);
  EXPECT_EQ(TakeDue(), 1);
  ASSERT_EQ(Held().size(), 1u);
  EXPECT_EQ(Held()[0].decision.reason, "TIMESHEET_REQUIRED");
  EXPECT_EQ(Held()[0].decision.whole, transition_.period);
  ASSERT_TRUE(Periods(*core_).Skip(NewCall(), customer, kCut.first, "on leave", {}).ok());
  const auto free = Customers(*core_).UpdateContract(NewCall(), customer, "",
                                                     [](domain::Contract& contract) {
                                                       contract.require_timesheet = false;
                                                       return absl::OkStatus();
                                                     },
                                                     {});
  ASSERT_TRUE(free.ok()) << free.status();
  ASSERT_TRUE(Periods(*core_).Reopen(NewCall(), customer, kCut.first, {}).ok());
  EXPECT_EQ(TakeDue(), 1);
  ExpectCutInvoice(customer);
}

TEST_F(CutPeriodTest, IsBilledInProportionAfterItsRunWasStopped) {
  const std::string customer = NewCut();
  GoTo(transition_.due);
  ASSERT_EQ(scheduling_.TakeDue()->taken, 1);
  const auto runs = Runs(*core_).List({}, {.size = 10});
  ASSERT_TRUE(runs.ok()) << runs.status();
  const auto open = std::find_if(runs->records.begin(), runs->records.end(),
                                 [](const domain::RunRecord& run) { return run.state == domain::RunState::kRunning; });
  ASSERT_NE(open, runs->records.end());
  ASSERT_TRUE(Runs(*core_).Cancel(NewCall(), open->id, {}).ok());
  WorkJobs();
  ASSERT_EQ(Held().size(), 1u);
  EXPECT_EQ(Held()[0].decision.reason, "RUN_STOPPED");
  EXPECT_EQ(Held()[0].decision.period, kCut);
  EXPECT_EQ(Held()[0].decision.whole, transition_.period);
  ASSERT_TRUE(Periods(*core_).Reopen(NewCall(), customer, kCut.first, {}).ok());
  EXPECT_EQ(TakeDue(), 1);
  ExpectCutInvoice(customer);
}

TEST_F(CutPeriodTest, IsBilledInProportionByHandWhileItWaits) {
  const std::string customer =
      NewCut([](domain::Customer& c) { c.schedule.missed_run_policy = domain::MissedRunPolicy::kHold; });
  GoTo(transition_.due + 2);
  EXPECT_EQ(TakeDue(), 1);
  const auto billed = Invoices(*core_).RunManual(
      NewCall("RunManual"), {.customer_id = customer, .invoice_date = transition_.due + 2, .period = kCut}, {});
  ASSERT_TRUE(billed.ok()) << billed.status();
  ExpectCutInvoice(customer);
}

TEST_F(CutPeriodTest, BillsTheDaysThatALaterEndOfTheContractAdds) {
  const std::string customer =
      NewCut([](domain::Customer& c) { c.schedule.missed_run_policy = domain::MissedRunPolicy::kHold; });
  GoTo(transition_.due + 2);
  EXPECT_EQ(TakeDue(), 1);
  const auto longer = Customers(*core_).UpdateContract(NewCall(), customer, "",
                                                       [](domain::Contract& contract) {
                                                         contract.end_date.reset();
                                                         return absl::OkStatus();
                                                       },
                                                       {});
  ASSERT_TRUE(longer.ok()) << longer.status();
  ASSERT_TRUE(Periods(*core_).Reopen(NewCall(), customer, kCut.first, {}).ok());
  TakeDue();
  const auto invoices = InvoicesOf(customer);
  const auto whole = std::find_if(invoices.begin(), invoices.end(), [&](const domain::InvoiceRecord& invoice) {
    return invoice.document.period == transition_.period;
  });
  ASSERT_NE(whole, invoices.end());
  EXPECT_EQ(whole->document.lines[0].quantity, *domain::Quantity::Parse("10"));
}

TEST_F(CutPeriodTest, IsBilledInProportionAfterItWasSkippedAndReopened) {
  const std::string customer = NewCut();
  ASSERT_TRUE(Periods(*core_).Skip(NewCall(), customer, kCut.first, "on leave", {}).ok());
  GoTo(transition_.due);
  TakeDue();
  ASSERT_EQ(InvoicesOf(customer).size(), 1u) << "that of November";
  ASSERT_TRUE(Periods(*core_).Reopen(NewCall(), customer, kCut.first, {}).ok());
  EXPECT_EQ(TakeDue(), 1);
  ExpectCutInvoice(customer);
}

TEST_F(CutPeriodTest, IsBilledInProportionByHandAfterItsInvoiceWasCancelled) {
  const std::string customer = NewCut();
  GoTo(transition_.due);
  EXPECT_EQ(TakeDue(), 1);
  ExpectCutInvoice(customer);
  const std::string first = InvoicesOf(customer).back().id;
  ASSERT_TRUE(InvoiceLife(*core_).Cancel(NewCall(), {first, "", "mistake"}, {}).ok());
  const auto billed = Invoices(*core_).RunManual(
      NewCall("RunManual"), {.customer_id = customer, .invoice_date = transition_.due, .period = kCut}, {});
  ASSERT_TRUE(billed.ok()) << billed.status();
  ExpectCutInvoice(customer);
}

}  // namespace
}  // namespace invoice::app
