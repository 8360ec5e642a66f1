#include "pdf/canvas.h"

#include <cairo-pdf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "pdf/catalog.h"

namespace invoice::pdf {
namespace {

constexpr char kDocumentTag[] = "Document";

cairo_status_t Append(void* bytes, const unsigned char* data, unsigned length) {
  static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

void SetProperties(cairo_surface_t* surface, const DocumentProperties& properties) {
  const std::string time = fmt::format("{:04}-{:02}-{:02}T00:00:00Z", properties.date.year(), properties.date.month(),
                                       properties.date.day());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, properties.title.c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, properties.author.c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Invoice Enterprise");
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, time.c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, time.c_str());
}

void AddOutlines(cairo_t* cr, const Paragraph::Line& line) {
  cairo_translate(cr, 0, line.baseline);
  for (const GlyphRun& run : line.runs) {
    cairo_set_scaled_font(cr, run.font.get());
    cairo_glyph_path(cr, run.glyphs.data(), static_cast<int>(run.glyphs.size()));
  }
  cairo_translate(cr, 0, -line.baseline);
}

}  // namespace

Canvas::Tag::Tag(Canvas& canvas, const char* type) : canvas_(canvas), type_(type) {
  cairo_tag_begin(canvas_.Over(), type_, nullptr);
}

Canvas::Tag::~Tag() { cairo_tag_end(canvas_.Over(), type_); }

Canvas::Canvas(PageSize size, const DocumentProperties& properties)
    : size_(size),
      language_(properties.language),
      surface_(cairo_pdf_surface_create_for_stream(Append, &bytes_, size.width, size.height)),
      cr_(cairo_create(surface_.get())) {
  cairo_pdf_surface_restrict_to_version(surface_.get(), CAIRO_PDF_VERSION_1_5);
  SetProperties(surface_.get(), properties);
  // Before the tag: cairo forgets what it has of a page when something covers all of it.
  StartPage();
  cairo_tag_begin(cr_.get(), kDocumentTag, nullptr);
}

void Canvas::NextPage() {
  cairo_show_page(Over());
  StartPage();
}

// White paper: what lies on it adds nothing to the region that cairo keeps of each page, which else grows with every
// line of text.
void Canvas::StartPage() {
  SetColor({1, 1, 1});
  cairo_paint(Over());
}

absl::StatusOr<std::string> Canvas::Finish() {
  cairo_tag_end(Over(), kDocumentTag);
  cairo_show_page(cr_.get());
  const cairo_status_t drawn = cairo_status(cr_.get());
  cr_.reset();
  cairo_surface_finish(surface_.get());
  const cairo_status_t written = cairo_surface_status(surface_.get());
  surface_.reset();
  if (drawn != CAIRO_STATUS_SUCCESS || written != CAIRO_STATUS_SUCCESS) {
    return absl::InternalError(
        fmt::format("cairo: {}, {}", cairo_status_to_string(drawn), cairo_status_to_string(written)));
  }
  return CompleteCatalog(std::move(bytes_), language_);
}

void Canvas::Area(double x, double y, double width, double height, const Color& color) {
  SetColor(color);
  cairo_rectangle(Over(), x, y, width, height);
  cairo_fill(cr_.get());
}

void Canvas::RoundedArea(double x, double y, double width, double height, double radius, const Color& color) {
  constexpr double kQuarter = std::numbers::pi / 2;
  SetColor(color);
  cairo_new_sub_path(Over());
  cairo_arc(cr_.get(), x + width - radius, y + radius, radius, -kQuarter, 0);
  cairo_arc(cr_.get(), x + width - radius, y + height - radius, radius, 0, kQuarter);
  cairo_arc(cr_.get(), x + radius, y + height - radius, radius, kQuarter, 2 * kQuarter);
  cairo_arc(cr_.get(), x + radius, y + radius, radius, 2 * kQuarter, 3 * kQuarter);
  cairo_close_path(cr_.get());
  cairo_fill(cr_.get());
}

void Canvas::Rule(double x0, double x1, double y, double thickness, const Color& color) {
  Area(x0, y - thickness / 2, x1 - x0, thickness, color);
}

void Canvas::Hairline(double x0, double x1, double y) { hairlines_.push_back({x0, x1, y}); }

void Canvas::EndHairlines(const Color& color) {
  constexpr double kThickness = 0.5;
  SetColor(color);
  for (const Segment& line : hairlines_) {
    cairo_rectangle(Over(), line.x0, line.y - kThickness / 2, line.x1 - line.x0, kThickness);
  }
  cairo_fill(cr_.get());
  hairlines_.clear();
}

void Canvas::Text(const Paragraph& text, double x, double y, const Color& color, Align align) {
  SetColor(color);
  for (const Paragraph::Line& line : text.lines()) {
    DrawLine(line, align == Align::kRight ? x - line.width : x, y + line.baseline);
  }
}

void Canvas::Lines(const Paragraph& text, size_t first, size_t count, double x, double y, const Color& color) {
  SetColor(color);
  const double top = count == 0 ? 0 : text.lines()[first].top;
  for (size_t i = first; i < first + count; ++i) {
    const Paragraph::Line& line = text.lines()[i];
    DrawLine(line, x, y + line.baseline - top);
  }
}

void Canvas::Figures(const FigureFont& font, std::string_view text, double right, double baseline, const Color& color) {
  SetColor(color);
  text_.Add(cr_.get(), font.Shape(text), right - font.Width(text), baseline);
}

void Canvas::Picture(const Logo& logo, double x, double y) {
  cairo_save(Over());
  logo.Draw(cr_.get(), x, y);
  cairo_restore(cr_.get());
}

void Canvas::Code(const QrCode& code, double x, double y, double side) {
  constexpr int kQuietModules = 4;
  const double module = side / (code.side + 2 * kQuietModules);
  constexpr Color kWhite{1, 1, 1};
  constexpr Color kBlack{0, 0, 0};
  RoundedArea(x, y, side, side, kQuietModules * module / 2, kWhite);
  SetColor(kBlack);
  // A run of dark modules is one rectangle: fewer marks, and no hairlines between neighbours.
  for (int row = 0; row < code.side; ++row) {
    for (int column = 0; column < code.side; ++column) {
      int end = column;
      while (end < code.side && code.At(end, row)) ++end;
      if (end == column) continue;
      cairo_rectangle(cr_.get(), x + (kQuietModules + column) * module, y + (kQuietModules + row) * module,
                      (end - column) * module, module);
      column = end;
    }
  }
  cairo_fill(cr_.get());
}

void Canvas::Watermark(const Paragraph& text) {
  constexpr double kOpacity = 0.09;
  constexpr double kShareOfDiagonal = 0.72;
  cairo_save(Over());
  cairo_set_source_rgba(cr_.get(), 0, 0, 0, kOpacity);
  cairo_translate(cr_.get(), size_.width / 2, size_.height / 2);
  cairo_rotate(cr_.get(), -std::atan2(size_.height, size_.width));
  const double scale = std::min(1.0, kShareOfDiagonal * std::hypot(size_.width, size_.height) / text.width());
  cairo_scale(cr_.get(), scale, scale);
  cairo_translate(cr_.get(), -text.width() / 2, -text.height() / 2);
  for (const Paragraph::Line& line : text.lines()) AddOutlines(cr_.get(), line);
  cairo_fill(cr_.get());
  cairo_restore(cr_.get());
}

cairo_t* Canvas::Over() {
  text_.Draw(cr_.get());
  return cr_.get();
}

void Canvas::SetColor(const Color& color) {
  if (color == color_) return;
  color_ = color;
  cairo_set_source_rgb(Over(), color.red, color.green, color.blue);
}

void Canvas::DrawLine(const Paragraph::Line& line, double x, double baseline) {
  for (const GlyphRun& run : line.runs) text_.Add(cr_.get(), run, x, baseline);
}

}  // namespace invoice::pdf
