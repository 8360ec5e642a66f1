// Timesheets from entry to invoice: sums, days that do not fit, and periods that wait for them.
#include "app/invoice_life.h"
#include "tests/app/run_fixture.h"
#include "tests/support/environment.h"

namespace invoice::app {
namespace {

using absl::CivilDay;
using base::Reason;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr CivilDay kRunDate(2026, 12, 1);

domain::Period Days(int first, int last) {
  return {CivilDay(2026, 11, 1) + (first - 1), CivilDay(2026, 11, 1) + (last - 1)};
}

Reason ReasonOf(const absl::Status& status) { return base::DetailOf(status).reason; }

class TimesheetsTest : public RunTest {
 protected:
  absl::StatusOr<Outcome<KeptTimesheet>> Put(const domain::Period& days, std::string_view hours = "10",
                                             std::vector<domain::Expense> expenses = {},
                                             const std::string& customer = "") {
    domain::Timesheet timesheet{.customer_id = customer.empty() ? customer_ : customer,
                                .period = days,
                                .hours = domain::Quantity::Parse(hours).value(),
                                .expenses = std::move(expenses)};
    return RunTest::Put(timesheet);
  }
  absl::Status Delete(CivilDay first, const std::string& etag = "") {
    return Customers(*core_).DeleteTimesheet(NewCall(), customer_, first, etag, {}).status();
  }
  absl::Status ChangeContract(const std::function<void(domain::Contract&)>& change) {
    return Customers(*core_)
        .UpdateContract(NewCall(), customer_, "",
                        [&](domain::Contract& contract) {
                          change(contract);
                          return absl::OkStatus();
                        },
                        {})
        .status();
  }
  absl::StatusOr<Outcome<SingleRun>> RunManual(const domain::Period& days, std::optional<std::string> hours = {}) {
    ManualInput input{.customer_id = customer_, .invoice_date = kRunDate, .period = days};
    if (hours) input.hours = domain::Quantity::Parse(*hours);
    return Invoices(*core_).RunManual(NewCall(), input, {});
  }
  // One row of the customer in a run of GENERATE_ALL.
  domain::RunResult Generated() {
    const domain::RunRecord run = Create(
        {.mode = domain::RunMode::kGenerateAll, .run_date = kRunDate, .customers = {.customer_ids = {customer_}}});
    Finished(run.id);
    return Results(run.id).at(0);
  }
  std::string HeldReason() {
    const auto held = Held();
    return held.empty() ? "" : held[0].decision.reason;
  }
  // The scheduler comes to November.
  void ComeToNovember() {
    GoTo(kRunDate);
    TakeDue();
  }
  int64_t BilledMinor() {
    const auto invoices = InvoicesOf(customer_);
    EXPECT_EQ(invoices.size(), 1u);
    return invoices.empty() ? 0 : invoices[0].document.totals.subtotal_minor;
  }

