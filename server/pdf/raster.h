// PNG and JPEG as surfaces for a page, and back: decoded within bounds, upright, and made no finer than a printer
// shows. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "pdf/handles.h"

namespace invoice::pdf {

// INVALID_ARGUMENT, field "content".
absl::Status RefusedImage(std::string_view expected);

// As RefusedImage() where the file is broken or too large. `most_width` and `most_height` are in
// pixels; a larger picture is made smaller. A JPEG is turned as its Exif says; the inks of one made for a press (CMYK)
// become the colours that they make without a profile.
absl::StatusOr<SurfaceHandle> ReadPng(std::string_view bytes, int most_width, int most_height);
absl::StatusOr<SurfaceHandle> ReadJpeg(std::string_view bytes, int most_width, int most_height);

absl::StatusOr<std::string> WritePng(cairo_surface_t* image);
// A photograph as JPEG is a tenth of what it is otherwise. The image has no transparency.
absl::StatusOr<std::string> WriteJpeg(cairo_surface_t* image);

// Puts the JPEG of which the image was decoded into documents as it is.
absl::Status AttachJpeg(cairo_surface_t* image, std::string_view bytes);

}  // namespace invoice::pdf
