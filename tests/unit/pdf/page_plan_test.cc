#include "pdf/page_plan.h"

#include <gmock/gmock.h>

namespace invoice::pdf {
namespace {

FlowBlock Lines(size_t count) { return {.before = 5, .after = 5, .lines = std::vector<double>(count, 10)}; }

PlanInput Input(size_t rows) {
  return {.first_top = 300,
          .next_top = 100,
          .bottom = 700,
          .table_header = 20,
          .carry = 20,
          .summary = 100,
          .rows = std::vector<FlowBlock>(rows, Lines(1)),
          .sections = {}};
}

// The rows of all pages in order, each line once.
std::vector<size_t> LinesPlaced(const std::vector<PagePlan>& pages, size_t rows) {
  std::vector<size_t> lines(rows, 0);
  for (const PagePlan& page : pages) {
    for (const Chunk& chunk : page.rows) {
      EXPECT_EQ(lines[chunk.index], chunk.first_line);
      lines[chunk.index] += chunk.line_count;
    }
  }
  return lines;
}

TEST(PagePlanTest, ShortDocumentStandsOnOnePageWithoutCarry) {
  const std::vector<PagePlan> pages = PlanPages(Input(10));
  ASSERT_EQ(pages.size(), 1u);
  EXPECT_EQ(pages[0].rows.size(), 10u);
  EXPECT_FALSE(pages[0].carried_forward);
  EXPECT_FALSE(pages[0].brought_forward);
  EXPECT_EQ(pages[0].summary_y, 300 + 20 + 10 * 20);
}

TEST(PagePlanTest, CarriesTheSumOverEveryBreak) {
  const std::vector<PagePlan> pages = PlanPages(Input(60));
  ASSERT_GT(pages.size(), 2u);
  for (size_t i = 0; i + 1 < pages.size(); ++i) {
    ASSERT_TRUE(pages[i].carried_forward);
    ASSERT_TRUE(pages[i + 1].brought_forward);
    EXPECT_EQ(pages[i].carried_forward->row, pages[i].rows.back().index);
    EXPECT_EQ(pages[i + 1].brought_forward->row, pages[i].rows.back().index);
    EXPECT_TRUE(pages[i + 1].table_header_y);
  }
  EXPECT_THAT(LinesPlaced(pages, 60), ::testing::Each(1u));
}

TEST(PagePlanTest, NothingPassesTheBottomOrStandsOnSomethingElse) {
  for (size_t rows = 1; rows < 120; ++rows) {
    const PlanInput input = Input(rows);
    for (const PagePlan& page : PlanPages(input)) {
      double y = page.table_header_y.value() + input.table_header;
      if (page.brought_forward) {
        EXPECT_EQ(page.brought_forward->y, y);
        y += input.carry;
      }
      for (const Chunk& chunk : page.rows) {
        EXPECT_GE(chunk.y, y);
        y = chunk.y + 20;
      }
      if (page.carried_forward) y += input.carry;
      if (page.summary_y) y = *page.summary_y + input.summary;
      EXPECT_LE(y, input.bottom) << rows << " rows";
    }
  }
}

TEST(PagePlanTest, NothingPassesTheBottomBelowAHighLetterhead) {
  for (double first_top = 500; first_top <= 790; first_top += 10) {
    for (size_t rows = 1; rows < 40; ++rows) {
      PlanInput input = Input(rows);
      input.first_top = first_top;
      const std::vector<PagePlan> pages = PlanPages(input);
      for (const PagePlan& page : pages) {
        if (page.table_header_y) {
          EXPECT_LE(*page.table_header_y + input.table_header, input.bottom);
          EXPECT_FALSE(page.rows.empty() && !page.summary_y) << "a header without rows";
        }
        for (const Chunk& chunk : page.rows) EXPECT_LE(chunk.y + 20, input.bottom) << first_top;
        const double carry_y = page.carried_forward ? page.carried_forward->y : 0;
        EXPECT_LE(carry_y + input.carry, input.bottom) << first_top;
        EXPECT_LE(page.summary_y.value_or(0) + input.summary, input.bottom) << first_top;
      }
      EXPECT_THAT(LinesPlaced(pages, rows), ::testing::Each(1u));
    }
  }
}

TEST(PagePlanTest, ARowThatFitsTheNextPageIsNotBrokenOnTheFirst) {
  PlanInput input = Input(2);
  input.first_top = 500;
  input.rows[0] = Lines(30);
  const std::vector<PagePlan> pages = PlanPages(input);
  ASSERT_EQ(pages.size(), 2u);
  EXPECT_FALSE(pages[0].table_header_y) << "no header without a row";
  EXPECT_EQ(pages[1].rows.front().line_count, 30u);
}

TEST(PagePlanTest, LastRowStaysWithTheTotals) {
  for (size_t rows = 2; rows < 60; ++rows) {
    const std::vector<PagePlan> pages = PlanPages(Input(rows));
    EXPECT_TRUE(pages.back().summary_y);
    EXPECT_FALSE(pages.back().rows.empty()) << rows << " rows";
  }
}

TEST(PagePlanTest, BreaksARowHigherThanAPage) {
  PlanInput input = Input(3);
  input.rows[1] = Lines(150);
  const std::vector<PagePlan> pages = PlanPages(input);
  EXPECT_THAT(LinesPlaced(pages, 3), ::testing::ElementsAre(1, 150, 1));
  EXPECT_GT(pages.size(), 2u);
}

TEST(PagePlanTest, BreaksClosingTextsAtLines) {
  PlanInput input = Input(1);
  input.sections = {FlowBlock{.before = 30, .lines = std::vector<double>(100, 12)},
                    FlowBlock{.before = 30, .lines = std::vector<double>(2, 12)}};
  size_t lines = 0;
  for (const PagePlan& page : PlanPages(input)) {
    for (const Chunk& chunk : page.sections) {
      lines += chunk.line_count;
      EXPECT_LE(chunk.y + 30 + 12.0 * static_cast<double>(chunk.line_count), input.bottom);
    }
  }
  EXPECT_EQ(lines, 102u);
}

TEST(PagePlanTest, DocumentWithoutRowsHasItsTotals) {
  const std::vector<PagePlan> pages = PlanPages(Input(0));
  ASSERT_EQ(pages.size(), 1u);
  EXPECT_TRUE(pages[0].summary_y);
}

}  // namespace
}  // namespace invoice::pdf
