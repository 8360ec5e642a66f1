// Decides what stands on which page: rows of the table with what is carried between pages, the totals, the closing
// texts. Arithmetic on heights alone; pure.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace invoice::pdf {

// Something of several lines, in points.
struct FlowBlock {
  double before = 0;  // above the first line; a heading is part of it
  double after = 0;
  std::vector<double> lines;

  double height() const;
};

struct PlanInput {
  double first_top = 0;  // of what flows, on the first page
  double next_top = 0;   // on every further page
  double bottom = 0;
  double table_header = 0;
  double carry = 0;  // a line with the sum carried forward or brought forward
  double summary = 0;
  std::vector<FlowBlock> rows;
  std::vector<FlowBlock> sections;
};

// Some lines of a row or section, with their place from the top of the page.
struct Chunk {
  size_t index = 0;
  size_t first_line = 0;
  size_t line_count = 0;
  double y = 0;
};

// The sum of all rows up to and with `row`.
struct Carry {
  size_t row = 0;
  double y = 0;
};

struct PagePlan {
  std::optional<double> table_header_y;
  std::optional<Carry> brought_forward;
  std::vector<Chunk> rows;
  std::optional<Carry> carried_forward;
  std::optional<double> summary_y;
  std::vector<Chunk> sections;
};

// Every row and section appears once and in order; only those higher than a page are broken inside. The last row stays
// with the totals where it can.
std::vector<PagePlan> PlanPages(const PlanInput& input);

}  // namespace invoice::pdf
