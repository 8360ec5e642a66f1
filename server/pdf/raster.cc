#include "pdf/raster.h"

#include <fmt/format.h>
#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "base/limits.h"
#include "base/status.h"
#include "pdf/exif.h"

namespace invoice::pdf {
namespace {

using JpegHandle = std::unique_ptr<void, decltype(&tjDestroy)>;

absl::Status CheckSize(int64_t width, int64_t height) {
  if (width > 0 && height > 0 && width <= base::kMaxLogoSide && height <= base::kMaxLogoSide &&
      width * height <= base::kMaxLogoPixels) {
    return absl::OkStatus();
  }
  return RefusedImage(
      fmt::format("an image of at most {} pixels, no side over {}", base::kMaxLogoPixels, base::kMaxLogoSide));
}

int64_t BigEndian(std::string_view bytes) {
  int64_t value = 0;
  for (const char byte : bytes) value = value * 256 + static_cast<unsigned char>(byte);
  return value;
}

cairo_status_t TakeBytes(void* rest, unsigned char* to, unsigned length) {
  auto* bytes = static_cast<std::string_view*>(rest);
  if (bytes->size() < length) return CAIRO_STATUS_READ_ERROR;
  std::copy_n(bytes->data(), length, to);
  bytes->remove_prefix(length);
  return CAIRO_STATUS_SUCCESS;
}

SurfaceHandle Shrink(SurfaceHandle image, int most_width, int most_height) {
  const int width = cairo_image_surface_get_width(image.get());
  const int height = cairo_image_surface_get_height(image.get());
  const double scale =
      std::min({1.0, most_width / static_cast<double>(width), most_height / static_cast<double>(height)});
  if (scale == 1.0) return image;
  const int new_width = std::max(1, static_cast<int>(std::lround(width * scale)));
  const int new_height = std::max(1, static_cast<int>(std::lround(height * scale)));
  SurfaceHandle small(cairo_image_surface_create(cairo_image_surface_get_format(image.get()), new_width, new_height));
  const CairoHandle cr(cairo_create(small.get()));
  cairo_scale(cr.get(), new_width / static_cast<double>(width), new_height / static_cast<double>(height));
  cairo_set_source_surface(cr.get(), image.get(), 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr.get()), CAIRO_FILTER_GOOD);
  cairo_pattern_set_extend(cairo_get_source(cr.get()), CAIRO_EXTEND_PAD);
  cairo_set_operator(cr.get(), CAIRO_OPERATOR_SOURCE);
  cairo_paint(cr.get());
  return small;
}

cairo_status_t AddBytes(void* text, const unsigned char* bytes, unsigned length) {
  static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), length);
  return CAIRO_STATUS_SUCCESS;
}

// Where a pixel of a stored image of the size stands in the upright one.
cairo_matrix_t Upright(int orientation, double width, double height) {
  switch (orientation) {
    case 2:
      return {.xx = -1, .yx = 0, .xy = 0, .yy = 1, .x0 = width, .y0 = 0};
    case 3:
      return {.xx = -1, .yx = 0, .xy = 0, .yy = -1, .x0 = width, .y0 = height};
    case 4:
      return {.xx = 1, .yx = 0, .xy = 0, .yy = -1, .x0 = 0, .y0 = height};
    case 5:
      return {.xx = 0, .yx = 1, .xy = 1, .yy = 0, .x0 = 0, .y0 = 0};
    case 6:
      return {.xx = 0, .yx = 1, .xy = -1, .yy = 0, .x0 = height, .y0 = 0};
    case 7:
      return {.xx = 0, .yx = -1, .xy = -1, .yy = 0, .x0 = height, .y0 = width};
    case 8:
      return {.xx = 0, .yx = -1, .xy = 1, .yy = 0, .x0 = 0, .y0 = width};
    default:
      return {.xx = 1, .yx = 0, .xy = 0, .yy = 1, .x0 = 0, .y0 = 0};
  }
}

bool LiesOnItsSide(int orientation) { return orientation >= 5; }

SurfaceHandle Turn(SurfaceHandle image, int orientation) {
  if (orientation == 1) return image;
  const int width = cairo_image_surface_get_width(image.get());
  const int height = cairo_image_surface_get_height(image.get());
  const bool swap = LiesOnItsSide(orientation);
  SurfaceHandle turned(cairo_image_surface_create(cairo_image_surface_get_format(image.get()), swap ? height : width,
                                                  swap ? width : height));
  const CairoHandle cr(cairo_create(turned.get()));
  const cairo_matrix_t matrix = Upright(orientation, width, height);
  cairo_transform(cr.get(), &matrix);
  cairo_set_source_surface(cr.get(), image.get(), 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr.get()), CAIRO_FILTER_NEAREST);
  cairo_paint(cr.get());
  return turned;
}

