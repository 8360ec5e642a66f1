#include "app/csv.h"

#include <utility>

namespace invoice::app {

CsvLine& CsvLine::Text(std::string_view text) {
  const bool formula = !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
  Add(formula ? "'" : "", text);
  return *this;
}

CsvLine& CsvLine::Value(std::string_view value) {
  Add("", value);
  return *this;
}

std::string CsvLine::Take() && { return std::move(line_) + "\r\n"; }

void CsvLine::Add(std::string_view prefix, std::string_view text) {
  if (!std::exchange(empty_, false)) line_ += separator_;
  const bool quoted = text.find_first_of(",;\t\"\r\n") != std::string_view::npos;
  if (quoted) line_ += '"';
  line_ += prefix;
  for (const char c : text) {
    if (c == '"') line_ += '"';
    line_ += c;
  }
  if (quoted) line_ += '"';
}

}  // namespace invoice::app
