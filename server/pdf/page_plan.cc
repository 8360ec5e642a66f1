#include "pdf/page_plan.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace invoice::pdf {
namespace {

double LinesHeight(const FlowBlock& block, size_t first, size_t count) {
  const auto begin = block.lines.begin() + static_cast<std::ptrdiff_t>(first);
  return std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(count), 0.0);
}

class Planner {
 public:
  explicit Planner(const PlanInput& input) : input_(input), y_(input.first_top) {}

  std::vector<PagePlan> Plan() {
    if (!input_.rows.empty() && !HasRoomForTable()) BreakPage();
    StartTable();
    for (size_t row = 0; row < input_.rows.size(); ++row) PlaceRow(row);
    PlaceSummary();
    for (size_t section = 0; section < input_.sections.size(); ++section) PlaceSection(section);
    pages_.push_back(std::move(page_));
    return std::move(pages_);
  }

 private:
  double Left() const { return input_.bottom - y_; }

  // Below a high letterhead: the header with one line of the first row and the sum below it.
  bool HasRoomForTable() const {
    const FlowBlock& first = input_.rows.front();
    const double line = first.lines.empty() ? 0 : first.lines.front();
    return input_.table_header + first.before + line + first.after + input_.carry <= Left();
  }

  // A further page takes what it can; what stands below the letterhead of the first can go there.
  bool MayBreak() const { return !page_.rows.empty() || pages_.empty(); }

  void StartTable() {
    page_.table_header_y = y_;
    y_ += input_.table_header;
  }

  void BreakPage() {
    pages_.push_back(std::move(page_));
    page_ = {};
    y_ = input_.next_top;
  }

  void BreakTable(size_t rows_so_far) {
    if (rows_so_far > 0) page_.carried_forward = Carry{rows_so_far - 1, y_};
    if (page_.rows.empty() && rows_so_far == 0) page_.table_header_y.reset();
    BreakPage();
    StartTable();
    if (rows_so_far == 0) return;
    page_.brought_forward = Carry{rows_so_far - 1, y_};
    y_ += input_.carry;
  }

  void PlaceRow(size_t row) {
    const FlowBlock& block = input_.rows[row];
    const bool last = row + 1 == input_.rows.size();
    // What must fit below the row: the totals, or the sum carried to the next page.
    const double below = last ? input_.summary : input_.carry;
    const bool fits_on_a_page = block.height() + below <= CapacityOfFurtherPage();
    if (block.height() + below > Left() && MayBreak() && (fits_on_a_page || Left() < kLeastUsefulSpace)) {
      BreakTable(row);
    }
    if (block.height() + input_.carry <= Left()) {
      page_.rows.push_back({row, 0, block.lines.size(), y_});
      y_ += block.height();
      return;
    }
    PlaceLinesOfRow(row, block);
  }

  void PlaceLinesOfRow(size_t row, const FlowBlock& block) {
    size_t line = 0;
    while (line < block.lines.size()) {
      const double room = Left() - input_.carry - block.before - block.after;
      size_t count = 0;
      while (line + count < block.lines.size() && LinesHeight(block, line, count + 1) <= room) ++count;
      // A page without other rows takes one line whatever happens, so that the loop ends.
      if (count == 0 && MayBreak()) {
        BreakTable(line == 0 ? row : row + 1);
        continue;
      }
      count = std::max<size_t>(count, 1);
      page_.rows.push_back({row, line, count, y_});
      y_ += block.before + LinesHeight(block, line, count) + block.after;
      line += count;
      if (line < block.lines.size()) BreakTable(row + 1);
    }
  }

  void PlaceSummary() {
    if (input_.summary > Left()) BreakTable(input_.rows.size());
    page_.summary_y = y_;
    y_ += input_.summary;
  }

  void PlaceSection(size_t section) {
    constexpr size_t kLinesKeptTogether = 3;
    const FlowBlock& block = input_.sections[section];
    size_t line = 0;
    while (line < block.lines.size()) {
      const double room = Left() - block.before;
      const size_t rest = block.lines.size() - line;
      size_t count = 0;
      while (count < rest && LinesHeight(block, line, count + 1) <= room) ++count;
      const bool at_top = y_ <= input_.next_top;
      if (!at_top && count < std::min(rest, kLinesKeptTogether)) {
        BreakPage();
        continue;
      }
      count = std::max<size_t>(count, 1);
      page_.sections.push_back({section, line, count, y_});
      y_ += block.before + LinesHeight(block, line, count) + block.after;
      line += count;
      if (line < block.lines.size()) BreakPage();
    }
  }

  double CapacityOfFurtherPage() const { return input_.bottom - input_.next_top - input_.table_header - input_.carry; }

  static constexpr double kLeastUsefulSpace = 60;

  const PlanInput& input_;
  std::vector<PagePlan> pages_;
  PagePlan page_;
  double y_;
};

}  // namespace

double FlowBlock::height() const { return before + LinesHeight(*this, 0, lines.size()) + after; }

std::vector<PagePlan> PlanPages(const PlanInput& input) { return Planner(input).Plan(); }

}  // namespace invoice::pdf
