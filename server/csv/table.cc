#include "csv/table.h"

#include <csv.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "base/limits.h"
#include "base/status.h"
#include "base/text.h"
#include "fmt/format.h"
#include "fmt/ranges.h"

namespace invoice::csv {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kUtf16Marks[] = {"\xFF\xFE", "\xFE\xFF"};
constexpr char kSeparators[] = {',', ';', '\t'};
constexpr size_t kMaxHeaderFaults = 20;
constexpr size_t kMaxShownName = 40;

absl::Status FileFault(std::string_view expected) { return base::InvalidField("csv", expected); }

size_t LineSize(std::string_view bytes) {
  const size_t end = bytes.find_first_of("\r\n");
  if (end == std::string_view::npos) return bytes.size();
  return end + (bytes.substr(end).starts_with("\r\n") ? 2 : 1);
}

// One reading of one file. The library is given a line at a time, so that it is known where each row begins.
class Reader {
 public:
  explicit Reader(char separator) : separator_(separator) {
    csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_delim(&parser_, static_cast<unsigned char>(separator));
  }
  ~Reader() { csv_free(&parser_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Reads no further once there are more than `most` rows. `line` is that of the first byte.
  absl::Status Read(std::string_view bytes, int line, size_t most) {
    for (; !bytes.empty() && rows_.size() <= most; ++line) {
      const std::string_view piece = bytes.substr(0, LineSize(bytes));
      bytes.remove_prefix(piece.size());
      // A blank line is no row, but inside quotes it belongs to one.
      if (!in_row_ && !IsBlankLine(piece)) {
        in_row_ = true;
        row_.line = line;
      }
      if (csv_parse(&parser_, piece.data(), piece.size(), OnCell, OnRow, this) != piece.size()) return Misquoted(line);
    }
    if (rows_.size() > most) return absl::OkStatus();
    if (csv_fini(&parser_, OnCell, OnRow, this) != 0) {
      return FileFault(fmt::format("a closing quote for the one in the row that begins in line {}", row_.line));
    }
    return absl::OkStatus();
  }

  std::vector<Row> Take() && { return std::move(rows_); }

 private:
  bool IsBlankLine(std::string_view piece) const {
    return base::Trim(piece).empty() && (separator_ != '\t' || piece.find('\t') == std::string_view::npos);
  }

  static absl::Status Misquoted(int line) {
    return FileFault(
        fmt::format("quotes as RFC 4180 has them: around a whole value, doubled inside; line {} differs", line));
  }

  static void OnCell(void* bytes, size_t size, void* self) {
    auto& cells = static_cast<Reader*>(self)->row_.cells;
    const std::string cell(bytes == nullptr ? "" : static_cast<const char*>(bytes), size);
    if (cells.size() > base::kMaxImportColumns) {
      // The last one kept says that not all behind it are empty.
      if (!cell.empty() && cells.back().empty()) cells.back() = cell;
      return;
    }
    // A line end inside quotes is one line feed, whatever the file's own are.
    cells.push_back(absl::StrReplaceAll(cell, {{"\r\n", "\n"}, {"\r", "\n"}}));
  }

  static void OnRow(int, void* self) {
    auto* reader = static_cast<Reader*>(self);
    // Spreadsheets write rows of separators alone behind the data.
    const std::vector<std::string>& cells = reader->row_.cells;
    const bool blank = cells.size() > 1 && std::all_of(cells.begin(), cells.end(), [](const std::string& cell) {
                         return base::TrimBlanks(cell).empty();
                       });
    if (!blank) reader->rows_.push_back(std::move(reader->row_));
    reader->row_ = {};
    reader->in_row_ = false;
  }

  const char separator_;
  csv_parser parser_;
  std::vector<Row> rows_;
  Row row_;  // the one that is read
  bool in_row_ = false;
};

absl::Status CheckEncoding(std::string_view bytes) {
  const bool is_marked = std::any_of(std::begin(kUtf16Marks), std::end(kUtf16Marks),
                                     [bytes](std::string_view mark) { return bytes.starts_with(mark); });
  const bool has_half = bytes.size() > 1 && (bytes[0] == '\0') != (bytes[1] == '\0');
  if (is_marked || has_half) return FileFault("a file in UTF-8; this one is in UTF-16: save it as CSV in UTF-8");
  if (bytes.find('\0') != std::string_view::npos) return FileFault("a file without NUL bytes, in UTF-8");
  if (base::IsValidUtf8(bytes)) return absl::OkStatus();
  int line = 1;
  for (; base::IsValidUtf8(bytes.substr(0, LineSize(bytes))); ++line) bytes.remove_prefix(LineSize(bytes));
  return FileFault(
      fmt::format("a file in UTF-8; line {} has bytes of another encoding, such as Windows-1252 or Latin-1: save it as "
                  "CSV in UTF-8",
                  line));
}

absl::Status CheckBytes(std::string_view bytes) {
  if (bytes.size() > base::kMaxImportBytes) {
    return FileFault(fmt::format("a file of at most {} bytes", base::kMaxImportBytes));
  }
  RETURN_IF_ERROR(CheckEncoding(bytes));
  if (base::Trim(bytes).empty()) return FileFault("a header line and at least one row");
  return absl::OkStatus();
}

bool Has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The known column that is called so, whatever the case and blanks around; nothing where none is.
std::optional<std::string> KnownName(std::string_view cell, const Columns& columns) {
  const std::string name(base::TrimBlanks(cell));
  const auto found = std::find_if(columns.known.begin(), columns.known.end(),
                                  [&name](const std::string& known) { return absl::EqualsIgnoreCase(known, name); });
  return found == columns.known.end() ? std::nullopt : std::optional(*found);
}

int CountKnown(const std::vector<std::string>& header, const Columns& columns) {
  return static_cast<int>(std::count_if(header.begin(), header.end(),
                                        [&](const std::string& cell) { return KnownName(cell, columns).has_value(); }));
}

// What is before the header: a line "sep=;", by which spreadsheets are told the separator.
struct Opening {
  std::optional<char> separator;
  size_t size = 0;
};

absl::StatusOr<Opening> ReadOpening(std::string_view bytes) {
  const size_t size = LineSize(bytes);
  std::string_view line = bytes.substr(0, size);
  line = line.substr(0, line.find_last_not_of("\r\n") + 1);
  if (line.size() > 1 && line.front() == '"' && line.back() == '"') line = line.substr(1, line.size() - 2);
  if (line.size() < 4 || !absl::EqualsIgnoreCase(std::string(line.substr(0, 4)), "sep=")) return Opening();
  const bool is_known =
      line.size() == 5 && std::find(std::begin(kSeparators), std::end(kSeparators), line[4]) != std::end(kSeparators);
  if (!is_known) return FileFault("a comma, a semicolon or a tab behind sep= in line 1");
  return Opening{line[4], size};
}

// The separator by which the header line has most of the known columns; a comma where several do.
char SeparatorOf(std::string_view bytes, const Columns& columns) {
  char best = kSeparators[0];
  int most = -1;
  for (const char separator : kSeparators) {
    Reader reader(separator);
    if (!reader.Read(bytes, 1, 0).ok()) continue;
    const std::vector<Row> rows = std::move(reader).Take();
    const int count = rows.empty() ? 0 : CountKnown(rows.front().cells, columns);
    if (count > most) best = separator;
    most = std::max(most, count);
  }
  return best;
}

// A cell of the header as a message may show it; nothing where it does not look like the name of a column.
std::string Shown(const std::string& cell) {
  const std::string name(base::TrimBlanks(cell));
  const bool is_name =
      !name.empty() && name.size() <= kMaxShownName && std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return absl::ascii_isalnum(c) || c == ' ' || c == '_' || c == '-';
      });
  return is_name ? ", found " + name : "";
}

// The header with the known names as they are spelt; columns without a name at its end are no columns.
absl::Status ReadHeader(const Columns& columns, std::vector<std::string>* header) {
  while (!header->empty() && base::TrimBlanks(header->back()).empty()) header->pop_back();
  const std::string known = fmt::format("{}", fmt::join(columns.known, ", "));
  if (CountKnown(*header, columns) == 0) {
    // Without one known name it may be a row, whose cells are not shown in errors.
    return FileFault(fmt::format(
        "a header line of names of columns, separated by commas, semicolons or tabs; none of its {} cells is one of {}",
        header->size(), known));
  }
  std::vector<base::FieldViolation> faults;
  const auto add = [&](std::string expected) {
    if (faults.size() < kMaxHeaderFaults) faults.push_back({"csv", std::move(expected)});
  };
  for (size_t i = 0; i < header->size(); ++i) {
    std::string& cell = (*header)[i];
    const std::optional<std::string> name = KnownName(cell, columns);
    if (!name) {
      add(fmt::format("in column {} of the header one of {}{}", i + 1, known, Shown(cell)));
      continue;
    }
    cell = *name;
    const auto first = std::find(header->begin(), header->end(), cell) - header->begin();
    if (static_cast<size_t>(first) != i) {
      add(fmt::format("each column once; columns {} and {} have one name, {}", first + 1, i + 1, cell));
    }
  }
  for (const std::string& name : columns.required) {
    if (!Has(*header, name)) add(fmt::format("a column {}", name));
  }
  return faults.empty() ? absl::OkStatus() : base::InvalidFields(std::move(faults));
}

// Empty cells behind the last column are none.
void DropTrailing(size_t columns, Row* row) {
  while (row->cells.size() > columns && row->cells.back().empty()) row->cells.pop_back();
}

}  // namespace

absl::StatusOr<Table> Parse(std::string_view bytes, const Columns& columns) {
  RETURN_IF_ERROR(CheckBytes(bytes));
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  ASSIGN_OR_RETURN(const Opening opening, ReadOpening(bytes));
  bytes.remove_prefix(opening.size);
  Reader reader(opening.separator ? *opening.separator : SeparatorOf(bytes, columns));
  RETURN_IF_ERROR(reader.Read(bytes, opening.size > 0 ? 2 : 1, base::kMaxImportRows + 1));
  Table table{.rows = std::move(reader).Take()};
  if (table.rows.size() > base::kMaxImportRows + 1) {
    return FileFault(fmt::format("at most {} rows below the header", base::kMaxImportRows));
  }
  if (table.rows.size() < 2) return FileFault("a header line and at least one row");
  table.columns = std::move(table.rows.front().cells);
  table.rows.erase(table.rows.begin());
  RETURN_IF_ERROR(ReadHeader(columns, &table.columns));
  for (Row& row : table.rows) DropTrailing(table.columns.size(), &row);
  return table;
}

}  // namespace invoice::csv
