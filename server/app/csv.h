// Lines of CSV by RFC 4180: fields with commas, semicolons, tabs, quotes or line breaks are quoted, lines end with CR
// LF. Pure.
#pragma once

#include <string>
#include <string_view>

namespace invoice::app {

// How a file of lines is written.
struct CsvFormat {
  char separator = ',';          // a comma, a semicolon or a tab
  bool byte_order_mark = false;  // of UTF-8, at the beginning of the file
};

class CsvLine {
 public:
  explicit CsvLine(char separator = ',') : separator_(separator) {}

  // A text that somebody typed. A spreadsheet would compute one that begins with = + - @, a tab or CR: such a text gets
  // an apostrophe before it, which spreadsheets take for "this is text".
  CsvLine& Text(std::string_view text);
  // A value of our own making (a number, a date, a name of a state), as it is.
  CsvLine& Value(std::string_view value);

  // The line with its end.
  std::string Take() &&;

 private:
  void Add(std::string_view prefix, std::string_view text);

  const char separator_;
  std::string line_;
  bool empty_ = true;
};

}  // namespace invoice::app
