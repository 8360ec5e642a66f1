// Plans of batch runs on the database: what they compare with.
#include "app/credit_notes.h"
#include "app/invoice_life.h"
#include "tests/app/run_fixture.h"

namespace invoice::app {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kNothingEarlier[] = "There is no invoice of an earlier period to compare with.";
constexpr char kOctoberIsOpen[] = "The days 2026-10-01 to 2026-10-31 before it are not billed.";

class PlansTest : public RunTest {
 protected:
  // 7.5 hours of the month before: 847.50.
  domain::InvoiceRecord Bill(absl::CivilDay run_date) {
    const auto billed = RunQuick(customer_, run_date, NewCall());
    EXPECT_TRUE(billed.ok()) << billed.status();
    return billed.ok() ? billed->result.invoice : domain::InvoiceRecord{};
  }
  void BillAsDraft(absl::CivilDay run_date) {
    SetAutoIssue(false);
    TakeRun(run_date);
    SetAutoIssue(true);
    EXPECT_EQ(Count("invoices WHERE number IS NULL"), 1);
  }
  void SetAutoIssue(bool auto_issue) {
    const auto changed = Customers(*core_).UpdateSchedule(NewCall(), customer_, "",
                                                          [&](domain::Schedule& schedule) {
                                                            schedule.auto_issue = auto_issue;
                                                            return absl::OkStatus();
                                                          },
                                                          {});
    ASSERT_TRUE(changed.ok()) << changed.status();
  }
  void TakeRun(absl::CivilDay run_date) { EXPECT_EQ(Finished(Create(Scope(run_date)).id).invoiced_count, 1); }
  void Credit(const std::string& id) {
    const auto credited = CreditNotes(*core_).Create(NewCall(), {.invoice_id = id, .reason = "agreed"}, {});
    ASSERT_TRUE(credited.ok()) << credited.status();
  }
  void Cancel(const std::string& id) {
    const auto cancelled = InvoiceLife(*core_).Cancel(NewCall(), {id, "", "mistake"}, {});
    ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  }
  BatchScope Scope(absl::CivilDay run_date) {
    return {.mode = domain::RunMode::kGenerateAll, .run_date = run_date, .customers = {.customer_ids = {customer_}}};
  }
  // The only item of a plan that bills the month before: 10 hours, 1130.00.
  domain::PlanItem Plan(absl::CivilDay run_date) {
    clock_.Advance(absl::Seconds(1));  // of plans with one hash the newest is listed
    const auto plan = Plans(*core_).Plan(NewCall(), Scope(run_date), {});
    EXPECT_TRUE(plan.ok()) << plan.status();
    const auto items = Plans(*core_).ListItems(plan->result.hash, std::nullopt, {});
    EXPECT_EQ(items->records.size(), 1u);
    EXPECT_EQ(items->records.at(0).total_minor, 113000);
    return items->records.at(0);
  }

  std::string vendor_ = NewVendor();
  std::string customer_ = NewScheduled(vendor_);
  absl::CivilDay september_{2026, 10, 1};  // run dates
  absl::CivilDay october_{2026, 11, 1};
  absl::CivilDay november_{2026, 12, 1};
};

TEST_F(PlansTest, AnInvoiceOfALaterPeriodIsNotTheOneBefore) {
  GoTo(november_);
  Bill(november_);
  const domain::PlanItem october = Plan(october_);
  EXPECT_THAT(october.differences, ElementsAre(kNothingEarlier));
  EXPECT_EQ(october.previous_total_minor, std::nullopt);
}

TEST_F(PlansTest, ComparesWithTheInvoiceOfThePeriodBefore) {
  GoTo(november_);
  Bill(september_);
  Bill(october_);
  const domain::PlanItem november = Plan(november_);
  EXPECT_EQ(november.previous_total_minor, 84750);
  EXPECT_THAT(november.differences,
              ElementsAre("The total was 847.50 CAD and is 1130.00 CAD.", "The hours were 7.5 and are 10."));
}

TEST_F(PlansTest, ComparesWithNoDraftAndNothingTakenBack) {
  GoTo(november_);
  Cancel(Bill(october_).id);
  EXPECT_THAT(Plan(november_).differences, ElementsAre(kNothingEarlier));
  Credit(Bill(october_).id);
  const domain::PlanItem credited = Plan(november_);
  EXPECT_THAT(credited.differences, ElementsAre(kNothingEarlier));
  EXPECT_EQ(credited.previous_total_minor, std::nullopt);
  BillAsDraft(october_);
  const domain::PlanItem drafted = Plan(november_);
  EXPECT_THAT(drafted.differences, ElementsAre(kNothingEarlier));
  EXPECT_EQ(drafted.previous_total_minor, std::nullopt);
}

TEST_F(PlansTest, DaysAreNotBilledWhereNoInvoiceAndNoDraftClaimsThem) {
  GoTo(november_);
  TakeRun(september_);
  EXPECT_THAT(Plan(november_).differences, ElementsAre(kOctoberIsOpen));
  Credit(Bill(october_).id);
  const domain::PlanItem credited = Plan(november_);
  EXPECT_EQ(credited.previous_total_minor, 113000) << "of September";
  EXPECT_THAT(credited.differences, ElementsAre(kOctoberIsOpen)) << "credited in full";
  BillAsDraft(october_);
  const domain::PlanItem drafted = Plan(november_);
  EXPECT_EQ(drafted.previous_total_minor, 113000) << "of September";
  EXPECT_THAT(drafted.differences, IsEmpty());
}

}  // namespace
}  // namespace invoice::app
