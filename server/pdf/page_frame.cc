#include "pdf/page_frame.h"

#include <fmt/format.h>

namespace invoice::pdf {
namespace {

constexpr double kFooterGap = 6;
constexpr double kPageNumberWidth = 190;

}  // namespace

void PageFrame::DrawRunningHead(Canvas& canvas) const {
  const double half = sheet_.half_width();
  const Paragraph vendor = sheet_.type.ShapeLine(sheet_.content.vendor_name, kStrongStyle, half);
  const Paragraph head = sheet_.type.ShapeLine(sheet_.content.running_head, kBodyStyle, half);
  canvas.Area(0, 0, sheet_.width, kAccentBar, sheet_.palette.accent);
  canvas.Text(vendor, sheet_.left(), kTop, sheet_.palette.ink);
  canvas.Text(head, sheet_.right(), kTop + vendor.first_baseline() - head.first_baseline(), sheet_.palette.muted,
              Align::kRight);
}

void PageFrame::DrawFoot(Canvas& canvas, size_t page, size_t pages) const {
  const Content& content = sheet_.content;
  const std::string number = fmt::format(fmt::runtime(content.locale.words().page_of), page + 1, pages);
  const double y = sheet_.height - kFooterFromEdge;
  const double contact_width = sheet_.inner_width() - kPageNumberWidth;
  canvas.Rule(sheet_.left(), sheet_.right(), y, 0.5, sheet_.palette.hairline);
  if (!content.contact.empty()) {
    canvas.Text(sheet_.type.ShapeLine(content.contact, kSmallStyle, contact_width), sheet_.left(), y + kFooterGap,
                sheet_.palette.muted);
  }
  canvas.Text(sheet_.type.Shape(number, kSmallStyle), sheet_.right(), y + kFooterGap, sheet_.palette.muted,
              Align::kRight);
  if (content.draft) DrawWatermark(canvas);
}

void PageFrame::DrawWatermark(Canvas& canvas) const {
  canvas.Watermark(sheet_.type.Shape(sheet_.content.locale.words().draft_watermark, kWatermarkStyle));
}

}  // namespace invoice::pdf
