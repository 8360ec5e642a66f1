// What becomes of an uploaded logo: a file that documents print at a small, bounded cost. Pure; but an image of a
// stranger may take any time and memory, so that a server calls it through LogoDrawer only.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace invoice::pdf {

struct LogoForm {
  std::string content_type;  // of what was uploaded
  std::string form_type;     // of the bytes
  std::string bytes;         // a file that Logo::Read accepts
};

// An SVG that is drawn quickly stays as it is, sharp at every size; any other becomes a PNG of 400 dpi.
// PNG and JPEG become upright ones as fine as a printer shows. INVALID_ARGUMENT with the field "content" where the
// bytes are none of these, cannot be decoded or drawn, show nothing, or pass a bound.
absl::StatusOr<LogoForm> FormOfLogo(std::string_view upload);

}  // namespace invoice::pdf
