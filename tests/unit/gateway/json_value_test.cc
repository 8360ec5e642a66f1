#include "gateway/transcode/json_value.h"

#include <gmock/gmock.h>

#include "base/limits.h"
#include "fmt/format.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Nested(int levels) { return std::string(levels, '[') + std::string(levels, ']'); }

TEST(ParseJson, KeepsTextsNumbersAndNames) {
  const auto parsed =
      ParseJson(R"( {"a":[1,-2.50,1e3,18446744073709551615],"b":"\u00e9\ud83d\ude00","c":true,"d":null} )");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_THAT(parsed->names, ::testing::ElementsAre("a", "b", "c", "d"));
  const JsonValue& numbers = parsed->items[0];
  ASSERT_EQ(numbers.items.size(), 4u);
  EXPECT_EQ(numbers.items[1].text, "-2.50");
  EXPECT_EQ(numbers.items[2].text, "1e3");
  EXPECT_EQ(numbers.items[3].text, "18446744073709551615");
  EXPECT_EQ(parsed->items[1].text, "\u00e9\U0001f600");
  EXPECT_TRUE(parsed->items[2].boolean);
  EXPECT_EQ(parsed->items[3].kind, JsonValue::Kind::kNull);
}

class BrokenJson : public ::testing::TestWithParam<std::string> {};

TEST_P(BrokenJson, IsRefusedWithoutEchoingIt) {
  const auto parsed = ParseJson(GetParam());
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(parsed.status().message()), Not(HasSubstr("secret")));
}

INSTANTIATE_TEST_SUITE_P(Rows, BrokenJson,
                         ::testing::Values("", " ", "{", "}", "{]", "[1,]", "{\"a\":1,}", "{'secret':1}", "{secret:1}",
                                           "{\"a\" 1}", "{\"a\":1 \"b\":2}", "[1 2]", "01", "+1", ".5", "1.", "1e",
                                           "0x10", "NaN", "Infinity", "-", "nul", "True", "\"secret", "\"\\x\"",
                                           "\"\\ud800\"", "\"\\u12\"", "\"a\nb\"", "\"a\tb\"", "\"\xff\xfe\"",
                                           "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "{} {}", "{}x", "// secret\n{}",
                                           "/* secret */{}", "{\"secret\":1,\"secret\":2}", "{\"a\":{\"b\":1,\"b\":2}}",
                                           "{\"a\":1,\"\\u0061\":2}", "1e999", "\xfe\xff", "[1,,2]", "{\"a\"}", "{1:2}",
                                           "{null:1}"));

TEST(ParseJson, BoundsDepth) {
  EXPECT_TRUE(ParseJson(Nested(base::kMaxJsonDepth)).ok());
  EXPECT_FALSE(ParseJson(Nested(base::kMaxJsonDepth + 1)).ok());
  EXPECT_FALSE(ParseJson(Nested(1'000'000)).ok());
}

TEST(ParseJson, BoundsTheNumberOfValues) {
  std::string list = "[";
  for (size_t i = 0; i < kMaxJsonValues; ++i) list += "0,";
  list += "0]";
  const auto parsed = ParseJson(list);
  ASSERT_FALSE(parsed.ok());
  EXPECT_THAT(std::string(parsed.status().message()), HasSubstr("100000"));
}

TEST(ParseJson, SaysWhereTheFaultIs) {
  const auto parsed = ParseJson(R"({"a": tru})");
  EXPECT_THAT(std::string(parsed.status().message()), HasSubstr("byte 10"));
}

TEST(ParseJson, SameNameInDifferentObjectsIsFine) { EXPECT_TRUE(ParseJson(R"([{"a":1},{"a":2},{"a":{"a":3}}])").ok()); }

}  // namespace
}  // namespace invoice::gateway
