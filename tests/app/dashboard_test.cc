// The dashboard after what people do.
#include "app/dashboard.h"

#include <gmock/gmock.h>

#include "app/overdue.h"
#include "fmt/format.h"
#include "tests/app/app_fixture.h"
#include "tests/support/plain_sql.h"

namespace invoice::app {
namespace {

class DashboardTest : public AppTest {
 protected:
  std::string Sums(const std::vector<store::CurrencySum>& sums) {
    std::string text;
    for (const auto& sum : sums) text += fmt::format("{} {} {};", sum.currency_code, sum.count, sum.amount_minor);
    return text;
  }

  test::PlainSql sql_{url_};
  Dashboard dashboard_{*core_};
  std::string vendor_ = NewVendor();
  std::string customer_ = NewCustomer(vendor_);
};

TEST_F(DashboardTest, ShowsWhatIsOpenOverdueIssuedAndPaidFoldedOrNot) {
  ASSERT_TRUE(RunQuick(customer_, absl::CivilDay(2026, 9, 1), NewCall()).ok());   // due 1 October
  ASSERT_TRUE(RunQuick(customer_, absl::CivilDay(2026, 11, 1), NewCall()).ok());  // due 1 December
  sql_.Must(
      fmt::format("INSERT INTO payments (id, vendor_id, customer_id, paid_on, amount_minor, currency_code, method, "
                  "reference, notes, "
                  "created_at, version, updated_at) VALUES (gen_random_uuid(), '{}', '{}', '2026-11-20', 100, 'CAD', "
                  "'CARD', '', '', "
                  "now(), 1, now())",
                  vendor_, customer_));
  sql_.Must("UPDATE invoices SET paid_minor = 100 WHERE invoice_on = '2026-11-01'");
  for (const bool folded : {false, true}) {
    if (folded) {
      ASSERT_GT(*FoldRollups(*core_, 100), 0);
      EXPECT_EQ(*FoldRollups(*core_, 100), 0) << "nothing is left to fold";
    }
    const auto stats = dashboard_.GetStats(vendor_);
    ASSERT_TRUE(stats.ok()) << stats.status();
    EXPECT_EQ(Sums(stats->totals.open), "CAD 2 169400;");
    EXPECT_EQ(Sums(stats->totals.overdue), "CAD 1 84750;");
    EXPECT_EQ(Sums(stats->totals.issued), "CAD 1 84750;");
    EXPECT_EQ(Sums(stats->totals.paid), "CAD 1 100;");
    EXPECT_EQ(stats->counts.active_customers, 1);
    EXPECT_EQ(stats->counts.scheduled_customers, 0);
    EXPECT_EQ(stats->as_of, clock_.Now());
    const auto revenue = dashboard_.GetRevenue("", 3);
    ASSERT_TRUE(revenue.ok()) << revenue.status();
    ASSERT_EQ(revenue->size(), 2U) << "October has nothing";
    EXPECT_EQ(revenue->front().month, absl::CivilDay(2026, 9, 1));
    EXPECT_EQ(revenue->back().issued_minor, 75000) << "without taxes";
    EXPECT_EQ(revenue->back().paid_minor, 100);
  }
  EXPECT_EQ(Sums(dashboard_.GetStats(NewVendor())->totals.open), "") << "another vendor has nothing of it";
}

TEST_F(DashboardTest, OverdueFollowsTheTimeZoneOfTheCustomer) {
  ASSERT_TRUE(RunQuick(customer_, absl::CivilDay(2026, 11, 1), NewCall()).ok());  // due 1 December
  clock_.Set(absl::FromCivil(absl::CivilSecond(2026, 12, 1, 12, 0, 0), absl::UTCTimeZone()));
  EXPECT_EQ(Sums(dashboard_.GetStats("")->totals.overdue), "");
  sql_.Must("UPDATE schedules SET time_zone = 'Pacific/Kiritimati'");
  EXPECT_EQ(Sums(dashboard_.GetStats("")->totals.overdue), "CAD 1 84750;");
  EXPECT_EQ(Sums(dashboard_.GetStats("")->totals.open), "CAD 1 84750;");
}

TEST_F(DashboardTest, EstimatesWhatIsBilledNext) {
  const std::string without_rate = NewCustomer(vendor_, std::nullopt);
  sql_.Must("UPDATE schedules SET enabled = true, next_run_on = '2026-12-01'");
  sql_.Must("UPDATE contracts SET default_hours = 10");
  sql_.Must(
      fmt::format("UPDATE schedules SET next_run_on = '2026-12-02', auto_send_email = true WHERE customer_id = '{}'",
                  without_rate));
  const auto by_contract = dashboard_.ListUpcoming(vendor_, {.size = 1});
  ASSERT_TRUE(by_contract.ok()) << by_contract.status();
  EXPECT_EQ(by_contract->total_size, 2);
  const Upcoming& first = by_contract->records.front();
  EXPECT_EQ(first.customer_id, customer_);
  EXPECT_EQ(first.due_date, absl::CivilDay(2026, 12, 1));
  EXPECT_EQ(first.period, (domain::Period{absl::CivilDay(2026, 11, 1), absl::CivilDay(2026, 11, 30)}));
  EXPECT_EQ(first.estimated_total_minor, 113000);
  const auto second = dashboard_.ListUpcoming(vendor_, {.size = 1, .after = by_contract->next});
  ASSERT_EQ(second->records.size(), 1U);
  EXPECT_EQ(second->records.front().customer_id, without_rate);
  EXPECT_EQ(second->records.front().estimated_total_minor, std::nullopt) << "no rate";
  EXPECT_TRUE(second->records.front().send_email);
  EXPECT_TRUE(second->next.empty());

  sql_.Must(
      fmt::format("INSERT INTO timesheets VALUES ('{}', '{}', '2026-11-01', '2026-11-30', 20, 'CAD', '[]', '', 1, "
                  "now())",
                  customer_, vendor_));
  EXPECT_EQ(dashboard_.ListUpcoming("", {})->records.front().estimated_total_minor, 226000);
}

TEST_F(DashboardTest, TellsWhatHappenedLatestFirst) {
  ASSERT_TRUE(RunQuick(customer_, absl::CivilDay(2026, 9, 1), NewCall()).ok());
  clock_.Advance(absl::Minutes(1));
  ASSERT_EQ(*NoteOverdue(*core_, 10), 1);
  const auto first = dashboard_.ListActivity(vendor_, {.size = 1});
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->records.size(), 1U);
  EXPECT_EQ(first->records[0].action, "overdue");
  EXPECT_EQ(first->records[0].actor, "scheduler");
  EXPECT_EQ(first->records[0].invoice_number, "INV-2026-0001");
  const auto second = dashboard_.ListActivity(vendor_, {.size = 1, .after = first->next});
  ASSERT_EQ(second->records.size(), 1U);
  EXPECT_EQ(second->records[0].action, "issue");
  EXPECT_TRUE(second->next.empty()) << "what was done to customers and vendors is not told here";
}

}  // namespace
}  // namespace invoice::app
