#include "pdf/logo.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>

#include "base/limits.h"
#include "base/status.h"
#include "pdf/logo_form.h"
#include "pdf/svg_check.h"
#include "tests/unit/pdf/files.h"

namespace invoice::pdf {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

std::string Svg(const std::string& content, const std::string& attributes = "") {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"120\" "
         "height=\"40\" " +
         attributes + ">" + content + "</svg>";
}

absl::StatusCode CodeOf(std::string_view bytes) { return FormOfLogo(bytes).status().code(); }

// Given a size, the head of a PNG that has no more than that.
std::string PngHead(const std::string& width, const std::string& height) {
  return std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16) + width + height + std::string("\x08\x06\0\0\0", 5);
}

TEST(LogoTest, ReadsTheThreeKinds) {
  EXPECT_EQ(Logo::Read(testing::LogoFile("png")).value()->content_type(), "image/png");
  EXPECT_EQ(Logo::Read(testing::LogoFile("jpg")).value()->content_type(), "image/jpeg");
  EXPECT_EQ(Logo::Read(testing::LogoFile("svg")).value()->content_type(), "image/svg+xml");
}

TEST(LogoTest, KeepsItsShapeWithinItsPlace) {
  for (const char* type : {"png", "jpg", "svg"}) {
    const auto logo = Logo::Read(testing::LogoFile(type)).value();
    EXPECT_LE(logo->width(), kLogoWidth + 0.01) << type;
    EXPECT_LE(logo->height(), kLogoHeight + 0.01) << type;
    EXPECT_NEAR(logo->width() / logo->height(), 240.0 / 64, 0.01) << type;
  }
}

TEST(LogoTest, FaultsNameTheField) {
  const absl::Status status = Logo::Read("GIF89a").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  ASSERT_EQ(base::DetailOf(status).fields.size(), 1u);
  EXPECT_EQ(base::DetailOf(status).fields[0].field, "content");
}

TEST(LogoTest, RefusesBrokenFiles) {
  for (const char* type : {"png", "jpg", "svg"}) {
    const std::string whole = testing::LogoFile(type);
    for (const size_t size : {size_t{0}, size_t{3}, size_t{12}, whole.size() / 2}) {
      EXPECT_EQ(CodeOf(whole.substr(0, size)), absl::StatusCode::kInvalidArgument) << type << ", " << size << " bytes";
    }
  }
}

TEST(LogoTest, RefusesAnSvgThatShowsNothing) {
  static constexpr char kForm[] = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'>{}</svg>";
  for (const char* content : {"", "<g/>", "<rect width='10' height='10' fill='none'/>"}) {
    EXPECT_EQ(CodeOf(fmt::format(kForm, content)), absl::StatusCode::kInvalidArgument) << content;
  }
  EXPECT_EQ(CodeOf(fmt::format(kForm, "<rect width='10' height='10'/>")), absl::StatusCode::kOk);
}

