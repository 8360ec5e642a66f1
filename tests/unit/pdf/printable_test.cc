#include "pdf/printable.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <span>

#include "base/status.h"
#include "pdf/typesetter.h"
#include "tests/unit/pdf/samples.h"

namespace invoice::pdf {
namespace {

using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class PrintableTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    fonts_ = new FontLibrary(
        FontLibrary::Load({"/usr/share/fonts/truetype/noto", "/usr/share/fonts/truetype/dejavu"}).value());
  }
  static void TearDownTestSuite() { delete fonts_; }

  static std::optional<std::string> OneLine(std::string_view text) {
    return FirstUnprintable(text, TextKind::kOneLine, *fonts_);
  }

  static FontLibrary* fonts_;
};

FontLibrary* PrintableTest::fonts_ = nullptr;

TEST_F(PrintableTest, AcceptsTheScriptsOfTheFonts) {
  for (const char* text :
       {"Ångström & Söhne", "Łódź", "Ελληνικά", "Кириллица", "شركة النور", "שלום", "ภาษาไทย", "हिन्दी",
        "€ £ ¥ ₹ ₽ ₺ − … – —", "می\u200cخواهم", "a\u00a0b\u202fc\u2009d", "e\u0301"}) {
    EXPECT_EQ(OneLine(text), std::nullopt) << text;
  }
}

TEST_F(PrintableTest, RefusesWhatNoFontHas) {
  EXPECT_EQ(OneLine("日本"), "U+65E5");
  EXPECT_EQ(OneLine("A\U0001F9FF"), "U+1F9FF");
  EXPECT_EQ(OneLine("\uE123"), "U+E123");
  EXPECT_EQ(OneLine("\u0378"), "U+0378");
}

TEST_F(PrintableTest, RefusesControlCharactersAndOverridesOfDirection) {
  EXPECT_EQ(OneLine("a\nb"), "U+000A");
  EXPECT_EQ(OneLine(std::string_view("a\0b", 3)), "U+0000");
  EXPECT_EQ(OneLine("a\x7f"), "U+007F");
  EXPECT_EQ(OneLine("a\u0085"), "U+0085");
  EXPECT_EQ(OneLine("\u202e00.521"), "U+202E");
  EXPECT_EQ(OneLine("a\u2028b"), "U+2028");
}

TEST_F(PrintableTest, RefusesFormatCharactersThatComeOutAsBoxes) {
  EXPECT_EQ(OneLine("a\ufff9"), "U+FFF9");
  EXPECT_EQ(OneLine("a\U000110BD"), "U+110BD");
  EXPECT_EQ(OneLine("a\U0001BCA0"), "U+1BCA0");
  EXPECT_EQ(OneLine("\u061c\u0600\u06dd\u08e2"), std::nullopt);
}

TEST_F(PrintableTest, ParagraphsMayHaveLineBreaks) {
  EXPECT_EQ(FirstUnprintable("a\nb\r\nc\td", TextKind::kParagraphs, *fonts_), std::nullopt);
  EXPECT_EQ(FirstUnprintable("a\rb", TextKind::kParagraphs, *fonts_), "U+000D");
  EXPECT_EQ(FirstUnprintable("a\x1b", TextKind::kParagraphs, *fonts_), "U+001B");
}

TEST_F(PrintableTest, RefusesBrokenUtf8) {
  EXPECT_EQ(OneLine("a\xff"), "invalid UTF-8");
  EXPECT_EQ(OneLine("a\xe3\x81"), "invalid UTF-8");
}

TEST_F(PrintableTest, NamesTheFieldInJsonSpelling) {
  const auto fault_of = [](const domain::InvoiceDocument& document) {
    const absl::Status status = CheckPrintable(document, *fonts_);
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    const base::ErrorDetail detail = base::DetailOf(status);
    EXPECT_EQ(detail.reason, base::Reason::kCharacterNotInFonts);
    EXPECT_EQ(detail.metadata.at("character"), "U+65E5");
    return detail.metadata.at("field");
  };
  const auto fault = [&](auto change) {
    domain::InvoiceDocument document = testing::OnePage();
    change(document);
    return fault_of(document);
  };
  EXPECT_EQ(fault([](auto& d) { d.customer.name = "日本商事"; }), "customer.name");
  EXPECT_EQ(fault([](auto& d) { d.vendor.address.postal_code = "日"; }), "vendor.address.postalCode");
  EXPECT_EQ(fault([](auto& d) { d.vendor.bank.account_holder = "日"; }), "vendor.bank.accountHolder");
  EXPECT_EQ(fault([](auto& d) { d.lines[3].description = "a 日"; }), "lines[3].description");
  EXPECT_EQ(fault([](auto& d) { d.lines[2].tax_names = {"HST", "日"}; }), "lines[2].taxNames[1]");
  EXPECT_EQ(fault([](auto& d) { d.taxes[0].tax.registration_number = "日"; }), "taxes[0].registrationNumber");
  EXPECT_EQ(fault([](auto& d) { d.notes = "line\n日"; }), "notes");
  EXPECT_EQ(fault([](auto& d) { d.purchase_order = "日"; }), "purchaseOrder");
}

