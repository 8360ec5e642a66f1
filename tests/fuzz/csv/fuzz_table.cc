// The reader of CSV files: what it lets through keeps its bounds, has each column once and rows in the order of their
// lines, and says the same when it is written out with quotes and read again.
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "base/text.h"
#include "csv/table.h"
#include "tests/fuzz/gateway/check.h"

namespace {

std::string Quoted(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) {
    if (!line.empty()) line += ',';
    line += '"';
    for (const char c : cell) line += c == '"' ? std::string("\"\"") : std::string(1, c);
    line += '"';
  }
  return line + "\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const invoice::csv::Columns columns{.known = {"name", "email", "notes"}, .required = {"name"}};
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto table = invoice::csv::Parse(bytes, columns);
  if (!table.ok()) {
    FUZZ_CHECK(absl::IsInvalidArgument(table.status()));
    return 0;
  }
  FUZZ_CHECK(!table->rows.empty() && table->rows.size() <= invoice::base::kMaxImportRows);
  const std::set<std::string> names(table->columns.begin(), table->columns.end());
  FUZZ_CHECK(names.size() == table->columns.size() && names.contains("name"));
  std::string again = Quoted(table->columns);
  int line = 1;
  for (const invoice::csv::Row& row : table->rows) {
    FUZZ_CHECK(row.line > line && !row.cells.empty());
    FUZZ_CHECK(row.cells.size() <= invoice::base::kMaxImportColumns + 1);
    line = row.line;
    for (const std::string& cell : row.cells) FUZZ_CHECK(cell.find('\r') == std::string::npos);
    again += Quoted(row.cells);
  }
  const auto same = invoice::csv::Parse(again, columns);
  FUZZ_CHECK(same.ok() || again.size() > invoice::base::kMaxImportBytes);
  for (size_t i = 0; same.ok() && i < table->rows.size(); ++i) {
    FUZZ_CHECK(same->rows[i].cells == table->rows[i].cells);
  }
  return 0;
}
