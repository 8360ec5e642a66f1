// What a statement says, as texts in the order of reading. Pure, knows neither fonts nor coordinates.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "domain/statement.h"
#include "pdf/content.h"

namespace invoice::pdf {

struct GridColumn {
  std::string label;
  bool figures = false;  // aligned at the right
};

// A table of short cells; rows are as long as `columns`.
struct GridContent {
  std::string heading;
  std::vector<GridColumn> columns;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> running;  // the sum of the last column up to and with each row; empty: none is carried
  std::vector<std::string> total;    // empty: none
};

struct StatementContent {
  Content head;                    // parties and details; has no rows
  std::vector<GridContent> grids;  // open invoices of each currency, then their ages
  std::string remark;              // below the grids; may be empty
};

StatementContent ContentOf(const domain::StatementDocument& document);

}  // namespace invoice::pdf
