#include "base/text.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace invoice::base {
namespace {

TEST(Utf8, KnowsWellFormedText) {
  for (const char* text : {"", "abc", "é", "€", "😀", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf", "\xee\x80\x80"}) {
    EXPECT_TRUE(IsValidUtf8(text)) << text;
  }
  EXPECT_TRUE(IsValidUtf8(std::string_view("\0", 1)));
}

TEST(Utf8, RefusesTheRest) {
  for (const char* text :
       {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\xaf", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xff", "a\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xc3("}) {
    EXPECT_FALSE(IsValidUtf8(text));
  }
}

TEST(Utf8, CountsCodePoints) {
  EXPECT_EQ(CountCodePoints(""), 0u);
  EXPECT_EQ(CountCodePoints("café €😀"), 7u);
}

TEST(ControlCharacters, AreFoundInEverySet) {
  for (const char* text : {"a\nb", "\t", "\x1b[0m", "\x7f", "\u0085", "\u009f", "\u2028", "\u2029"}) {
    EXPECT_TRUE(HasControlCharacters(text));
  }
  EXPECT_TRUE(HasControlCharacters(std::string_view("a\0b", 3)));
  EXPECT_FALSE(HasControlCharacters("Zoë \u00a0 – €"));
}

TEST(ControlCharacters, LinesCanBeLetThrough) {
  EXPECT_FALSE(HasControlCharacters("a\r\n\tb", /*allow_lines=*/true));
  EXPECT_TRUE(HasControlCharacters("a\x01", /*allow_lines=*/true));
  EXPECT_TRUE(HasControlCharacters("\u2028", /*allow_lines=*/true));
}

TEST(ControlCharacters, BrokenTextIsReadWithinItsEnd) { EXPECT_FALSE(HasControlCharacters("a\xf0\x9f")); }

TEST(ControlCharacters, AreTakenOutToMakeOneLine) {
  EXPECT_EQ(WithoutControlCharacters(" 550\r\n\x07mailbox  full\xe2\x80\xa8\n"), "550 mailbox full");
  EXPECT_EQ(WithoutControlCharacters("Łódź"), "Łódź");
  EXPECT_EQ(WithoutControlCharacters("\x01\n"), "");
}

TEST(Trim, TakesBlanksAtTheEndsOnly) {
  EXPECT_EQ(Trim("  a b\t\r\n"), "a b");
  EXPECT_EQ(Trim(" \n"), "");
  EXPECT_EQ(Trim(""), "");
}

// Spelt by their code points: most of them show nothing.
const char* const kBlanks[] = {" ",      "\t",     "\n",     "\u00a0", "\u1680", "\u2003", "\u2028",
                               "\u202f", "\u205f", "\u3000", "\u200b", "\u200d", "\u200e", "\u2060",
                               "\ufeff", "\u00ad", "\u180e", "\u2800", "\u3164", "\uffa0"};
const char* const kInvisible[] = {"\u115f", "\u1160", "\u0301", "\u034f", "\ufe0f", "\U000e0061", "\u2066"};
// Private, unassigned and control characters.
const char* const kUnknown[] = {"\ue000", "\uf8d0", "\uffff", "\x01"};

TEST(TrimBlanks, TakesEveryKindAtTheEndsOnly) {
  for (const std::string blank : kBlanks) {
    SCOPED_TRACE(testing::PrintToString(blank));
    EXPECT_EQ(TrimBlanks(blank), "");
    EXPECT_EQ(TrimBlanks(absl::StrCat(blank, "a", blank, "é", blank, " ")), absl::StrCat("a", blank, "é"));
  }
  EXPECT_EQ(TrimBlanks(""), "");
  EXPECT_EQ(TrimBlanks("plain text"), "plain text");
  EXPECT_EQ(TrimBlanks(" \xff "), "\xff") << "not UTF-8";
}

TEST(TrimBlanks, LeavesWhatEndsAnEmoji) {
  for (const char* text : {"❤\ufe0f", "\U0001f3f4\U000e0067\U000e0062\U000e007f", "e\u0301"})
    EXPECT_EQ(TrimBlanks(text), text);
}

TEST(VisibleCharacters, AreLettersDigitsPunctuationAndSymbols) {
  for (const char* text : {"a", "7", "-", "€", "東", "가", "़क", "😀", " . ", "\u0301a"})
    EXPECT_TRUE(HasVisibleCharacter(text)) << text;
  for (const char* text : kBlanks) EXPECT_FALSE(HasVisibleCharacter(text)) << testing::PrintToString(text);
  for (const char* text : kInvisible) EXPECT_FALSE(HasVisibleCharacter(text)) << testing::PrintToString(text);
  for (const char* text : kUnknown) EXPECT_FALSE(HasVisibleCharacter(text)) << testing::PrintToString(text);
  EXPECT_FALSE(HasVisibleCharacter(""));
}

TEST(VisibleText, IsEmptyWhereNothingShows) {
  EXPECT_EQ(VisibleText("\u200b Acme\u00a0"), "Acme");
  for (const char* text : kInvisible)
    EXPECT_EQ(VisibleText(std::string(" ") + text), "") << testing::PrintToString(text);
  for (const std::string text : kUnknown)
    EXPECT_EQ(VisibleText(" " + text), text) << "it is not dropped in silence: " << testing::PrintToString(text);
}

}  // namespace
}  // namespace invoice::base