// The four inks of each pixel become its colour, in place.
void MixInks(cairo_surface_t* image, bool inverted) {
  constexpr unsigned kFull = 255;
  const int width = cairo_image_surface_get_width(image);
  const int height = cairo_image_surface_get_height(image);
  for (int row = 0; row < height; ++row) {
    unsigned char* pixel =
        cairo_image_surface_get_data(image) + static_cast<ptrdiff_t>(row) * cairo_image_surface_get_stride(image);
    for (int column = 0; column < width; ++column, pixel += 4) {
      std::array<unsigned, 4> light{pixel[0], pixel[1], pixel[2], pixel[3]};
      if (!inverted) {
        for (unsigned& ink : light) ink = kFull - ink;
      }
      for (int color = 0; color < 3; ++color) {
        pixel[2 - color] = static_cast<unsigned char>(light[color] * light[3] / kFull);
      }
      pixel[3] = kFull;
    }
  }
}

}  // namespace

absl::Status RefusedImage(std::string_view expected) { return base::InvalidField("content", expected); }

absl::StatusOr<SurfaceHandle> ReadPng(std::string_view bytes, int most_width, int most_height) {
  constexpr size_t kWidthAt = 16;  // signature, length and name of the first chunk
  constexpr size_t kHeightAt = kWidthAt + 4;
  if (bytes.size() < kHeightAt + 4) return RefusedImage("a whole PNG");
  RETURN_IF_ERROR(CheckSize(BigEndian(bytes.substr(kWidthAt, 4)), BigEndian(bytes.substr(kHeightAt, 4))));
  SurfaceHandle image(cairo_image_surface_create_from_png_stream(TakeBytes, &bytes));
  if (cairo_surface_status(image.get()) != CAIRO_STATUS_SUCCESS) return RefusedImage("a PNG that can be decoded");
  return Shrink(std::move(image), most_width, most_height);
}

absl::StatusOr<SurfaceHandle> ReadJpeg(std::string_view bytes, int most_width, int most_height) {
  const JpegHandle decoder(tjInitDecompress(), tjDestroy);
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  int width = 0;
  int height = 0;
  int subsampling = 0;
  int colors = 0;
  if (tjDecompressHeader3(decoder.get(), data, bytes.size(), &width, &height, &subsampling, &colors) != 0) {
    return RefusedImage("a JPEG that can be decoded");
  }
  RETURN_IF_ERROR(CheckSize(width, height));
  const bool has_inks = colors == TJCS_CMYK || colors == TJCS_YCCK;
  SurfaceHandle image(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
  if (cairo_surface_status(image.get()) != CAIRO_STATUS_SUCCESS) return RefusedImage("a smaller JPEG");
  // A file of a thousand scans takes a thousand times as long as it looks.
  if (tjDecompress2(decoder.get(), data, bytes.size(), cairo_image_surface_get_data(image.get()), width,
                    cairo_image_surface_get_stride(image.get()), height, has_inks ? TJPF_CMYK : TJPF_BGRX,
                    TJFLAG_LIMITSCANS | TJFLAG_STOPONWARNING) != 0) {
    return RefusedImage("a JPEG that can be decoded");
  }
  if (has_inks) MixInks(image.get(), HasAdobeMarker(bytes));
  cairo_surface_mark_dirty(image.get());
  const int orientation = OrientationOf(bytes);
  if (LiesOnItsSide(orientation)) std::swap(most_width, most_height);
  return Turn(Shrink(std::move(image), most_width, most_height), orientation);
}

absl::StatusOr<std::string> WritePng(cairo_surface_t* image) {
  std::string bytes;
  if (cairo_surface_write_to_png_stream(image, AddBytes, &bytes) == CAIRO_STATUS_SUCCESS) return bytes;
  return absl::InternalError("a decoded image cannot be written again");
}

absl::StatusOr<std::string> WriteJpeg(cairo_surface_t* image) {
  constexpr int kQuality = 92;
  const JpegHandle encoder(tjInitCompress(), tjDestroy);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  cairo_surface_flush(image);
  const int failed =
      tjCompress2(encoder.get(), cairo_image_surface_get_data(image), cairo_image_surface_get_width(image),
                  cairo_image_surface_get_stride(image), cairo_image_surface_get_height(image), TJPF_BGRX, &bytes,
                  &size, TJSAMP_444, kQuality, 0);
  const std::string text(reinterpret_cast<const char*>(bytes), failed == 0 ? size : 0);
  tjFree(bytes);
  if (failed != 0) return absl::InternalError("a decoded JPEG cannot be written again");
  return text;
}

absl::Status AttachJpeg(cairo_surface_t* image, std::string_view bytes) {
  auto* kept = new std::string(bytes);
  const auto release = [](void* text) { delete static_cast<std::string*>(text); };
  if (cairo_surface_set_mime_data(image, CAIRO_MIME_TYPE_JPEG, reinterpret_cast<const unsigned char*>(kept->data()),
                                  kept->size(), release, kept) == CAIRO_STATUS_SUCCESS) {
    return absl::OkStatus();
  }
  release(kept);
  return absl::InternalError("a JPEG cannot be put into a document");
}

}  // namespace invoice::pdf
