// The table of lines: columns as wide as their numbers, decimals below each other, descriptions that wrap. Measures
// itself when made; draws the chunks a page plan asks for.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "pdf/canvas.h"
#include "pdf/page_plan.h"
#include "pdf/sheet.h"

namespace invoice::pdf {

class Table {
 public:
  explicit Table(const Sheet& sheet);

  double header_height() const;
  double carry_height() const;
  std::vector<FlowBlock> Rows() const;

  void DrawHeader(Canvas& canvas, double y) const;
  void DrawCarry(Canvas& canvas, std::string_view label, const Carry& carry) const;
  void DrawRows(Canvas& canvas, const Chunk& chunk) const;

 private:
  // Numbers of one column; decimal separators stand below each other.
  struct Column {
    Paragraph label;
    double right = 0;
    double width = 0;
    double fraction = 0;  // of the number with the most decimals
  };
  struct Row {
    Paragraph description;
    Paragraph detail;  // empty: none
  };

  // What divides the whole from the fraction of the column's numbers.
  std::string_view SeparatorOf(const Column& column) const;
  void MeasureColumns();
  double DescriptionWidth() const;
  void PlaceColumns();
  void ShapeRows();
  const Paragraph& UnitLabel(std::string_view unit) const;
  void DrawNumber(Canvas& canvas, const Column& column, std::string_view number, double baseline) const;
  void DrawNumbers(Canvas& canvas, const TableRow& row, double baseline) const;

  const Sheet& sheet_;
  TextStyle style_;
  const FigureFont* figures_ = nullptr;
  Paragraph description_label_;
  Column quantity_;
  Column unit_price_;
  Column discount_;  // used where content.has_discounts
  Column amount_;
  std::vector<std::pair<std::string_view, Paragraph>> units_;
  double unit_width_ = 0;
  std::vector<Row> rows_;
};

}  // namespace invoice::pdf