  std::string vendor_ = NewVendor();
  std::string customer_ = NewScheduled(vendor_);  // 10 hours at 100.00 by default
};

TEST_F(TimesheetsTest, APeriodBillsTheSumOfAllInsideIt) {
  ASSERT_TRUE(Put(Days(1, 15), "40", {{"Train", 1250}}).ok());
  ASSERT_TRUE(Put(Days(16, 30), "35").ok());
  const auto run = Generated();
  EXPECT_EQ(run.outcome, domain::RunOutcome::kInvoiced) << run.message;
  EXPECT_THAT(run.values, testing::IsSupersetOf(
                              {Pair("totalHours", "75"), Pair("hoursFrom", "timesheet"), Pair("timesheets", "2")}));
  EXPECT_EQ(BilledMinor(), 751250);
}

TEST_F(TimesheetsTest, BatchesHoldWhatDoesNotFitAndSayTheDays) {
  ASSERT_TRUE(Put(Days(1, 15)).ok());
  ASSERT_TRUE(Put(Days(26, 31)).ok()) << "it reaches into December";
  const auto generated = Generated();
  EXPECT_EQ(generated.outcome, domain::RunOutcome::kHeld);
  EXPECT_EQ(generated.reason, "TIMESHEET_MISMATCH");
  EXPECT_THAT(generated.values, testing::Contains(Pair("days", "2026-11-16 to 2026-11-25, 2026-11-26 to 2026-12-01")));
  const auto plan = Plans(*core_).Plan(
      NewCall(), {.mode = domain::RunMode::kScheduled, .run_date = kRunDate, .customers = {.vendor_id = vendor_}}, {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->result.held_count, 1);
  EXPECT_EQ(Runs(*core_).Explain(customer_, kRunDate)->decisions.at(0).reason, "TIMESHEET_MISMATCH");
  ComeToNovember();
  EXPECT_EQ(HeldReason(), "TIMESHEET_MISMATCH");
  EXPECT_THAT(Held()[0].decision.message, HasSubstr("2026-11-16 to 2026-11-25"));
  EXPECT_EQ(Count("invoices"), 0);
  EXPECT_EQ(Count("period_claims"), 0);
}

TEST_F(TimesheetsTest, ASingleGenerationRefusesWhatDoesNotFitUnlessTheHoursAreGiven) {
  ASSERT_TRUE(Put(Days(1, 15), "40", {{"Train", 1250}}).ok());
  const auto refused = RunManual(Days(1, 30));
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.status())) << refused.status();
  EXPECT_EQ(ReasonOf(refused.status()), Reason::kTimesheetMismatch);
  EXPECT_EQ(base::DetailOf(refused.status()).metadata["days"], "2026-11-16 to 2026-11-30");
  EXPECT_EQ(Count("period_claims"), 0);
  EXPECT_EQ(Count("runs"), 0);
  const auto half = RunManual(Days(1, 15));
  ASSERT_TRUE(half.ok()) << half.status();
  EXPECT_EQ(half->result.invoice.document.totals.subtotal_minor, 401250);
  const auto rest = RunManual(Days(16, 30));
  ASSERT_TRUE(rest.ok()) << "no timesheet has a day of these: " << rest.status();
  EXPECT_EQ(rest->result.invoice.document.totals.subtotal_minor, 100000);
}

TEST_F(TimesheetsTest, GivenHoursAreBilledWithTheExpensesInside) {
  ASSERT_TRUE(Put(Days(1, 15), "40", {{"Train", 1250}}).ok());
  const auto run = RunManual(Days(1, 30), "3");
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->result.invoice.document.totals.subtotal_minor, 31250);
  ASSERT_EQ(run->result.warnings.size(), 1u);
  EXPECT_EQ(run->result.warnings[0].code, "TIMESHEET_MISMATCH");
  EXPECT_THAT(run->result.warnings[0].message, HasSubstr("2026-11-16 to 2026-11-30"));
  EXPECT_EQ(ReasonOf(Put(Days(1, 15)).status()), Reason::kPeriodAlreadyInvoiced);
  EXPECT_EQ(ReasonOf(Delete(Days(1, 15).first)), Reason::kPeriodAlreadyInvoiced);
}

TEST_F(TimesheetsTest, TwoMayNotHaveOneDay) {
  ASSERT_TRUE(Put(Days(10, 20)).ok());
  for (const domain::Period& days : {Days(1, 10), Days(20, 30), Days(12, 13), Days(1, 30)}) {
    const absl::Status status = Put(days).status();
    EXPECT_TRUE(absl::IsAlreadyExists(status)) << status;
    EXPECT_EQ(ReasonOf(status), Reason::kTimesheetOverlap);
    EXPECT_THAT(base::DetailOf(status).metadata,
                ElementsAre(Pair("periodEnd", "2026-11-20"), Pair("periodStart", "2026-11-10")));
  }
  ASSERT_TRUE(Put(Days(1, 9)).ok());
  ASSERT_TRUE(Put(Days(10, 11)).ok()) << "its own days do not stand in its way";
  ASSERT_TRUE(Put(Days(12, 30)).ok());
  EXPECT_EQ(ReasonOf(Put(Days(1, 10)).status()), Reason::kTimesheetOverlap);
}

