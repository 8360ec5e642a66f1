#include "pdf/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace invoice::pdf {
namespace {

constexpr double kRowPadding = 3;
constexpr double kTableHeaderPadding = 5;
constexpr double kColumnGap = 14;
constexpr double kUnitGap = 4;
constexpr double kLeastDescription = 120;
// Very long amounts make the figures smaller before they squeeze the descriptions.
constexpr double kTableSizes[] = {9, 8.5, 8, 7.5, 7};

std::string_view Fraction(std::string_view number, std::string_view decimal_separator) {
  const size_t at = number.rfind(decimal_separator);
  return at == std::string_view::npos ? std::string_view() : number.substr(at);
}

// A row with one cell for all of it. A cell for each number would cost as much as all text of the page together.
class RowTag {
 public:
  RowTag(Canvas& canvas, const char* cell) : row_(canvas, "TR"), cell_(canvas, cell) {}

 private:
  const Canvas::Tag row_;
  const Canvas::Tag cell_;
};

}  // namespace

Table::Table(const Sheet& sheet) : sheet_(sheet) {
  const locale::Words& labels = sheet_.content.locale.words();
  const std::string amount = fmt::format("{} ({})", labels.amount, sheet_.content.currency.code());
  description_label_ = sheet_.type.Shape(labels.description, kSmallBoldStyle);
  quantity_.label = sheet_.type.Shape(labels.quantity, kSmallBoldStyle);
  unit_price_.label = sheet_.type.Shape(labels.unit_price, kSmallBoldStyle);
  discount_.label = sheet_.type.Shape(labels.discount, kSmallBoldStyle);
  amount_.label = sheet_.type.Shape(amount, kSmallBoldStyle);
  for (const double size : kTableSizes) {
    style_ = {Face::kRegular, size};
    figures_ = &sheet_.type.Figures(style_);
    MeasureColumns();
    if (DescriptionWidth() >= kLeastDescription) break;
  }
  PlaceColumns();
  ShapeRows();
}

std::string_view Table::SeparatorOf(const Column& column) const {
  const locale::Locale& locale = sheet_.content.locale;
  return &column == &quantity_ ? locale.decimal_separator() : locale.money_separator();
}

void Table::MeasureColumns() {
  double wholes[4] = {};
  Column* columns[4] = {&quantity_, &unit_price_, &discount_, &amount_};
  for (Column* column : columns) column->fraction = 0;
  units_.clear();
  unit_width_ = 0;
  for (const TableRow& row : sheet_.content.rows) {
    const std::string_view numbers[4] = {row.quantity, row.unit_price, row.discount, row.amount};
    for (int i = 0; i < 4; ++i) {
      const double fraction = figures_->Width(Fraction(numbers[i], SeparatorOf(*columns[i])));
      columns[i]->fraction = std::max(columns[i]->fraction, fraction);
      wholes[i] = std::max(wholes[i], figures_->Width(numbers[i]) - fraction);
    }
    const bool known =
        std::any_of(units_.begin(), units_.end(), [&](const auto& unit) { return unit.first == row.unit; });
    if (!known) {
      units_.emplace_back(row.unit, sheet_.type.Shape(row.unit, style_));
      unit_width_ = std::max(unit_width_, units_.back().second.width());
    }
  }
  for (int i = 0; i < 4; ++i) columns[i]->width = std::max(wholes[i] + columns[i]->fraction, columns[i]->label.width());
  // The label stands above number and unit together.
  const double number_and_unit = wholes[0] + quantity_.fraction + kUnitGap + unit_width_;
  quantity_.width = std::max(number_and_unit, quantity_.label.width()) - kUnitGap - unit_width_;
}

double Table::DescriptionWidth() const {
  double used = quantity_.width + kUnitGap + unit_width_ + unit_price_.width + amount_.width + 3 * kColumnGap;
  if (sheet_.content.has_discounts) used += discount_.width + kColumnGap;
  return sheet_.inner_width() - 2 * kPanelPadding - used;
}

void Table::PlaceColumns() {
  double right = sheet_.right() - kPanelPadding;
  const auto place = [&right](Column& column) {
    column.right = right;
    right -= column.width + kColumnGap;
  };
  place(amount_);
  if (sheet_.content.has_discounts) place(discount_);
  place(unit_price_);
  right -= unit_width_ + kUnitGap;
  place(quantity_);
}

void Table::ShapeRows() {
  const double width = std::max(DescriptionWidth(), kLeastDescription);
  const TextStyle detail_style{Face::kRegular, style_.size - 1};
  rows_.reserve(sheet_.content.rows.size());
  for (const TableRow& row : sheet_.content.rows) {
    rows_.push_back({.description = sheet_.type.Shape(row.description, style_, width), .detail = {}});
    if (!row.detail.empty()) rows_.back().detail = sheet_.type.Shape(row.detail, detail_style, width);
  }
}

double Table::header_height() const { return description_label_.height() + 2 * kTableHeaderPadding; }

