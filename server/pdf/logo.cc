#include "pdf/logo.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "base/status.h"
#include "pdf/raster.h"
#include "pdf/svg_check.h"

namespace invoice::pdf {
namespace {

constexpr double kLeastSide = 2;  // points; a thinner logo is none

}  // namespace

std::string_view LogoTypeOf(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return kPng;
  if (bytes.starts_with("\xff\xd8\xff")) return kJpeg;
  const size_t byte_order_mark = bytes.starts_with("\xef\xbb\xbf") ? 3 : 0;
  const size_t start = bytes.find_first_not_of(" \t\r\n", byte_order_mark);
  return start != std::string_view::npos && bytes[start] == '<' ? kSvg : std::string_view();
}

absl::StatusOr<std::shared_ptr<const Logo>> Logo::Read(std::string_view bytes) {
  const std::string_view type = LogoTypeOf(bytes);
  if (bytes.size() > base::kMaxLogoFormBytes)
    return RefusedImage(fmt::format("at most {} bytes", base::kMaxLogoFormBytes));
  if (type.empty()) return RefusedImage("a PNG, JPEG or SVG");
  const std::shared_ptr<Logo> logo(new Logo());
  logo->content_type_ = type;
  RETURN_IF_ERROR(type == kSvg ? logo->ReadSvg(bytes) : logo->ReadRaster(bytes));
  return logo;
}

absl::Status Logo::ReadRaster(std::string_view bytes) {
  const bool is_png = content_type_ == kPng;
  ASSIGN_OR_RETURN(raster_, is_png ? ReadPng(bytes, base::kMaxLogoSide, base::kMaxLogoSide)
                                   : ReadJpeg(bytes, base::kMaxLogoSide, base::kMaxLogoSide));
  if (!is_png) RETURN_IF_ERROR(AttachJpeg(raster_.get(), bytes));
  return Fit(cairo_image_surface_get_width(raster_.get()), cairo_image_surface_get_height(raster_.get()));
}

absl::Status Logo::ReadSvg(std::string_view bytes) {
  if (const std::optional<std::string> fault = FaultOfSvg(bytes)) return RefusedImage(fmt::format("an SVG {}", *fault));
  GError* error = nullptr;
  // No base address is set, so the library loads nothing else.
  svg_.reset(rsvg_handle_new_from_data(reinterpret_cast<const guint8*>(bytes.data()), bytes.size(), &error));
  g_clear_error(&error);
  if (svg_ == nullptr) return RefusedImage("an SVG that can be drawn");
  double width = 0;
  double height = 0;
  if (!rsvg_handle_get_intrinsic_size_in_pixels(svg_.get(), &width, &height)) {
    gboolean has_box = FALSE;
    RsvgRectangle box{};
    rsvg_handle_get_intrinsic_dimensions(svg_.get(), nullptr, nullptr, nullptr, nullptr, &has_box, &box);
    if (!has_box) return RefusedImage("an SVG with a size or a view box");
    width = box.width;
    height = box.height;
  }
  return Fit(width, height);
}

absl::Status Logo::Fit(double width, double height) {
  const bool sound = width > 0 && height > 0 && width <= base::kMaxLogoSide && height <= base::kMaxLogoSide;
  const double scale = sound ? std::min(kLogoWidth / width, kLogoHeight / height) : 0;
  width_ = width * scale;
  height_ = height * scale;
  return std::min(width_, height_) >= kLeastSide ? absl::OkStatus()
                                                 : RefusedImage("an image that is not so long and thin, or so large");
}

bool Logo::Draw(cairo_t* cr, double x, double y) const {
  if (raster_ == nullptr) {
    const RsvgRectangle place{x, y, width_, height_};
    return rsvg_handle_render_document(svg_.get(), cr, &place, nullptr);
  }
  cairo_save(cr);
  cairo_translate(cr, x, y);
  cairo_scale(cr, width_ / cairo_image_surface_get_width(raster_.get()),
              height_ / cairo_image_surface_get_height(raster_.get()));
  cairo_set_source_surface(cr, raster_.get(), 0, 0);
  // Any other filter asks the viewer to interpolate, which archives (PDF/A) forbid.
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
  cairo_paint(cr);
  cairo_restore(cr);
  return cairo_status(cr) == CAIRO_STATUS_SUCCESS;
}

absl::StatusOr<std::shared_ptr<const Logo>> LogoCache::Get(std::string_view bytes) {
  const auto known = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& kept) { return kept.bytes == bytes; });
  if (known != kept_.end()) {
    std::rotate(known, known + 1, kept_.end());
    return kept_.back().logo;
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const Logo> logo, Logo::Read(bytes));
  if (kept_.size() >= static_cast<size_t>(base::kLogosKept)) kept_.erase(kept_.begin());
  kept_.push_back({std::string(bytes), logo});
  return logo;
}

}  // namespace invoice::pdf
