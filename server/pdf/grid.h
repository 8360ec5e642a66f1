// A table whose cells are one line each: columns as wide as their content, figures aligned at the right, smaller where
// the page is too narrow. Measures itself when made; draws the rows it is told to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pdf/canvas.h"
#include "pdf/page_plan.h"
#include "pdf/sheet.h"
#include "pdf/statement_content.h"

namespace invoice::pdf {

class Grid {
 public:
  // Both outlive the grid.
  Grid(const GridContent& content, const Sheet& sheet);

  const GridContent& content() const { return content_; }
  double heading_height() const;
  double header_height() const;
  double row_height() const;

  void DrawHeading(Canvas& canvas, double y) const;
  void DrawHeader(Canvas& canvas, double y) const;
  void DrawRow(Canvas& canvas, size_t row, double y) const;
  void DrawTotal(Canvas& canvas, double y) const;
  void DrawCarry(Canvas& canvas, std::string_view label, const Carry& carry) const;

 private:
  struct Column {
    Paragraph label;
    double width = 0;
    double left = 0;
  };

  // The width of all columns with the least gaps.
  double Measure();
  void Place();
  double WidthOf(const std::string& cell, bool figures, const TextStyle& style) const;
  void DrawCells(Canvas& canvas, const std::vector<std::string>& cells, const TextStyle& style, const Color& color,
                 double y) const;

  const GridContent& content_;
  const Sheet& sheet_;
  TextStyle style_;
  Paragraph heading_;
  std::vector<Column> columns_;
  double label_height_ = 0;
};

}  // namespace invoice::pdf
