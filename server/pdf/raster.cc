#include "pdf/raster.h"

#include <fmt/format.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/limits.h"
#include "base/status.h"

namespace invoice::pdf {
namespace {

using JpegHandle = std::unique_ptr<void, decltype(&tjDestroy)>;

absl::Status Refused(std::string_view expected) { return base::InvalidField("content", expected); }

absl::Status CheckSize(int64_t width, int64_t height) {
  if (width > 0 && height > 0 && width <= base::kMaxLogoSide && height <= base::kMaxLogoSide &&
      width * height <= base::kMaxLogoPixels) {
    return absl::OkStatus();
  }
  return Refused(
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

// A photograph in the file as JPEG is a tenth of what it is otherwise.
absl::Status AttachJpeg(cairo_surface_t* image) {
  constexpr int kQuality = 92;
  const JpegHandle encoder(tjInitCompress(), tjDestroy);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  cairo_surface_flush(image);
  const int failed =
      tjCompress2(encoder.get(), cairo_image_surface_get_data(image), cairo_image_surface_get_width(image),
                  cairo_image_surface_get_stride(image), cairo_image_surface_get_height(image), TJPF_BGRX, &bytes,
                  &size, TJSAMP_444, kQuality, 0);
  const auto release = [](void* memory) { tjFree(static_cast<unsigned char*>(memory)); };
  if (failed != 0 ||
      cairo_surface_set_mime_data(image, CAIRO_MIME_TYPE_JPEG, bytes, size, release, bytes) != CAIRO_STATUS_SUCCESS) {
    tjFree(bytes);
    return absl::InternalError("a decoded JPEG cannot be written again");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SurfaceHandle> ReadPng(std::string_view bytes, int most_width, int most_height) {
  constexpr size_t kWidthAt = 16;  // signature, length and name of the first chunk
  constexpr size_t kHeightAt = kWidthAt + 4;
  if (bytes.size() < kHeightAt + 4) return Refused("a whole PNG");
  RETURN_IF_ERROR(CheckSize(BigEndian(bytes.substr(kWidthAt, 4)), BigEndian(bytes.substr(kHeightAt, 4))));
  SurfaceHandle image(cairo_image_surface_create_from_png_stream(TakeBytes, &bytes));
  if (cairo_surface_status(image.get()) != CAIRO_STATUS_SUCCESS) return Refused("a PNG that can be decoded");
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
    return Refused("a JPEG that can be decoded");
  }
  RETURN_IF_ERROR(CheckSize(width, height));
  if (colors == TJCS_CMYK || colors == TJCS_YCCK) return Refused("a JPEG in RGB or grey, not CMYK");
  SurfaceHandle image(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
  if (cairo_surface_status(image.get()) != CAIRO_STATUS_SUCCESS) return Refused("a smaller JPEG");
  // A file of a thousand scans takes a thousand times as long as it looks.
  if (tjDecompress2(decoder.get(), data, bytes.size(), cairo_image_surface_get_data(image.get()), width,
                    cairo_image_surface_get_stride(image.get()), height, TJPF_BGRX,
                    TJFLAG_LIMITSCANS | TJFLAG_STOPONWARNING) != 0) {
    return Refused("a JPEG that can be decoded");
  }
  cairo_surface_mark_dirty(image.get());
  image = Shrink(std::move(image), most_width, most_height);
  RETURN_IF_ERROR(AttachJpeg(image.get()));
  return image;
}

}  // namespace invoice::pdf
