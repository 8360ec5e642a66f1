// The colours of a document, all made from the vendor's accent colour so that any choice stays legible. Pure.
#pragma once

#include <string_view>

namespace invoice::pdf {

struct Color {
  double red = 0;
  double green = 0;
  double blue = 0;
  friend bool operator==(const Color&, const Color&) = default;
};

struct Palette {
  Color accent;       // areas
  Color accent_text;  // text on white: the accent, darkened until it reads well
  Color on_accent;    // text on the accent
  Color tint;         // large quiet areas
  Color ink;          // text
  Color muted;        // labels and secondary text
  Color hairline;
};

// `accent` is "#rrggbb"; any other text gives the default accent.
Palette PaletteOf(std::string_view accent);

// Contrast of two colours by WCAG 2, 1 to 21.
double Contrast(const Color& a, const Color& b);

}  // namespace invoice::pdf
