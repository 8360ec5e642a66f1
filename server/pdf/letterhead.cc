#include "pdf/letterhead.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace invoice::pdf {
namespace {

constexpr double kVendorShare = 0.58;
constexpr double kLeastPanelLabelWidth = 74;  // of the panel
constexpr double kMostPanelLabelWidth = 104;
constexpr double kPanelLabelGap = 8;
constexpr double kAfterLogo = 8;
constexpr double kDetailGap = 2.5;
constexpr double kAmountGap = 8;  // above the amount due, on both sides of its rule
constexpr double kAfterSender = 12;
constexpr double kAfterParties = 14;
// Fields of the greatest length, in letters as wide as high, need the last.
constexpr double kScales[] = {1, 0.85, 0.7, 0.6};

// One paragraph for all lines: shaping a text costs more than its length.
Paragraph ShapeLines(Typesetter& type, const std::vector<std::string>& lines, const TextStyle& style, double width) {
  if (lines.empty()) return {};
  return type.Shape(fmt::format("{}", fmt::join(lines, "\n")), style, width);
}

// Below a logo the address runs on, so that an ordinary invoice still fits its page.
std::vector<std::string> RunOn(const Content& content) {
  const auto begin = content.vendor_lines.begin();
  const auto middle = begin + static_cast<std::ptrdiff_t>(content.vendor_address_lines);
  return {fmt::format("{}", fmt::join(begin, middle, kDot)),
          fmt::format("{}", fmt::join(middle, content.vendor_lines.end(), kDot))};
}

}  // namespace

Letterhead::Letterhead(const Sheet& sheet) : sheet_(sheet) {
  for (const double scale : kScales) {
    scale_ = scale;
    Measure();
    if (bottom_ <= sheet_.height - kBottom) return;
  }
}

void Letterhead::Measure() {
  MeasureSender();
  const Content& content = sheet_.content;
  const double width = sheet_.half_width();
  customer_label_ = sheet_.type.Shape(content.customer_label, kSmallBoldStyle);
  customer_name_ = sheet_.type.Shape(content.customer_name, Scaled(kNameStyle), width);
  customer_lines_ = ShapeLines(sheet_.type, content.customer_lines, Scaled(kBodyStyle), width);
  MeasureDetails();
  const double customer_height =
      kPanelPadding + customer_label_.height() + 3 + customer_name_.height() + 2 + customer_lines_.height();
  bottom_ = parties_top_ + std::max(panel_height_, customer_height) + kAfterParties;
}

void Letterhead::MeasureSender() {
  const Content& content = sheet_.content;
  const double vendor_width = sheet_.inner_width() * kVendorShare - kGutter;
  const double title_width = sheet_.inner_width() * (1 - kVendorShare);
  vendor_name_ =
      sheet_.type.Shape(content.vendor_name, Scaled(sheet_.logo == nullptr ? kNameStyle : kStrongStyle), vendor_width);
  vendor_lines_ = sheet_.logo == nullptr
                      ? ShapeLines(sheet_.type, content.vendor_lines, Scaled(kSmallStyle), vendor_width)
                      : ShapeLines(sheet_.type, RunOn(content), Scaled(kSmallStyle), vendor_width);
  title_ = sheet_.type.ShapeToFit(content.title, kTitleStyles, title_width);
  number_ = sheet_.type.Shape(content.number, Scaled(kStrongStyle), title_width);
  const double vendor_height = vendor_name_.height() + 3 + vendor_lines_.height();
  vendor_top_ = kTop + (sheet_.logo == nullptr ? 0 : sheet_.logo->height() + kAfterLogo);
  parties_top_ = std::max(vendor_top_ + vendor_height, kTop + title_.height() + number_.height()) + kAfterSender;
}

