#include "store/copy_rows.h"

namespace invoice::store {
namespace {

void AppendEscaped(std::string_view value, std::string& text) {
  for (const char c : value) {
    switch (c) {
      case '\\':
        text += "\\\\";
        break;
      case '\t':
        text += "\\t";
        break;
      case '\n':
        text += "\\n";
        break;
      case '\r':
        text += "\\r";
        break;
      default:
        text += c;
    }
  }
}

}  // namespace

void CopyRows::AddCell(const std::optional<std::string>& text) {
  if (row_begun_) text_ += '\t';
  row_begun_ = true;
  if (text) {
    AppendEscaped(*text, text_);
  } else {
    text_ += "\\N";
  }
}

void CopyRows::EndRow() {
  text_ += '\n';
  row_begun_ = false;
}

void CopyRows::Add(std::initializer_list<Cell> cells) {
  for (const Cell& cell : cells) AddCell(cell.text);
  EndRow();
}

void CopyRows::Add(const std::string& begun, std::initializer_list<Cell> rest) {
  text_ += begun;
  row_begun_ = true;
  Add(rest);
}

std::string CopyRows::BeginRow(std::initializer_list<Cell> cells) {
  CopyRows rows;
  for (const Cell& cell : cells) rows.AddCell(cell.text);
  return std::move(rows.text_);
}

void CopyRows::Add(const Params& params) {
  for (const Param& param : params) AddCell(param.value);
  EndRow();
}

}  // namespace invoice::store
