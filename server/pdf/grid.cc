#include "pdf/grid.h"

#include <algorithm>

namespace invoice::pdf {
namespace {

constexpr double kCellPadding = 3.6;
constexpr double kGridHeaderPadding = 5;
constexpr double kLeastGap = 10;
constexpr double kMostText = 130;   // a longer text is cut; it stands in full in its own document
constexpr double kLabelWidth = 62;  // a longer label takes two lines
constexpr double kAfterHeading = 6;
constexpr double kGridSizes[] = {9, 8.5, 8, 7.5, 7, 6.5, 6};

}  // namespace

Grid::Grid(const GridContent& content, const Sheet& sheet) : content_(content), sheet_(sheet) {
  heading_ = sheet_.type.Shape(content_.heading, kStrongStyle);
  for (const double size : kGridSizes) {
    style_ = {Face::kRegular, size};
    if (Measure() <= sheet_.inner_width() - 2 * kPanelPadding) break;
  }
  Place();
}

double Grid::WidthOf(const std::string& cell, bool figures, const TextStyle& style) const {
  if (cell.empty()) return 0;
  if (figures) return sheet_.type.Figures(style).Width(cell);
  return std::min(kMostText, sheet_.type.Shape(cell, style).width());
}

double Grid::Measure() {
  const TextStyle bold{Face::kBold, style_.size};
  const TextStyle label_style{Face::kBold, style_.size - 1};
  columns_.clear();
  label_height_ = 0;
  double width = -kLeastGap;
  for (size_t i = 0; i < content_.columns.size(); ++i) {
    const GridColumn& source = content_.columns[i];
    Column column{.label = sheet_.type.Shape(source.label, label_style, kLabelWidth)};
    column.width = column.label.width();
    for (const auto& row : content_.rows)
      column.width = std::max(column.width, WidthOf(row[i], source.figures, style_));
    if (!content_.total.empty())
      column.width = std::max(column.width, WidthOf(content_.total[i], source.figures, bold));
    label_height_ = std::max(label_height_, column.label.height());
    width += column.width + kLeastGap;
    columns_.push_back(std::move(column));
  }
  return width;
}

void Grid::Place() {
  double used = 0;
  for (const Column& column : columns_) used += column.width;
  const double room = sheet_.inner_width() - 2 * kPanelPadding - used;
  const double gap = room / static_cast<double>(std::max<size_t>(columns_.size() - 1, 1));
  double x = sheet_.left() + kPanelPadding;
  for (Column& column : columns_) {
    column.left = x;
    x += column.width + gap;
  }
}

double Grid::heading_height() const { return heading_.height() + kAfterHeading; }

double Grid::header_height() const { return label_height_ + 2 * kGridHeaderPadding; }

double Grid::row_height() const { return sheet_.type.LineHeight(style_) + 2 * kCellPadding; }

void Grid::DrawHeading(Canvas& canvas, double y) const {
  const Canvas::Tag tag(canvas, "H2");
  canvas.Text(heading_, sheet_.left(), y, sheet_.palette.ink);
}

void Grid::DrawHeader(Canvas& canvas, double y) const {
  const Palette& palette = sheet_.palette;
  canvas.Area(sheet_.left(), y, sheet_.inner_width(), header_height(), palette.tint);
  canvas.Rule(sheet_.left(), sheet_.right(), y + header_height(), 1, palette.accent);
  const Canvas::Tag row(canvas, "TR");
  for (size_t i = 0; i < columns_.size(); ++i) {
    const Column& column = columns_[i];
    const Canvas::Tag tag(canvas, "TH");
    // Labels of one line stand at the foot of those of two.
    const double top = y + kGridHeaderPadding + label_height_ - column.label.height();
    const bool figures = content_.columns[i].figures;
    canvas.Text(column.label, figures ? column.left + column.width : column.left, top, palette.accent_text,
                figures ? Align::kRight : Align::kLeft);
  }
}

void Grid::DrawRow(Canvas& canvas, size_t row, double y) const {
  DrawCells(canvas, content_.rows[row], style_, sheet_.palette.ink, y);
  canvas.Hairline(sheet_.left(), sheet_.right(), y + row_height());
}

void Grid::DrawTotal(Canvas& canvas, double y) const {
  DrawCells(canvas, content_.total, {Face::kBold, style_.size}, sheet_.palette.accent_text, y);
}

void Grid::DrawCarry(Canvas& canvas, std::string_view label, const Carry& carry) const {
  std::vector<std::string> cells(columns_.size());
  cells.front() = label;
  cells.back() = content_.running[carry.row];
  DrawCells(canvas, cells, {Face::kBold, style_.size}, sheet_.palette.muted, carry.y);
  canvas.Hairline(sheet_.left(), sheet_.right(), carry.y + row_height());
}

void Grid::DrawCells(Canvas& canvas, const std::vector<std::string>& cells, const TextStyle& style, const Color& color,
                     double y) const {
  const Canvas::Tag row(canvas, "TR");
  const double baseline = y + kCellPadding + sheet_.type.Ascent(style);
  for (size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].empty()) continue;
    const Column& column = columns_[i];
    const Canvas::Tag tag(canvas, "TD");
    if (content_.columns[i].figures) {
      canvas.Figures(sheet_.type.Figures(style), cells[i], column.left + column.width, baseline, color);
      continue;
    }
    const Paragraph text = sheet_.type.ShapeLine(cells[i], style, std::max(column.width + 1, kMostText));
    canvas.Text(text, column.left, baseline - text.first_baseline(), color);
  }
}

}  // namespace invoice::pdf
