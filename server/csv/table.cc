#include "csv/table.h"

#include <csv.h>

#include <algorithm>

#include "absl/strings/str_replace.h"
#include "base/limits.h"
#include "base/status.h"
#include "base/text.h"
#include "fmt/format.h"
#include "fmt/ranges.h"

namespace invoice::csv {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr size_t kMaxHeaderFaults = 20;

absl::Status FileFault(std::string_view expected) { return base::InvalidField("csv", expected); }

// One reading of one file. The library is given a line at a time, so that it is known where each row begins.
class Reader {
 public:
  Reader() { csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI); }
  ~Reader() { csv_free(&parser_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  absl::Status Read(std::string_view bytes) {
    for (int line = 1; !bytes.empty() && !IsFull(); ++line) {
      const std::string_view piece = bytes.substr(0, LineSize(bytes));
      bytes.remove_prefix(piece.size());
      // A blank line is no row, but inside quotes it belongs to one.
      if (!in_row_ && !base::Trim(piece).empty()) {
        in_row_ = true;
        row_.line = line;
      }
      if (csv_parse(&parser_, piece.data(), piece.size(), OnCell, OnRow, this) != piece.size()) return Misquoted(line);
    }
    if (csv_fini(&parser_, OnCell, OnRow, this) != 0) {
      return FileFault(fmt::format("a closing quote for the one in the row that begins in line {}", row_.line));
    }
    return absl::OkStatus();
  }

  // One more than may be, so that the caller sees that there are too many.
  bool IsFull() const { return rows_.size() > base::kMaxImportRows + 1; }
  std::vector<Row> Take() && { return std::move(rows_); }

 private:
  static size_t LineSize(std::string_view bytes) {
    const size_t end = bytes.find_first_of("\r\n");
    if (end == std::string_view::npos) return bytes.size();
    return end + (bytes.substr(end).starts_with("\r\n") ? 2 : 1);
  }

  static absl::Status Misquoted(int line) {
    return FileFault(
        fmt::format("quotes as RFC 4180 has them: around a whole value, doubled inside; line {} differs", line));
  }

  static void OnCell(void* bytes, size_t size, void* self) {
    auto& cells = static_cast<Reader*>(self)->row_.cells;
    if (cells.size() > base::kMaxImportColumns) return;
    const std::string cell(bytes == nullptr ? "" : static_cast<const char*>(bytes), size);
    // A line end inside quotes is one line feed, whatever the file's own are.
    cells.push_back(absl::StrReplaceAll(cell, {{"\r\n", "\n"}, {"\r", "\n"}}));
  }

  static void OnRow(int, void* self) {
    auto* reader = static_cast<Reader*>(self);
    reader->rows_.push_back(std::move(reader->row_));
    reader->row_ = {};
    reader->in_row_ = false;
  }

  csv_parser parser_;
  std::vector<Row> rows_;
  Row row_;  // the one that is read
  bool in_row_ = false;
};

absl::Status CheckBytes(std::string_view bytes) {
  if (bytes.size() > base::kMaxImportBytes) {
    return FileFault(fmt::format("a file of at most {} bytes", base::kMaxImportBytes));
  }
  if (bytes.find('\0') != std::string_view::npos) return FileFault("a file without NUL bytes, in UTF-8");
  if (!base::IsValidUtf8(bytes)) return FileFault("a file in UTF-8");
  if (base::Trim(bytes).empty()) return FileFault("a header line and at least one row");
  return absl::OkStatus();
}

bool Has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

absl::Status CheckHeader(const std::vector<std::string>& header, const Columns& columns) {
  std::vector<base::FieldViolation> faults;
  const auto add = [&](std::string expected) {
    if (faults.size() < kMaxHeaderFaults) faults.push_back({"csv", std::move(expected)});
  };
  for (size_t i = 0; i < header.size(); ++i) {
    const auto first = std::find(header.begin(), header.end(), header[i]) - header.begin();
    if (!Has(columns.known, header[i])) {
      add(fmt::format("in column {} of the header one of {}", i + 1, fmt::join(columns.known, ", ")));
    } else if (static_cast<size_t>(first) != i) {
      add(fmt::format("each column once; columns {} and {} have one name", first + 1, i + 1));
    }
  }
  for (const std::string& name : columns.required) {
    if (!Has(header, name)) add(fmt::format("a column {}", name));
  }
  return faults.empty() ? absl::OkStatus() : base::InvalidFields(std::move(faults));
}

}  // namespace

absl::StatusOr<Table> Parse(std::string_view bytes, const Columns& columns) {
  RETURN_IF_ERROR(CheckBytes(bytes));
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  Reader reader;
  RETURN_IF_ERROR(reader.Read(bytes));
  Table table{.rows = std::move(reader).Take()};
  if (table.rows.size() > base::kMaxImportRows + 1) {
    return FileFault(fmt::format("at most {} rows below the header", base::kMaxImportRows));
  }
  if (table.rows.size() < 2) return FileFault("a header line and at least one row");
  table.columns = std::move(table.rows.front().cells);
  table.rows.erase(table.rows.begin());
  RETURN_IF_ERROR(CheckHeader(table.columns, columns));
  return table;
}

}  // namespace invoice::csv
