// Whether an SVG of a stranger may be drawn: shapes, gradients and clips alone, nothing from outside the file, no text
// (it would need the stranger's fonts), and no more work than base::kMaxLogoShapes. Pure; draws nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace invoice::pdf {

// What is wrong, as the end of the sentence "expected an SVG ..."; nothing where it may be drawn.
std::optional<std::string> FaultOfSvg(std::string_view svg);

}  // namespace invoice::pdf