TEST(LogoTest, RefusesWhatIsTooLargeBeforeItIsDecoded) {
  const std::string wide("\0\0\x40\x01", 4);  // 16,385
  const std::string long_side("\0\0\x3f\xff", 4);
  const std::string ten("\0\0\0\x0a", 4);
  EXPECT_EQ(CodeOf(PngHead(wide, ten)), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Logo::Read(PngHead(long_side, long_side)).status().message(), HasSubstr("pixels"));
  EXPECT_EQ(CodeOf(std::string(base::kMaxLogoBytes + 1, '<')), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeOf("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1e9\" height=\"1e9\"/>"),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeOf("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9000\" height=\"1\"/>"),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeOf("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), absl::StatusCode::kInvalidArgument);
}

TEST(SvgCheckTest, AcceptsWhatDrawingProgramsWrite) {
  EXPECT_EQ(FaultOfSvg(Svg("<path d=\"M0 0h9v9z\" style=\"color-interpolation-filters:sRGB;stroke-dasharray:none\"/>")),
            std::nullopt);
  EXPECT_EQ(FaultOfSvg(Svg("<style>/* a */ .a{fill:url(#g)} .b{fill:#fff}</style><g class=\"a\"/>")), std::nullopt);
  EXPECT_EQ(FaultOfSvg("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- made by hand -->\n" +
                       Svg("<sodipodi:namedview id=\"x\"/><metadata><rdf:RDF/></metadata>")),
            std::nullopt);
  EXPECT_EQ(
      FaultOfSvg("<?xml version='1.0' encoding='UTF-8' standalone='no'?><!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG "
                 "1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">" +
                 Svg("<style><![CDATA[.a{fill:#fff}]]></style>", "inkscape:export-filename=\"C:\\logo (1).png\"")),
      std::nullopt);
  EXPECT_EQ(
      FaultOfSvg(Svg("<defs><g id=\"a\"><path d=\"M0 0\"/></g></defs><use xlink:href=\"#a\"/><use href=\"#a\"/>")),
      std::nullopt);
}

TEST(SvgCheckTest, RefusesWhatReachesOutOrRuns) {
  for (const char* content :
       {"<image href=\"file:///etc/passwd\"/>", "<use href=\"http://example.com/a.svg#b\"/>",
        "<use xlink:href=\"other.svg#b\"/>", "<path x:href=\"other.svg\"/>", "<script>1</script>", "<text>A</text>",
        "<foreignObject/>", "<rect fill=\"url(http://example.com/#a)\"/>", "<rect style=\"fill:url( 'a.svg#b')\"/>",
        "<style>@import 'a.css';</style>", "<style>.a{fil\\6cter:blur(5px)}</style>", "<xi:include href=\"#a\"/>",
        "<g xmlns:x=\"http://www.w3.org/2000/svg\"><x:image/></g>", "<svg:image/>"}) {
    EXPECT_NE(FaultOfSvg(Svg(content)), std::nullopt) << content;
  }
  EXPECT_NE(FaultOfSvg("<!DOCTYPE svg [<!ENTITY a \"b\">]>" + Svg("")), std::nullopt);
  EXPECT_NE(FaultOfSvg("<?xml-stylesheet href=\"a.css\"?>" + Svg("")), std::nullopt);
  EXPECT_NE(FaultOfSvg("<?xml version=\"1.0\" encoding=\"UTF-7\"?>" + Svg("")), std::nullopt);
  EXPECT_NE(FaultOfSvg("<html/>"), std::nullopt);
  EXPECT_NE(FaultOfSvg("<svg>"), std::nullopt);
}

TEST(SvgCheckTest, RefusesWhatTakesLongToDraw) {
  for (const char* content : {"<rect filter=\"url(#f)\"/>", "<rect style=\"filter : blur(9px)\"/>",
                              "<rect style=\"fil/**/ter:none;filter/**/:x\"/>", "<path stroke-dasharray=\"0.001\"/>",
                              "<style>*{stroke-dasharray:0.001}</style>", "<mask id=\"m\"/>", "<pattern id=\"p\"/>",
                              "<rect style=\"mix-blend-mode:multiply\"/>"}) {
    EXPECT_NE(FaultOfSvg(Svg(content)), std::nullopt) << content;
  }
}

// Each of these once hid something from the check that the library that draws sees.
TEST(SvgCheckTest, RefusesWhatIsHiddenFromIt) {
  for (const char* content :
       {"<g style=\"clip-path:URL(a.svg#b)\"/>", "<g clip-path=\"u\\72l(a.svg#b)\"/>",
        "<style>.a{clip-path:u<![CDATA[rl(a.svg#b)]]>}</style>", "<style>.a{fil<!-- -->ter:blur(9px)}</style>",
        "<style>.a{x:\"/*\";filter/**/:blur(9px)}</style>", "<style>.a{fill:url(#b/*);filter/**/:blur(9px)}</style>",
        "<style>.a{FILTER:blur(9px)}</style>"}) {
    EXPECT_NE(FaultOfSvg(Svg(content)), std::nullopt) << content;
  }
  EXPECT_NE(
      FaultOfSvg("<!DOCTYPE svg SYSTEM \"<\">" + Svg("<image/><!-- > <svg></svg><!DOCTYPE x < --> ") + "<!-- >-->"),
      std::nullopt);
  EXPECT_NE(FaultOfSvg("<?xml version=\"1.0\" encoding=\"UTF-7\" x=\"UTF-8\"?>" + Svg("")), std::nullopt);
}

TEST(SvgCheckTest, CountsUsesHoweverTheyAreWritten) {
  std::string shapes;
  for (int i = 0; i < base::kMaxLogoShapes / 2; ++i) shapes += "<path/>";
  const std::string clip = "<clipPath id=\"c\">" + shapes + "</clipPath>";
  for (const char* use :
       {"<g clip-path=\"url(#c)\"/>", "<g clip-path=\"URL( '#c' )\"/>", "<g style=\"clip-path:Url(#c)\"/>"}) {
    EXPECT_EQ(FaultOfSvg(Svg(clip)), std::nullopt);
    EXPECT_THAT(FaultOfSvg(Svg(clip + use + use)), Optional(HasSubstr("shapes"))) << use;
  }
}

TEST(SvgCheckTest, CountsEveryUseOfAShape) {
  std::string nested = "<g id=\"g0\"><path d=\"M0 0h1\"/></g>";
  for (int i = 1; i < 20; ++i) {
    const std::string use = "<use href=\"#g" + std::to_string(i - 1) + "\"/>";
    nested += fmt::format("<g id=\"g{}\">{}{}{}</g>", i, use, use, use);
  }
  EXPECT_THAT(FaultOfSvg(Svg(nested)), Optional(HasSubstr("shapes")));
  EXPECT_THAT(FaultOfSvg(Svg("<g id=\"a\"><use href=\"#b\"/></g><g id=\"b\"><use href=\"#a\"/></g>")),
              Optional(HasSubstr("contain each other")));
  std::string many;
  for (int i = 0; i <= base::kMaxLogoShapes; ++i) many += "<g/>";
  EXPECT_THAT(FaultOfSvg(Svg(many)), Optional(HasSubstr("shapes")));
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<g>";
  EXPECT_NE(FaultOfSvg(Svg(deep)), std::nullopt);
}

TEST(LogoCacheTest, KeepsTheLastFew) {
  LogoCache cache;
  const std::string first = testing::LogoFile("svg");
  const auto logo = cache.Get(first).value();
  EXPECT_EQ(cache.Get(first).value(), logo);
  for (int i = 0; i < base::kLogosKept; ++i) {
    EXPECT_TRUE(cache.Get(Svg("<path d=\"M" + std::to_string(i) + " 0h9v9z\"/>")).ok());
  }
  EXPECT_NE(cache.Get(first).value(), logo);
  EXPECT_FALSE(cache.Get("no image").ok());
}

}  // namespace
}  // namespace invoice::pdf