double Table::carry_height() const { return sheet_.type.LineHeight(style_) + 2 * kRowPadding; }

std::vector<FlowBlock> Table::Rows() const {
  std::vector<FlowBlock> blocks;
  blocks.reserve(rows_.size());
  for (const Row& row : rows_) {
    FlowBlock block{.before = kRowPadding, .after = kRowPadding, .lines = {}};
    for (const Paragraph::Line& line : row.description.lines()) block.lines.push_back(line.bottom - line.top);
    for (const Paragraph::Line& line : row.detail.lines()) block.lines.push_back(line.bottom - line.top);
    blocks.push_back(std::move(block));
  }
  return blocks;
}

void Table::DrawHeader(Canvas& canvas, double y) const {
  const Palette& palette = sheet_.palette;
  canvas.Area(sheet_.left(), y, sheet_.inner_width(), header_height(), palette.tint);
  canvas.Rule(sheet_.left(), sheet_.right(), y + header_height(), 1, palette.accent);
  const RowTag tag(canvas, "TH");
  const auto cell = [&](const Paragraph& label, double x, Align align) {
    canvas.Text(label, x, y + kTableHeaderPadding, palette.accent_text, align);
  };
  cell(description_label_, sheet_.left() + kPanelPadding, Align::kLeft);
  cell(quantity_.label, quantity_.right + kUnitGap + unit_width_, Align::kRight);
  cell(unit_price_.label, unit_price_.right, Align::kRight);
  if (sheet_.content.has_discounts) cell(discount_.label, discount_.right, Align::kRight);
  cell(amount_.label, amount_.right, Align::kRight);
}

void Table::DrawCarry(Canvas& canvas, std::string_view label, const Carry& carry) const {
  const Palette& palette = sheet_.palette;
  const TextStyle bold{Face::kBold, style_.size};
  const double y = carry.y + kRowPadding;
  const int64_t sum_minor = sheet_.content.rows[carry.row].running_minor;
  const Paragraph text = sheet_.type.Shape(label, bold);
  const std::string sum = sheet_.content.locale.AmountText(sum_minor, sheet_.content.currency);
  const RowTag tag(canvas, "TD");
  canvas.Text(text, sheet_.left() + kPanelPadding, y, palette.muted);
  canvas.Figures(sheet_.type.Figures(bold), sum, amount_.right, y + text.first_baseline(), palette.muted);
  canvas.Hairline(sheet_.left(), sheet_.right(), carry.y + carry_height());
}

void Table::DrawRows(Canvas& canvas, const Chunk& chunk) const {
  const Row& row = rows_[chunk.index];
  const size_t description_lines = row.description.lines().size();
  const size_t end = chunk.first_line + chunk.line_count;
  const double x = sheet_.left() + kPanelPadding;
  double y = chunk.y + kRowPadding;
  const RowTag tag(canvas, "TD");
  const double first_line_y = y;
  if (chunk.first_line < description_lines) {
    const size_t count = std::min(end, description_lines) - chunk.first_line;
    canvas.Lines(row.description, chunk.first_line, count, x, y, sheet_.palette.ink);
    const auto& lines = row.description.lines();
    y += lines[chunk.first_line + count - 1].bottom - lines[chunk.first_line].top;
  }
  if (end > description_lines) {
    const size_t first = std::max(chunk.first_line, description_lines) - description_lines;
    const size_t count = end - description_lines - first;
    canvas.Lines(row.detail, first, count, x, y, sheet_.palette.muted);
    const auto& lines = row.detail.lines();
    y += lines[first + count - 1].bottom - lines[first].top;
  }
  if (chunk.first_line == 0) {
    DrawNumbers(canvas, sheet_.content.rows[chunk.index], first_line_y + row.description.first_baseline());
  }
  canvas.Hairline(sheet_.left(), sheet_.right(), y + kRowPadding);
}

void Table::DrawNumber(Canvas& canvas, const Column& column, std::string_view number, double baseline) const {
  const double fraction = figures_->Width(Fraction(number, SeparatorOf(column)));
  const double right = column.right - column.fraction + fraction;
  canvas.Figures(*figures_, number, right, baseline, sheet_.palette.ink);
}

void Table::DrawNumbers(Canvas& canvas, const TableRow& row, double baseline) const {
  const Paragraph& unit = UnitLabel(row.unit);
  DrawNumber(canvas, quantity_, row.quantity, baseline);
  canvas.Text(unit, quantity_.right + kUnitGap, baseline - unit.first_baseline(), sheet_.palette.ink);
  DrawNumber(canvas, unit_price_, row.unit_price, baseline);
  if (sheet_.content.has_discounts) DrawNumber(canvas, discount_, row.discount, baseline);
  DrawNumber(canvas, amount_, row.amount, baseline);
}

const Paragraph& Table::UnitLabel(std::string_view unit) const {
  return std::find_if(units_.begin(), units_.end(), [&](const auto& known) { return known.first == unit; })->second;
}

}  // namespace invoice::pdf
