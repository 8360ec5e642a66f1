#include "pdf/palette.h"

#include <gtest/gtest.h>

namespace invoice::pdf {
namespace {

TEST(PaletteTest, EveryAccentGivesReadableText) {
  constexpr Color kWhite{1, 1, 1};
  for (const char* accent : {"#000000", "#ffffff", "#ffee00", "#1f4e79", "#00ff88", "#ff0000", "#7f7f7f"}) {
    const Palette palette = PaletteOf(accent);
    EXPECT_GE(Contrast(palette.accent_text, kWhite), 4.5) << accent;
    EXPECT_GE(Contrast(palette.accent_text, palette.tint), 4.0) << accent;
    EXPECT_GE(Contrast(palette.on_accent, palette.accent), 3.9) << accent;
  }
}

TEST(PaletteTest, WrongTextGivesTheDefault) {
  const Color expected = PaletteOf("#1f4e79").accent;
  for (const char* accent : {"", "red", "#12345", "#1234567", "#12 456", "#gggggg", "1f4e790"}) {
    const Color color = PaletteOf(accent).accent;
    EXPECT_EQ(color.red, expected.red) << accent;
    EXPECT_EQ(color.green, expected.green) << accent;
    EXPECT_EQ(color.blue, expected.blue) << accent;
  }
}

}  // namespace
}  // namespace invoice::pdf
