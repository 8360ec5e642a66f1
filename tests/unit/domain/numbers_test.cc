#include "domain/numbers.h"

#include <gtest/gtest.h>

#include <limits>

namespace invoice::domain {
namespace {

constexpr absl::CivilDay kDay(2026, 3, 9);

NumberPattern PatternOf(std::string_view text) {
  const auto pattern = NumberPattern::Parse(text);
  EXPECT_TRUE(pattern.ok()) << text << ": " << pattern.status();
  return *pattern;
}

TEST(NumberPattern, FormatsAndNamesItsSeries) {
  const struct {
    const char *pattern, *prefix, *series, *number;
  } rows[] = {
      {kDefaultNumberPattern, "ACME", "ACME-2026-{SEQ}", "ACME-2026-0042"},
      {kDefaultCreditNotePattern, "ACME", "ACME-CN-2026-{SEQ}", "ACME-CN-2026-0042"},
      {kDefaultNumberPattern, "", "INV-2026-{SEQ}", "INV-2026-0042"},
      {"{SEQ:1}", "ACME", "{SEQ}", "42"},
      {"{SEQ:10}", "ACME", "{SEQ}", "0000000042"},
      {"{YYYY}{MM}/{SEQ:2}", "ACME", "202603/{SEQ}", "202603/42"},
      {"Nº {PREFIX} {SEQ:3}", "Zoë", "Nº Zoë {SEQ}", "Nº Zoë 042"},
  };
  for (const auto& row : rows) {
    const NumberPattern pattern = PatternOf(row.pattern);
    EXPECT_EQ(pattern.SeriesKey(row.prefix, kDay), row.series);
    EXPECT_EQ(pattern.Format(row.prefix, kDay, 42), row.number);
  }
}

TEST(NumberPattern, WidthIsAMinimumAndNoPartOfTheSeries) {
  EXPECT_EQ(PatternOf("{SEQ:2}").Format("", kDay, 12345), "12345");
  EXPECT_EQ(PatternOf("A{SEQ:2}").SeriesKey("", kDay), PatternOf("A{SEQ:6}").SeriesKey("", kDay));
}

TEST(NumberPattern, RefusesWhatCannotCount) {
  for (const char* text : {"",         "INV",        "{PREFIX}-{YYYY}", "{SEQ:4}{SEQ:4}", "{SEQ}",
                           "{SEQ:0}",  "{SEQ:11}",   "{SEQ:04}",        "{SEQ:x}",        "{SEQ:}",
                           "{SEQ:-1}", "{seq:4}",    "{MM}-{SEQ:4}",    "{DD}{SEQ:4}",    "{SEQ:4",
                           "SEQ:4}",   "{{SEQ:4}}",  "{}{SEQ:4}",       "{ YYYY}{SEQ:4}", " {SEQ:4}",
                           "{SEQ:4} ", "a\n{SEQ:4}", "a\x01{SEQ:4}",    "\xff{SEQ:4}"}) {
    const auto pattern = NumberPattern::Parse(text);
    EXPECT_EQ(pattern.status().code(), absl::StatusCode::kInvalidArgument) << '"' << text << '"';
  }
  EXPECT_FALSE(NumberPattern::Parse(std::string(100, 'x') + "{SEQ:4}").ok());
  EXPECT_FALSE(NumberPattern::Parse("{PREFIX}{PREFIX}{PREFIX}{SEQ:4}").ok()) << "a number could pass 64 characters";
}

TEST(NumberPattern, SaysWhatWasExpectedWithoutTheText) {
  EXPECT_EQ(NumberPattern::Parse("INV").status().message(), "a pattern with {SEQ:n} exactly once");
  EXPECT_EQ(NumberPattern::Parse("{MM}{SEQ:4}").status().message(), "a pattern with {YYYY} where it has {MM}");
}

TEST(NumberPrefix, IsShortAndWithoutBraces) {
  for (const char* prefix : {"", "ACME", "A-1/2", "Zoë"}) EXPECT_TRUE(IsNumberPrefix(prefix)) << prefix;
  for (const char* prefix : {"{SEQ}", "a}", " a", "a ", "a\nb", "\xff", "123456789012345678901"}) {
    EXPECT_FALSE(IsNumberPrefix(prefix)) << prefix;
  }
}

}  // namespace
}  // namespace invoice::domain
