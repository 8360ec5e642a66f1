// The vendor's logo as documents print it: a PNG, JPEG or SVG, ready to be drawn. What a vendor uploads becomes such a
// file first (pdf/logo_form.h). Neither reads files nor follows references out of the bytes it is given. One logo is
// drawn by one thread at a time; Read is thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "pdf/handles.h"

namespace invoice::pdf {

// The place for a logo on the page, in points; smaller ones keep their shape within it.
inline constexpr double kLogoWidth = 170;
inline constexpr double kLogoHeight = 44;

inline constexpr char kPng[] = "image/png";
inline constexpr char kJpeg[] = "image/jpeg";
inline constexpr char kSvg[] = "image/svg+xml";

// The content type that the bytes begin like; empty where they are none of a logo.
std::string_view LogoTypeOf(std::string_view bytes);

class Logo {
 public:
  // INVALID_ARGUMENT with the field "content" where the bytes are none, cannot be decoded or drawn, or pass a bound.
  static absl::StatusOr<std::shared_ptr<const Logo>> Read(std::string_view bytes);

  const std::string& content_type() const { return content_type_; }
  double width() const { return width_; }  // on the page, in points
  double height() const { return height_; }
  // The upper left corner stands at (x, y). False where the picture cannot be drawn.
  bool Draw(cairo_t* cr, double x, double y) const;

 private:
  Logo() = default;
  absl::Status ReadRaster(std::string_view bytes);
  absl::Status ReadSvg(std::string_view bytes);
  absl::Status Fit(double width, double height);

  std::string content_type_;
  double width_ = 0;
  double height_ = 0;
  SurfaceHandle raster_;
  SvgHandle svg_;  // where raster_ is none
};

// The logos that were drawn last, ready to be drawn again. Belongs to one thread at a time.
class LogoCache {
 public:
  absl::StatusOr<std::shared_ptr<const Logo>> Get(std::string_view bytes);

 private:
  struct Kept {
    std::string bytes;
    std::shared_ptr<const Logo> logo;
  };
  std::vector<Kept> kept_;  // the last used is the last
};

}  // namespace invoice::pdf
