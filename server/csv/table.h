// A CSV file from outside as a table of texts: UTF-8 with or without a byte order mark, quotes after RFC 4180, lines
// that end in LF, CRLF or CR, a header line of known column names whatever their case. Cells are separated by commas,
// semicolons or tabs: by what a first line "sep=;" says, else by what makes most of the known columns of the header. It
// knows nothing of what the columns mean. Pure and bounded (base/limits.h); safe to call from any number of threads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace invoice::csv {

struct Row {
  int line = 0;  // of the file, counted from 1, where the row begins
  // Line ends inside quotes are line feeds. As many as columns, unless the row is faulty.
  std::vector<std::string> cells;
};

struct Table {
  std::vector<std::string> columns;  // in the order of the file, spelt as they are known
  std::vector<Row> rows;             // without blank lines; at least one
};

// The columns that a header may name, each at most once, and those that it must.
struct Columns {
  std::vector<std::string> known;
  std::vector<std::string> required;
};

// INVALID_ARGUMENT on the field `csv` where the file as a whole cannot be read: empty, too large, too many rows, not
// UTF-8, NUL bytes, a quote in a wrong place, or a header that does not fit. Messages name lines, and names of columns
// where the header has a known one; never what is in a row. Empty cells behind the last column are none. A row with
// another number of cells than there are columns is not a fault of the file.
absl::StatusOr<Table> Parse(std::string_view bytes, const Columns& columns);

}  // namespace invoice::csv
