#include "pdf/logo_form.h"

#include <cairo-pdf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <memory>

#include "absl/time/time.h"
#include "base/limits.h"
#include "base/status.h"
#include "pdf/handles.h"
#include "pdf/logo.h"
#include "pdf/raster.h"

namespace invoice::pdf {
namespace {

constexpr double kPoints = 72;              // of an inch
constexpr double kPrinter = 300 / kPoints;  // pixels of a point: photographs show no more
constexpr double kPress = 400 / kPoints;    // edges show a little more

absl::Duration UsedCpu() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return absl::DurationFromTimespec(used);
}

cairo_status_t CountBytes(void* count, const unsigned char*, unsigned length) {
  *static_cast<size_t*>(count) += length;
  return CAIRO_STATUS_SUCCESS;
}

// Whether a document that shows the SVG takes little more time and room than one without.
bool IsDrawnQuickly(std::string_view svg) {
  const absl::Duration before = UsedCpu();
  const auto logo = Logo::Read(svg);
  if (!logo.ok()) return false;
  size_t size = 0;
  const SurfaceHandle page(cairo_pdf_surface_create_for_stream(CountBytes, &size, kLogoWidth, kLogoHeight));
  const CairoHandle cr(cairo_create(page.get()));
  (*logo)->Draw(cr.get(), 0, 0);
  cairo_show_page(cr.get());
  cairo_surface_finish(page.get());
  return cairo_surface_status(page.get()) == CAIRO_STATUS_SUCCESS && size <= base::kMaxVectorBytes &&
         UsedCpu() - before <= base::kMaxVectorDraw;
}

bool ShowsSomething(cairo_surface_t* image) {
  cairo_surface_flush(image);
  const unsigned char* data = cairo_image_surface_get_data(image);
  const size_t size = static_cast<size_t>(cairo_image_surface_get_stride(image)) *
                      static_cast<size_t>(cairo_image_surface_get_height(image));
  return std::any_of(data, data + size, [](unsigned char byte) { return byte != 0; });
}

absl::StatusOr<std::string> FormOfSvg(std::string_view svg) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const Logo> logo, Logo::Read(svg));
  const SurfaceHandle image(cairo_image_surface_create(CAIRO_FORMAT_ARGB32,
                                                       static_cast<int>(std::ceil(logo->width() * kPress)),
                                                       static_cast<int>(std::ceil(logo->height() * kPress))));
  const CairoHandle cr(cairo_create(image.get()));
  cairo_scale(cr.get(), cairo_image_surface_get_width(image.get()) / logo->width(),
              cairo_image_surface_get_height(image.get()) / logo->height());
  if (!logo->Draw(cr.get(), 0, 0) || cairo_status(cr.get()) != CAIRO_STATUS_SUCCESS) {
    return RefusedImage("an SVG that can be drawn");
  }
  if (!ShowsSomething(image.get())) return RefusedImage("an SVG with something to see");
  return IsDrawnQuickly(svg) ? absl::StatusOr<std::string>(svg) : WritePng(image.get());
}

absl::StatusOr<std::string> FormOfRaster(std::string_view type, std::string_view bytes) {
  constexpr int kMostWidth = static_cast<int>(kLogoWidth * kPrinter);
  constexpr int kMostHeight = static_cast<int>(kLogoHeight * kPrinter);
  if (type == kPng) {
    ASSIGN_OR_RETURN(const SurfaceHandle image, ReadPng(bytes, kMostWidth, kMostHeight));
    return WritePng(image.get());
  }
  ASSIGN_OR_RETURN(const SurfaceHandle image, ReadJpeg(bytes, kMostWidth, kMostHeight));
  return WriteJpeg(image.get());
}

}  // namespace

absl::StatusOr<LogoForm> FormOfLogo(std::string_view upload) {
  if (upload.size() > base::kMaxLogoBytes) return RefusedImage(fmt::format("at most {} bytes", base::kMaxLogoBytes));
  LogoForm form{.content_type = std::string(LogoTypeOf(upload))};
  if (form.content_type.empty()) return RefusedImage("a PNG, JPEG or SVG");
  ASSIGN_OR_RETURN(form.bytes, form.content_type == kSvg ? FormOfSvg(upload) : FormOfRaster(form.content_type, upload));
  form.form_type = std::string(LogoTypeOf(form.bytes));
  RETURN_IF_ERROR(Logo::Read(form.bytes).status());
  return form;
}

}  // namespace invoice::pdf
