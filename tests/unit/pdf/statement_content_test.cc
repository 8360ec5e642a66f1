#include "pdf/statement_content.h"

#include <gmock/gmock.h>

#include "tests/unit/pdf/samples.h"

namespace invoice::pdf {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(StatementContentTest, OneCurrencyHasItsBalanceInTheHead) {
  const StatementContent content = ContentOf(testing::Statement());
  EXPECT_EQ(content.head.title, "Statement of account");
  EXPECT_EQ(content.head.customer_name, "Maple Ridge Logistics Ltd.");
  EXPECT_EQ(content.head.amount_due.label, "Open balance");
  EXPECT_EQ(content.head.amount_due.value, "CAD 44,355.53");
  ASSERT_THAT(content.grids, SizeIs(2));
  EXPECT_EQ(content.grids[0].heading, "Open invoices in CAD");
  EXPECT_THAT(content.grids[0].rows[0],
              ElementsAre("NWC-2026-0011", "Jun 1, 2026", "Jul 1, 2026", "149", "1,125.40", "250.00", "", "875.40"));
  EXPECT_EQ(content.grids[0].running.back(), "44,355.53");
  EXPECT_EQ(content.grids[0].total.back(), "44,355.53");
  EXPECT_THAT(content.remark, IsEmpty());
}

TEST(StatementContentTest, CurrenciesAreNeverAddedUp) {
  const StatementContent content = ContentOf(testing::TwoCurrencies());
  EXPECT_EQ(content.head.title, "Kontoauszug");
  EXPECT_THAT(content.head.amount_due.value, IsEmpty());
  ASSERT_THAT(content.grids, SizeIs(3));
  EXPECT_THAT(content.grids[0].rows, SizeIs(4));
  EXPECT_THAT(content.grids[1].rows, SizeIs(3));
  EXPECT_EQ(content.grids[1].heading, "Offene Rechnungen in EUR");
  EXPECT_THAT(content.grids[2].rows[0],
              ElementsAre("CAD", "0,00", "0,00", "8.065,23", "5.918,62", "4.397,41", "18.381,26", "1.250,50"));
}

TEST(StatementContentTest, EveryRowHasTheCellsOfItsColumns) {
  for (const domain::StatementDocument& document :
       {testing::Statement(), testing::TwoCurrencies(), testing::LongStatement()}) {
    for (const GridContent& grid : ContentOf(document).grids) {
      EXPECT_THAT(grid.rows, Each(SizeIs(grid.columns.size())));
      EXPECT_TRUE(grid.total.empty() || grid.total.size() == grid.columns.size());
      EXPECT_TRUE(grid.running.empty() || grid.running.size() == grid.rows.size());
    }
  }
}

TEST(StatementContentTest, SaysWhereNothingIsOpenAndWhereTheListIsCut) {
  domain::StatementDocument document = testing::Statement();
  document.statement.items.clear();
  document.statement.totals.clear();
  EXPECT_EQ(ContentOf(document).remark, "No open invoices.");
  EXPECT_THAT(ContentOf(document).grids, IsEmpty());
  EXPECT_THAT(ContentOf(testing::LongStatement()).remark, ::testing::HasSubstr("cut"));
}

}  // namespace
}  // namespace invoice::pdf