TEST_F(PrintableTest, NamesFieldAndCharacterOfATextThatIsSaved) {
  EXPECT_TRUE(CheckPrintableField("name", "Łódź", TextKind::kOneLine, *fonts_).ok());
  EXPECT_TRUE(CheckPrintableField("notes", "a\nb", TextKind::kParagraphs, *fonts_).ok());
  const absl::Status status = CheckPrintableField("customer.name", "a\u3042", TextKind::kOneLine, *fonts_);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  const base::ErrorDetail detail = base::DetailOf(status);
  ASSERT_EQ(detail.fields.size(), 1u);
  EXPECT_EQ(detail.fields[0].field, "customer.name");
  EXPECT_THAT(detail.fields[0].expected, ::testing::HasSubstr("U+3042"));
  EXPECT_FALSE(CheckPrintableField("name", "a\nb", TextKind::kOneLine, *fonts_).ok());
}

std::string Utf8(gunichar character) {
  char bytes[6];
  return {bytes, static_cast<size_t>(g_unichar_to_utf8(character, bytes))};
}

// Each character behind a letter, whose font a format character would keep, and before blanks, which keep its own.
class Shaper {
 public:
  explicit Shaper(const FontLibrary& fonts) : type_(fonts) {}

  // The characters that come out as boxes.
  std::vector<std::string> Boxes(std::span<const gunichar> characters) {
    if (characters.empty() || !HasBox(characters)) return {};
    if (characters.size() == 1) return {fmt::format("U+{:04X}", characters[0])};
    std::vector<std::string> boxes = Boxes(characters.first(characters.size() / 2));
    for (std::string& box : Boxes(characters.subspan(characters.size() / 2))) boxes.push_back(std::move(box));
    return boxes;
  }

 private:
  bool HasBox(std::span<const gunichar> characters) {
    std::string text;
    for (const gunichar character : characters) {
      text += fmt::format("{0}a{0} {0}\u00a0", Utf8(character));
    }
    const int before = type_.unknown_glyphs();
    for (const Face face : {Face::kRegular, Face::kBold}) type_.Shape(text, {face, 9});
    return type_.unknown_glyphs() != before;
  }

  Typesetter type_;
};

TEST_F(PrintableTest, WhatIsLetThroughHasAGlyphWhenItIsShaped) {
  const FontLibrary all = FontLibrary::Load(FontLibrary::DefaultFolders()).value();
  std::vector<gunichar> characters;
  for (gunichar character = 0x20; character <= 0x10FFFF; ++character) {
    if (g_unichar_validate(character) && !FirstUnprintable(Utf8(character), TextKind::kOneLine, all))
      characters.push_back(character);
  }
  EXPECT_GT(characters.size(), 50'000u);
  Shaper shaper(all);
  constexpr size_t kBatch = 512;
  std::vector<std::string> boxes;
  for (size_t i = 0; i < characters.size(); i += kBatch) {
    const std::span<const gunichar> rest = std::span(characters).subspan(i);
    for (std::string& box : shaper.Boxes(rest.first(std::min(kBatch, rest.size())))) boxes.push_back(std::move(box));
  }
  EXPECT_THAT(boxes, ::testing::IsEmpty());
}

TEST_F(PrintableTest, UnknownGlyphsOfAKeptTextAreCountedAgain) {
  Typesetter type(*fonts_);
  for (const int count : {1, 2, 3}) {
    type.Shape("\uE123", {Face::kRegular, 9});
    EXPECT_EQ(type.unknown_glyphs(), count);
  }
}

TEST_F(PrintableTest, AcceptsEverySample) {
  for (const auto& [name, document] : testing::AllSamples()) {
    EXPECT_TRUE(CheckPrintable(document, *fonts_).ok()) << name;
  }
}

TEST_F(PrintableTest, LibraryWithoutTheBaseFontIsRefused) {
  const auto library = FontLibrary::Load({"/usr/share/fonts/truetype/dejavu"});
  EXPECT_EQ(library.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(FontLibrary::Load({"/nonexistent & <folder>"}).ok());
}

}  // namespace
}  // namespace invoice::pdf
