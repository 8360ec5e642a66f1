#include "pdf/summary.h"

#include <algorithm>
#include <utility>

namespace invoice::pdf {
namespace {

constexpr double kBefore = 12;
constexpr double kMostOfPage = 0.6;  // that the totals take with their details
constexpr double kTotalPadding = 3.5;
constexpr double kBarPadding = 6;
constexpr double kPaymentGap = 2;
constexpr double kLeastPaymentLabelWidth = 74;
constexpr double kMostPaymentLabelWidth = 104;
constexpr double kPaymentLabelGap = 8;
constexpr double kCodeSide = 76;
constexpr double kCodeGap = 10;
constexpr double kHeadingGap = 4;
constexpr size_t kMostInstructionLines = 6;
constexpr TextStyle kPaymentStyles[] = {kBodyStyle, {Face::kRegular, 8.5}, kSmallStyle};
constexpr TextStyle kTotalStyles[] = {kTotalStyle, kStrongStyle, kSmallBoldStyle};

}  // namespace

Summary::Summary(const Sheet& sheet) : sheet_(sheet) {
  MeasureTotals();
  if (!sheet_.content.payment.empty()) MeasurePayment();
  height_ = kBefore + std::max(totals_height_, payment_height_);
}

void Summary::MeasureTotals() {
  const double inner = sheet_.half_width() - 2 * kPanelPadding;
  const Entry& total = sheet_.content.total;
  total_label_ = sheet_.type.Shape(total.label, kStrongStyle);
  total_value_ = sheet_.type.ShapeToFit(total.value, kTotalStyles, inner - total_label_.width() - kGutter / 2);
  total_bar_height_ = std::max(total_value_.height(), total_label_.height()) + 2 * kBarPadding;
  MeasureRows();
  holds_details_ = totals_height_ <= (sheet_.height - kBottom - kNextTop) * kMostOfPage;
  if (!holds_details_) MeasureRows();
}

void Summary::MeasureRows() {
  const double inner = sheet_.half_width() - 2 * kPanelPadding;
  const FigureFont& figures = sheet_.type.Figures(kBodyStyle);
  totals_.clear();
  totals_height_ = kTotalPadding + total_bar_height_;
  for (const TotalRow& row : sheet_.content.totals) {
    const double width = inner - figures.Width(row.amount) - kGutter / 2;
    Total total{.label = sheet_.type.Shape(row.label, kBodyStyle, width), .detail = {}, .amount = &row.amount};
    if (holds_details_ && !row.detail.empty()) total.detail = sheet_.type.Shape(row.detail, kSmallStyle, inner);
    total.height = total.label.height() + total.detail.height() + 2 * kTotalPadding;
    totals_height_ += total.height;
    totals_.push_back(std::move(total));
  }
}

void Summary::MeasurePayment() {
  const double inner = sheet_.half_width() - 2 * kPanelPadding;
  payment_heading_ = sheet_.type.Shape(sheet_.content.locale.words().payment, kSmallBoldStyle);
  payment_height_ = 2 * kPanelPadding + payment_heading_.height() + kHeadingGap - kPaymentGap;
  label_width_ = kLeastPaymentLabelWidth;
  for (const Entry& entry : sheet_.content.payment) {
    label_width_ = std::max(label_width_, sheet_.type.Shape(entry.label, kSmallStyle).width() + kPaymentLabelGap);
  }
  label_width_ = std::min(label_width_, kMostPaymentLabelWidth);
  const TextStyle value_style = PaymentStyle(inner - label_width_);
  for (const Entry& entry : sheet_.content.payment) {
    Payment payment{.label = sheet_.type.Shape(entry.label, kSmallStyle, label_width_ - kPaymentLabelGap),
                    .value = sheet_.type.Shape(entry.value, value_style, inner - label_width_)};
    payment.height = std::max(payment.label.height(), payment.value.height()) + kPaymentGap;
    payment_height_ += payment.height;
    payment_.push_back(std::move(payment));
  }
  if (sheet_.content.payment_code.side > 0) {
    code_caption_ =
        sheet_.type.Shape(sheet_.content.locale.words().scan_to_pay, kSmallStyle, inner - kCodeSide - kCodeGap);
    payment_height_ += kCodeGap + kCodeSide;
  }
  if (sheet_.content.payment_instructions.empty()) return;
  Paragraph instructions = sheet_.type.Shape(sheet_.content.payment_instructions, kSmallStyle, inner);
  holds_instructions_ = instructions.lines().size() <= kMostInstructionLines;
  if (!holds_instructions_) return;
  payment_height_ += kHeadingGap + instructions.height();
  instructions_ = std::move(instructions);
}

// An account number in two lines is easily misread.
TextStyle Summary::PaymentStyle(double value_width) const {
  const auto fits = [&](const TextStyle& style) {
    return std::all_of(sheet_.content.payment.begin(), sheet_.content.payment.end(), [&](const Entry& entry) {
      return sheet_.type.Shape(entry.value, style, value_width).lines().size() == 1;
    });
  };
  const auto* first = std::find_if(std::begin(kPaymentStyles), std::end(kPaymentStyles), fits);
  return first == std::end(kPaymentStyles) ? kSmallStyle : *first;
}

void Summary::Draw(Canvas& canvas, double y) const {
  DrawTotals(canvas, y + kBefore);
  if (!payment_.empty()) DrawPayment(canvas, y + kBefore);
}

void Summary::DrawTotals(Canvas& canvas, double y) const {
  const Palette& palette = sheet_.palette;
  const FigureFont& figures = sheet_.type.Figures(kBodyStyle);
  const double x = sheet_.right_half();
  const double left = x + kPanelPadding;
  const double right = sheet_.right() - kPanelPadding;
  const Canvas::Tag tag(canvas, "P");
  for (const Total& total : totals_) {
    const double top = y + kTotalPadding;
    canvas.Text(total.label, left, top, palette.ink);
    canvas.Figures(figures, *total.amount, right, top + total.label.first_baseline(), palette.ink);
    canvas.Text(total.detail, left, top + total.label.height(), palette.muted);
    y += total.height;
  }
  y += kTotalPadding;
  canvas.RoundedArea(x, y, sheet_.half_width(), total_bar_height_, kPanelRadius, palette.accent);
  const double value_y = y + (total_bar_height_ - total_value_.height()) / 2;
  const double baseline = value_y + total_value_.first_baseline();
  canvas.Text(total_label_, left, baseline - total_label_.first_baseline(), palette.on_accent);
  canvas.Text(total_value_, right, value_y, palette.on_accent, Align::kRight);
}

void Summary::DrawPayment(Canvas& canvas, double y) const {
  const Palette& palette = sheet_.palette;
  const double left = sheet_.left() + kPanelPadding;
  canvas.RoundedArea(sheet_.left(), y, sheet_.half_width(), payment_height_, kPanelRadius, palette.tint);
  y += kPanelPadding;
  {
    const Canvas::Tag tag(canvas, "P");
    canvas.Text(payment_heading_, left, y, palette.accent_text);
  }
  y += payment_heading_.height() + kHeadingGap;
  DrawEntries(canvas, y);
  for (const Payment& payment : payment_) y += payment.height;
  if (!instructions_.empty()) {
    const Canvas::Tag tag(canvas, "P");
    canvas.Text(instructions_, left, y + kHeadingGap - kPaymentGap, palette.ink);
    y += kHeadingGap + instructions_.height();
  }
  if (!code_caption_.empty()) DrawCode(canvas, y + kCodeGap - kPaymentGap);
}

void Summary::DrawEntries(Canvas& canvas, double y) const {
  const Palette& palette = sheet_.palette;
  const double left = sheet_.left() + kPanelPadding;
  const Canvas::Tag tag(canvas, "P");
  for (const Payment& payment : payment_) {
    const double baseline = std::max(payment.label.first_baseline(), payment.value.first_baseline());
    canvas.Text(payment.label, left, y + baseline - payment.label.first_baseline(), palette.muted);
    canvas.Text(payment.value, left + label_width_, y + baseline - payment.value.first_baseline(), palette.ink);
    y += payment.height;
  }
}

void Summary::DrawCode(Canvas& canvas, double y) const {
  const double left = sheet_.left() + kPanelPadding;
  {
    const Canvas::Tag tag(canvas, "Figure");
    canvas.Code(sheet_.content.payment_code, left, y, kCodeSide);
  }
  const Canvas::Tag tag(canvas, "P");
  canvas.Text(code_caption_, left + kCodeSide + kCodeGap, y + (kCodeSide - code_caption_.height()) / 2,
              sheet_.palette.muted);
}

}  // namespace invoice::pdf
