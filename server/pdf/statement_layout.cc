#include "pdf/statement_layout.h"

#include <utility>

namespace invoice::pdf {
namespace {

constexpr double kAfterGrid = 22;
constexpr size_t kRowsKeptWithHeading = 2;

}  // namespace

StatementLayout::StatementLayout(const StatementContent& content, const Sheet& sheet)
    : content_(content), sheet_(sheet), frame_(sheet), letterhead_(sheet), pages_(1), y_(letterhead_.bottom()) {
  grids_.reserve(content_.grids.size());
  for (const GridContent& grid : content_.grids) grids_.emplace_back(grid, sheet_);
  for (size_t grid = 0; grid < grids_.size(); ++grid) Place(grid);
  if (!content_.remark.empty()) PlaceRemark();
}

PlanInput StatementLayout::Measure(const Grid& grid) const {
  const GridContent& content = grid.content();
  const FlowBlock row{.before = 0, .after = 0, .lines = {grid.row_height()}};
  return {.first_top = y_ + grid.heading_height(),
          .next_top = kNextTop,
          .bottom = sheet_.height - kBottom,
          .table_header = grid.header_height(),
          .carry = content.running.empty() ? 0 : grid.row_height(),
          .summary = content.total.empty() ? 0 : grid.row_height(),
          .rows = std::vector<FlowBlock>(content.rows.size(), row),
          .sections = {}};
}

void StatementLayout::Place(size_t index) {
  const Grid& grid = grids_[index];
  const double least =
      grid.heading_height() + grid.header_height() + static_cast<double>(kRowsKeptWithHeading + 1) * grid.row_height();
  if (y_ + least > sheet_.height - kBottom) {
    pages_.emplace_back();
    y_ = kNextTop;
  }
  const PlanInput input = Measure(grid);
  std::vector<PagePlan> plans = PlanPages(input);
  y_ = plans.back().summary_y.value_or(kNextTop) + input.summary + kAfterGrid;
  for (size_t i = 0; i < plans.size(); ++i) {
    if (i > 0) pages_.emplace_back();
    pages_.back().parts.push_back({.grid = index, .first = i == 0, .plan = std::move(plans[i])});
  }
}

void StatementLayout::PlaceRemark() {
  remark_ = sheet_.type.Shape(content_.remark, kBodyStyle, sheet_.inner_width());
  if (y_ + remark_.height() > sheet_.height - kBottom) {
    pages_.emplace_back();
    y_ = kNextTop;
  }
  pages_.back().has_remark = true;
  remark_y_ = y_;
}

void StatementLayout::Draw(Canvas& canvas) {
  for (size_t page = 0; page < pages_.size(); ++page) {
    if (page > 0) canvas.NextPage();
    if (page == 0) {
      letterhead_.Draw(canvas);
    } else {
      frame_.DrawRunningHead(canvas);
    }
    for (const Part& part : pages_[page].parts) DrawPart(canvas, part);
    if (pages_[page].has_remark) {
      const Canvas::Tag tag(canvas, "P");
      canvas.Text(remark_, sheet_.left(), remark_y_, sheet_.palette.muted);
    }
    frame_.DrawFoot(canvas, page, pages_.size());
  }
}

void StatementLayout::DrawPart(Canvas& canvas, const Part& part) const {
  const Grid& grid = grids_[part.grid];
  const PagePlan& plan = part.plan;
  const locale::Words& words = content_.head.locale.words();
  const bool carries = !grid.content().running.empty();
  const double top = plan.table_header_y.value_or(kNextTop);
  if (part.first) grid.DrawHeading(canvas, top - grid.heading_height());
  const Canvas::Tag tag(canvas, "Table");
  grid.DrawHeader(canvas, top);
  if (plan.brought_forward && carries) grid.DrawCarry(canvas, words.brought_forward, *plan.brought_forward);
  for (const Chunk& row : plan.rows) grid.DrawRow(canvas, row.index, row.y);
  if (plan.carried_forward && carries) grid.DrawCarry(canvas, words.carried_forward, *plan.carried_forward);
  if (plan.summary_y && !grid.content().total.empty()) grid.DrawTotal(canvas, *plan.summary_y);
  canvas.EndHairlines(sheet_.palette.hairline);
}

}  // namespace invoice::pdf
