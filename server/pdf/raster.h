// PNG and JPEG as surfaces for a page: decoded within bounds and made no finer than a printer shows. Pure functions.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "pdf/handles.h"

namespace invoice::pdf {

// INVALID_ARGUMENT, field "content", where the file is broken, too large, or (JPEG) made for a press (CMYK).
// `most_width` and `most_height` are in pixels; a larger picture is made smaller.
absl::StatusOr<SurfaceHandle> ReadPng(std::string_view bytes, int most_width, int most_height);
absl::StatusOr<SurfaceHandle> ReadJpeg(std::string_view bytes, int most_width, int most_height);

}  // namespace invoice::pdf
