// Rows in the text form of PostgreSQL's COPY: columns between tabs, a line a row, NULL as \N, what would be taken for
// these escaped. Values go through store/row.h's ToText(), as parameters do. Not shared between threads.
#pragma once

#include <initializer_list>
#include <string>

#include "store/row.h"

namespace invoice::store {

// One value of a row; an empty optional is NULL.
struct Cell {
  template <typename T>
  Cell(const T& value) : text(ToText(value)) {}  // NOLINT: a list of cells is written as a list of values
  template <typename T>
  Cell(const std::optional<T>& value) {  // NOLINT
    if (value) text = ToText(*value);
  }
  Cell(std::nullopt_t) {}  // NOLINT

  std::optional<std::string> text;
};

class CopyRows {
 public:
  // Adds a row; its cells are in the order of the statement's columns.
  void Add(std::initializer_list<Cell> cells);
  // The same of parameters, which an UPDATE takes by name.
  void Add(const Params& params);

  // A row that was begun by BeginRow(), with the cells that were missing.
  void Add(const std::string& begun, std::initializer_list<Cell> rest);
  // The first cells of a row as text.
  static std::string BeginRow(std::initializer_list<Cell> cells);

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  void AddCell(const std::optional<std::string>& text);
  void EndRow();

  std::string text_;
  bool row_begun_ = false;
};

// A PostgreSQL array literal of plain values (ids, dates, numbers), as one parameter: "{a,b}"; an empty optional is
// NULL.
template <typename T>
std::string ArrayText(const std::vector<T>& values) {
  std::string text = "{";
  for (const T& value : values) {
    if (text.size() > 1) text += ',';
    text += ToText(value);
  }
  return text + "}";
}
template <typename T>
std::string ArrayText(const std::vector<std::optional<T>>& values) {
  std::string text = "{";
  for (const std::optional<T>& value : values) {
    if (text.size() > 1) text += ',';
    text += value ? ToText(*value) : "NULL";
  }
  return text + "}";
}

}  // namespace invoice::store
