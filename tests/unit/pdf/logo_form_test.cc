// What becomes of an uploaded logo. images/kinds holds one picture, 60 by 20: red and green over blue and yellow, in
// many kinds of PNG and JPEG. Where its name says alpha, the yellow is clear.
#include "pdf/logo_form.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "base/limits.h"
#include "base/status.h"
#include "pdf/exif.h"
#include "pdf/logo.h"
#include "pdf/raster.h"
#include "tests/unit/pdf/files.h"

namespace invoice::pdf {
namespace {

using ::testing::HasSubstr;

struct Pixel {
  int red, green, blue, alpha;
};

std::string Kind(const std::string& name) { return testing::ReadFile(testing::SourceFile("images/kinds/" + name)); }

std::string FormBytes(const std::string& upload) {
  const auto form = FormOfLogo(upload);
  EXPECT_TRUE(form.ok()) << form.status();
  return form.ok() ? form->bytes : "";
}

SurfaceHandle Decoded(const std::string& file) {
  auto image = LogoTypeOf(file) == kPng ? ReadPng(file, 9999, 9999) : ReadJpeg(file, 9999, 9999);
  EXPECT_TRUE(image.ok()) << image.status();
  return std::move(image).value();
}

Pixel At(cairo_surface_t* image, int x, int y) {
  const unsigned char* at =
      cairo_image_surface_get_data(image) + y * cairo_image_surface_get_stride(image) + static_cast<ptrdiff_t>(4) * x;
  const bool has_alpha = cairo_image_surface_get_format(image) == CAIRO_FORMAT_ARGB32;
  return {at[2], at[1], at[0], has_alpha ? at[3] : 255};
}

bool IsNear(const Pixel& pixel, const Pixel& expected) {
  constexpr int kLoss = 40;  // of a JPEG, and of inks
  return std::abs(pixel.red - expected.red) <= kLoss && std::abs(pixel.green - expected.green) <= kLoss &&
         std::abs(pixel.blue - expected.blue) <= kLoss && std::abs(pixel.alpha - expected.alpha) <= 1;
}

void ExpectThePicture(const std::string& name, const std::vector<Pixel>& quarters) {
  const SurfaceHandle image = Decoded(FormBytes(Kind(name)));
  ASSERT_EQ(cairo_image_surface_get_width(image.get()), 60) << name;
  ASSERT_EQ(cairo_image_surface_get_height(image.get()), 20) << name;
  const std::vector<std::pair<int, int>> places{{14, 4}, {44, 4}, {14, 14}, {44, 14}};
  for (size_t i = 0; i < places.size(); ++i) {
    const Pixel pixel = At(image.get(), places[i].first, places[i].second);
    EXPECT_TRUE(IsNear(pixel, quarters[i])) << name << ", quarter " << i << ": " << pixel.red << " " << pixel.green
                                            << " " << pixel.blue << " " << pixel.alpha;
  }
}

const std::vector<Pixel> kColors{{220, 20, 20, 255}, {20, 180, 20, 255}, {20, 20, 220, 255}, {230, 220, 20, 255}};
const std::vector<Pixel> kClear{kColors[0], kColors[1], kColors[2], {0, 0, 0, 0}};

TEST(LogoFormTest, JpegsStandUpright) {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const std::string name = fmt::format("orientation_{}.jpg", orientation);
    EXPECT_EQ(OrientationOf(Kind(name)), orientation);
    ExpectThePicture(name, kColors);
  }
}

TEST(LogoFormTest, AnOrientationThatCannotBeReadIsNone) {
  const std::string whole = Kind("orientation_6.jpg");
  for (size_t size = 0; size < 60; ++size) OrientationOf(std::string_view(whole).substr(0, size));
  std::string wrong = whole;
  const size_t tag = wrong.find(std::string("\x01\x12\0\x03", 4));
  ASSERT_NE(tag, std::string::npos);
  for (const char value : {0, 9, 127}) {
    wrong[tag + 9] = value;
    EXPECT_EQ(OrientationOf(wrong), 1) << static_cast<int>(value);
  }
  std::string far = whole;
  far.replace(far.find("MM") + 4, 4, "\xff\xff\xff\xff");  // the directory is nowhere
  EXPECT_EQ(OrientationOf(far), 1);
  EXPECT_EQ(OrientationOf(Kind("progressive.jpg")), 1);
  EXPECT_EQ(OrientationOf(""), 1);
}

TEST(LogoFormTest, KindsOfJpegKeepTheirColors) {
  ExpectThePicture("progressive.jpg", kColors);
  ExpectThePicture("cmyk.jpg", kColors);
  ExpectThePicture("grey.jpg", {{84, 84, 84, 255}, {114, 114, 114, 255}, {43, 43, 43, 255}, {200, 200, 200, 255}});
}

TEST(LogoFormTest, KindsOfPngKeepTheirColors) {
  for (const char* name : {"rgb.png", "deep.png", "palette.png", "interlaced.png"}) ExpectThePicture(name, kColors);
  const Pixel black{0, 0, 0, 255};
  const Pixel white{255, 255, 255, 255};
  ExpectThePicture("black_white.png", {black, white, black, white});
  ExpectThePicture("grey.png", {{87, 87, 87, 255}, {73, 73, 73, 255}, {87, 87, 87, 255}, {157, 157, 157, 255}});
}

TEST(LogoFormTest, WhatIsClearStaysClear) {
  for (const char* name : {"rgba.png", "deep_alpha.png", "palette_alpha.png"}) ExpectThePicture(name, kClear);
  ExpectThePicture("grey_alpha.png", {{87, 87, 87, 255}, {73, 73, 73, 255}, {87, 87, 87, 255}, {0, 0, 0, 0}});
}

TEST(LogoFormTest, AnOrdinarySvgStaysSharp) {
  const auto form = FormOfLogo(testing::LogoFile("svg"));
  ASSERT_TRUE(form.ok()) << form.status();
  EXPECT_EQ(form->content_type, kSvg);
  EXPECT_EQ(form->form_type, kSvg);
  EXPECT_EQ(form->bytes, testing::LogoFile("svg"));
}

TEST(LogoFormTest, AnSvgOfManyShapesBecomesAPicture) {
  std::string shapes;
  for (int i = 0; i < base::kMaxLogoShapes / 2; ++i) {
    shapes += fmt::format("<path d='M{} {}l3 1l-2 3z' fill='#{:06x}'/>", i % 230, i * 7 % 61, i * 1663 % 0xffffff);
  }
  const auto form = FormOfLogo("<svg xmlns='http://www.w3.org/2000/svg' width='240' height='64'>" + shapes + "</svg>");
  ASSERT_TRUE(form.ok()) << form.status();
  EXPECT_EQ(form->content_type, kSvg);
  ASSERT_EQ(form->form_type, kPng);
  const SurfaceHandle image = Decoded(form->bytes);
  EXPECT_EQ(cairo_image_surface_get_height(image.get()), 245);  // 44 points at 400 dots to the inch
}

TEST(LogoFormTest, PhotographsAreAsFineAsAPrinterShows) {
  for (const char* type : {"png", "jpg"}) {
    const SurfaceHandle image = Decoded(FormBytes(testing::LogoFile(type)));
    EXPECT_LE(cairo_image_surface_get_width(image.get()), 708) << type;
    EXPECT_LE(cairo_image_surface_get_height(image.get()), 183) << type;
  }
}

TEST(LogoFormTest, AFormIsItsOwnForm) {
  for (const char* type : {"png", "svg"}) {
    const std::string form = FormBytes(testing::LogoFile(type));
    EXPECT_TRUE(FormBytes(form) == form) << type;
  }
}

TEST(LogoFormTest, RefusesMoreThanAnUploadMayHave) {
  const std::string large = "<svg>" + std::string(base::kMaxLogoBytes, ' ');
  EXPECT_THAT(base::DetailOf(FormOfLogo(large).status()).fields.at(0).expected, HasSubstr("bytes"));
}

}  // namespace
}  // namespace invoice::pdf