void Letterhead::MeasureDetails() {
  label_width_ = kLeastPanelLabelWidth;
  for (const Entry& entry : sheet_.content.details) {
    label_width_ = std::max(label_width_, sheet_.type.Shape(entry.label, kSmallStyle).width() + kPanelLabelGap);
  }
  label_width_ = std::min(label_width_, kMostPanelLabelWidth);
  const double value_width = sheet_.half_width() - 2 * kPanelPadding - label_width_;
  panel_height_ = 2 * kPanelPadding;
  details_.clear();
  for (const Entry& entry : sheet_.content.details) {
    Pair pair{.label = sheet_.type.Shape(entry.label, kSmallStyle, label_width_ - kPanelLabelGap),
              .value = sheet_.type.Shape(entry.value, Scaled(kBodyStyle), value_width)};
    pair.height = std::max(pair.label.height(), pair.value.height()) + kDetailGap;
    panel_height_ += pair.height;
    details_.push_back(std::move(pair));
  }
  const Entry& due = sheet_.content.amount_due;
  if (due.value.empty()) return;
  amount_due_ = {.label = sheet_.type.Shape(due.label, kSmallBoldStyle),
                 .value = sheet_.type.Shape(due.value, kTotalStyle)};
  // A very long amount stands below its label.
  const double inner = sheet_.half_width() - 2 * kPanelPadding;
  const bool beside = amount_due_.label.width() + kGutter / 2 + amount_due_.value.width() <= inner;
  amount_due_.height = amount_due_.value.height() + (beside ? 0 : amount_due_.label.height());
  panel_height_ += 2 * kAmountGap - kDetailGap + amount_due_.height - 4;
}

void Letterhead::Draw(Canvas& canvas) const {
  canvas.Area(0, 0, sheet_.width, kAccentBar, sheet_.palette.accent);
  DrawSender(canvas);
  DrawCustomer(canvas);
  DrawDetails(canvas);
}

void Letterhead::DrawSender(Canvas& canvas) const {
  const Palette& palette = sheet_.palette;
  if (sheet_.logo != nullptr) {
    const Canvas::Tag tag(canvas, "Figure");
    canvas.Picture(*sheet_.logo, sheet_.left(), kTop);
  }
  {
    const Canvas::Tag tag(canvas, "P");
    canvas.Text(vendor_name_, sheet_.left(), vendor_top_, palette.ink);
    canvas.Text(vendor_lines_, sheet_.left(), vendor_top_ + vendor_name_.height() + 3, palette.muted);
  }
  {
    const Canvas::Tag tag(canvas, "H1");
    // The large letters stand on the line of the vendor's name, or reach as high as the logo.
    const double top = sheet_.logo == nullptr ? vendor_name_.first_baseline() - title_.first_baseline() + 4 : -6;
    const double y = kTop + top;
    canvas.Text(title_, sheet_.right(), y, palette.accent_text, Align::kRight);
    canvas.Text(number_, sheet_.right(), y + title_.height() - 2, palette.ink, Align::kRight);
  }
}

void Letterhead::DrawCustomer(Canvas& canvas) const {
  const Palette& palette = sheet_.palette;
  const Canvas::Tag tag(canvas, "P");
  double y = parties_top_ + kPanelPadding;
  canvas.Text(customer_label_, sheet_.left(), y, palette.accent_text);
  y += customer_label_.height() + 3;
  canvas.Text(customer_name_, sheet_.left(), y, palette.ink);
  y += customer_name_.height() + 2;
  canvas.Text(customer_lines_, sheet_.left(), y, palette.ink);
}

void Letterhead::DrawDetails(Canvas& canvas) const {
  const Palette& palette = sheet_.palette;
  const double x = sheet_.right_half();
  const double left = x + kPanelPadding;
  const double right = sheet_.right() - kPanelPadding;
  canvas.RoundedArea(x, parties_top_, sheet_.half_width(), panel_height_, kPanelRadius, palette.tint);
  double y = parties_top_ + kPanelPadding;
  // One paragraph: each tag costs as much as the text of two lines.
  const Canvas::Tag tag(canvas, "P");
  for (const Pair& pair : details_) {
    const double baseline = std::max(pair.label.first_baseline(), pair.value.first_baseline());
    canvas.Text(pair.label, left, y + baseline - pair.label.first_baseline(), palette.muted);
    canvas.Text(pair.value, left + label_width_, y + baseline - pair.value.first_baseline(), palette.ink);
    y += pair.height;
  }
  if (amount_due_.value.empty()) return;
  y += kAmountGap - kDetailGap;
  canvas.Rule(left, right, y, 0.75, palette.hairline);
  y += kAmountGap - 4;
  const double below = amount_due_.height - amount_due_.value.height();
  const double value_y = y + below;
  const double label_y = below > 0 ? y : y + amount_due_.value.first_baseline() - amount_due_.label.first_baseline();
  canvas.Text(amount_due_.label, left, label_y, palette.accent_text);
  canvas.Text(amount_due_.value, right, value_y, palette.accent_text, Align::kRight);
}

}  // namespace invoice::pdf
