#include "pdf/palette.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace invoice::pdf {
namespace {

constexpr Color kWhite{1, 1, 1};
constexpr Color kInk{0.11, 0.14, 0.18};
constexpr Color kMuted{0.36, 0.40, 0.45};
constexpr Color kHairline{0.85, 0.87, 0.89};
constexpr Color kDefaultAccent{0x1f / 255.0, 0x4e / 255.0, 0x79 / 255.0};
constexpr double kReadableContrast = 4.5;  // WCAG 2 AA for small text

std::optional<Color> ParseColor(std::string_view text) {
  if (text.size() != 7 || text.front() != '#') return std::nullopt;
  unsigned value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + 1, end, value, 16);
  if (error != std::errc() || stop != end) return std::nullopt;
  return Color{(value >> 16) / 255.0, ((value >> 8) & 0xff) / 255.0, (value & 0xff) / 255.0};
}

double Linear(double channel) {
  return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double Luminance(const Color& color) {
  return 0.2126 * Linear(color.red) + 0.7152 * Linear(color.green) + 0.0722 * Linear(color.blue);
}

Color Mix(const Color& a, const Color& b, double share_of_b) {
  const auto mix = [share_of_b](double x, double y) { return x + (y - x) * share_of_b; };
  return {mix(a.red, b.red), mix(a.green, b.green), mix(a.blue, b.blue)};
}

Color DarkenUntilReadable(Color color) {
  for (int step = 0; step < 20 && Contrast(color, kWhite) < kReadableContrast; ++step) {
    color = Mix(color, kInk, 0.12);
  }
  return color;
}

}  // namespace

double Contrast(const Color& a, const Color& b) {
  const auto [darker, lighter] = std::minmax({Luminance(a), Luminance(b)});
  return (lighter + 0.05) / (darker + 0.05);
}

Palette PaletteOf(std::string_view accent_text) {
  const Color accent = ParseColor(accent_text).value_or(kDefaultAccent);
  return {
      .accent = accent,
      .accent_text = DarkenUntilReadable(accent),
      .on_accent = Contrast(accent, kWhite) >= Contrast(accent, kInk) ? kWhite : kInk,
      .tint = Mix(accent, kWhite, 0.94),
      .ink = kInk,
      .muted = kMuted,
      .hairline = kHairline,
  };
}

}  // namespace invoice::pdf
