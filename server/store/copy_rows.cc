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

void CopyRows::Add(std::initializer_list<Cell> cells) {
  bool first = true;
  for (const Cell& cell : cells) {
    if (!first) text_ += '\t';
    first = false;
    if (cell.text) {
      AppendEscaped(*cell.text, text_);
    } else {
      text_ += "\\N";
    }
  }
  text_ += '\n';
}

}  // namespace invoice::store