TEST_F(TimesheetsTest, DaysInNoSinglePeriodWarn) {
  EXPECT_TRUE(Put(Days(1, 30))->result.warnings.empty());
  const auto outside = Put(Days(31, 62));
  ASSERT_EQ(outside->result.warnings.size(), 1u);
  EXPECT_EQ(outside->result.warnings[0].code, "TIMESHEET_OUTSIDE_PERIODS");
}

TEST_F(TimesheetsTest, AHeldPeriodGoesWhenItsTimesheetsAreComplete) {
  ASSERT_TRUE(Put(Days(1, 15), "40").ok());
  ComeToNovember();
  EXPECT_EQ(HeldReason(), "TIMESHEET_MISMATCH");
  ASSERT_TRUE(Put(Days(16, 29), "5").ok());
  EXPECT_THAT(Held().at(0).decision.message, HasSubstr("has the days 2026-11-30 of"));
  EXPECT_EQ(TakeDue(), 0);
  ASSERT_TRUE(Put(Days(16, 30), "5").ok());
  EXPECT_EQ(TakeDue(), 1);
  EXPECT_EQ(BilledMinor(), 450000);
  EXPECT_TRUE(Held().empty());
}

TEST_F(TimesheetsTest, ADemandedTimesheetMayComeInParts) {
  ASSERT_TRUE(ChangeContract([](domain::Contract& contract) { contract.require_timesheet = true; }).ok());
  ComeToNovember();
  EXPECT_EQ(HeldReason(), "TIMESHEET_REQUIRED");
  ASSERT_TRUE(Put(Days(1, 15)).ok());
  EXPECT_EQ(HeldReason(), "TIMESHEET_MISMATCH");
  ASSERT_TRUE(Delete(Days(1, 15).first).ok());
  EXPECT_EQ(HeldReason(), "TIMESHEET_REQUIRED");
  EXPECT_EQ(TakeDue(), 0);
  ASSERT_TRUE(Put(Days(1, 15)).ok());
  ASSERT_TRUE(Put(Days(16, 30)).ok());
  EXPECT_EQ(TakeDue(), 1);
  EXPECT_EQ(BilledMinor(), 200000);
}

TEST_F(TimesheetsTest, RemovingWhatReachesOutLetsThePeriodGo) {
  ASSERT_TRUE(Put(Days(1, 15), "1").ok());
  ASSERT_TRUE(Put(Days(16, 31), "1").ok());
  ComeToNovember();
  EXPECT_EQ(HeldReason(), "TIMESHEET_MISMATCH");
  EXPECT_TRUE(absl::IsAborted(Delete(Days(16, 16).first, "7")));
  EXPECT_TRUE(absl::IsNotFound(Delete(Days(17, 17).first)));
  ASSERT_TRUE(Delete(Days(16, 16).first, "1").ok());
  EXPECT_EQ(TakeDue(), 0) << "days without one are left";
  ASSERT_TRUE(Put(Days(16, 30), "1").ok());
  EXPECT_EQ(TakeDue(), 1);
  EXPECT_EQ(BilledMinor(), 20000);
}

TEST_F(TimesheetsTest, AChangedContractJudgesHeldPeriodsAgain) {
  ASSERT_TRUE(Put(Days(1, 15), "4").ok());
  ComeToNovember();
  EXPECT_EQ(HeldReason(), "TIMESHEET_MISMATCH");
  ASSERT_TRUE(ChangeContract([](domain::Contract& contract) { contract.end_date = Days(15, 15).last; }).ok());
  EXPECT_EQ(TakeDue(), 1) << "days outside of the contract need no timesheet";
  EXPECT_EQ(BilledMinor(), 40000);
}

TEST_F(TimesheetsTest, ExpensesInAnOldCurrencyHoldThePeriodUntilTheyAreEnteredAgain) {
  ASSERT_TRUE(Put(Days(1, 15), "1").ok());
  ASSERT_TRUE(Put(Days(16, 30), "1", {{"Taxi", 500}}).ok());
  ASSERT_TRUE(ChangeContract([](domain::Contract& contract) { contract.currency_code = "EUR"; }).ok());
  ComeToNovember();
  EXPECT_EQ(HeldReason(), "TIMESHEET_REQUIRED");
  ASSERT_TRUE(Put(Days(16, 30), "1", {{"Taxi", 700}}).ok());
  EXPECT_EQ(TakeDue(), 1);
  EXPECT_EQ(BilledMinor(), 20700);
}

TEST_F(TimesheetsTest, AreFreeAgainAfterACancel) {
  ASSERT_TRUE(Put(Days(1, 15), "1").ok());
  ASSERT_TRUE(Put(Days(16, 30), "1").ok());
  EXPECT_EQ(ReasonOf(RunManual(Days(10, 30)).status()), Reason::kTimesheetMismatch);
  const auto billed = RunManual(Days(1, 30));
  ASSERT_TRUE(billed.ok()) << billed.status();
  const std::string id = billed->result.invoice.id;
  EXPECT_EQ(ReasonOf(Delete(Days(1, 1).first)), Reason::kPeriodAlreadyInvoiced);
  ASSERT_TRUE(InvoiceLife(*core_).Cancel(NewCall(), {.id = id, .text = "wrong"}, {}).ok());
  ASSERT_TRUE(Put(Days(1, 15), "3").ok());
  EXPECT_EQ(RunManual(Days(1, 30))->result.invoice.document.totals.subtotal_minor, 40000);
}

TEST_F(TimesheetsTest, AReplacedOneKeepsDaysThatAreBilled) {
  ASSERT_TRUE(Put(Days(1, 30)).ok());
  ASSERT_TRUE(RunManual(Days(20, 30), "1").ok()) << "given hours";
  EXPECT_EQ(ReasonOf(Put(Days(1, 10)).status()), Reason::kPeriodAlreadyInvoiced);
  EXPECT_EQ(ReasonOf(RunManual(Days(1, 19)).status()), Reason::kTimesheetMismatch);
  EXPECT_TRUE(RunManual(Days(1, 19), "1").ok());
}

TEST_F(TimesheetsTest, OneTimesheetOfTwoPeriodsFitsNeither) {
  ASSERT_TRUE(Put({CivilDay(2026, 10, 16), CivilDay(2026, 11, 15)}).ok());
  EXPECT_EQ(ReasonOf(RunManual(Days(1, 30)).status()), Reason::kTimesheetMismatch);
  EXPECT_EQ(ReasonOf(RunManual(kOctober).status()), Reason::kTimesheetMismatch);
  EXPECT_TRUE(RunManual({CivilDay(2026, 10, 16), CivilDay(2026, 11, 15)}).ok());
}

TEST_F(TimesheetsTest, AreListedTheLatestFirst) {
  for (const int first : {1, 11, 21}) ASSERT_TRUE(Put(Days(first, first + 4)).ok());
  const auto page = Customers(*core_).ListTimesheets(customer_, {.size = 2});
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->records.size(), 2u);
  EXPECT_EQ(page->records[0].period, Days(21, 25));
  EXPECT_EQ(page->total_size, 3);
  const auto rest = Customers(*core_).ListTimesheets(customer_, {.size = 2, .after = page->next});
  ASSERT_EQ(rest->records.size(), 1u);
  EXPECT_EQ(rest->records[0].period, Days(1, 5));
  EXPECT_TRUE(rest->next.empty());
  EXPECT_TRUE(absl::IsNotFound(Customers(*core_).ListTimesheets("01900000-0000-7000-8000-000000000000", {}).status()));
}

TEST_F(TimesheetsTest, APlanIsAnotherOneWhenATimesheetChanges) {
  const BatchScope scope{
      .mode = domain::RunMode::kScheduled, .run_date = kRunDate, .customers = {.vendor_id = vendor_}};
  ASSERT_TRUE(Put(Days(1, 15)).ok());
  ASSERT_TRUE(Put(Days(16, 30), "10", {{"Taxi", 500}}).ok());
  const auto hash = [&] { return Plans(*core_).Plan(NewCall(), scope, {})->result.hash; };
  const std::string first = hash();
  EXPECT_EQ(hash(), first);
  ASSERT_TRUE(Put(Days(16, 30), "10", {{"Bus", 500}}).ok());
  EXPECT_NE(hash(), first) << "the same total, another line";
}

}  // namespace
}  // namespace invoice::app
