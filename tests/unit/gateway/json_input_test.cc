#include "gateway/transcode/json_input.h"

#include <gmock/gmock.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <random>

#include "base/limits.h"
#include "fmt/format.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Nested(int levels) { return std::string(levels, '[') + std::string(levels, ']'); }

absl::Status Parse(std::string_view json) {
  JsonInput input(json);
  JsonKind kind = JsonKind::kNull;
  const bool good = input.Begin(&kind) && input.Skip(kind) && input.End();
  EXPECT_EQ(good, input.status().ok());
  return input.status();
}

// What is read, piece by piece.
std::vector<std::string> Pieces(std::string_view json) {
  JsonInput input(json);
  std::vector<std::string> pieces;
  const std::function<bool()> read = [&] {
    JsonKind kind = JsonKind::kNull;
    bool more = false;
    std::string_view name;
    if (!input.Begin(&kind)) return false;
    pieces.emplace_back("ntf01[{"[static_cast<size_t>(kind)] + std::string(input.text()));
    while (kind == JsonKind::kArray && input.Item(&more) && more) {
      if (!read()) return false;
    }
    while (kind == JsonKind::kObject && input.Name(&name, &more) && more) {
      pieces.emplace_back(name);
      if (!read()) return false;
    }
    return input.status().ok();
  };
  EXPECT_TRUE(read() && input.End()) << input.status();
  return pieces;
}

TEST(JsonInput, KeepsTextsNumbersAndNames) {
  EXPECT_THAT(Pieces(R"([1,-2.50,1e3,18446744073709551615,"\u00e9\ud83d\ude00","","a\n\"\/b",true,false,null])"),
              ::testing::ElementsAre("[", "01", "0-2.50", "01e3", "018446744073709551615", "1\u00e9\U0001f600", "1",
                                     "1a\n\"/b", "t", "f", "n"));
  EXPECT_THAT(Pieces(R"( { "a" : [ ] , "\u0062" : { } , "" : "x" } )"),
              ::testing::ElementsAre("{", "a", "[", "b", "{", "", "1x"));
}

class BrokenJson : public ::testing::TestWithParam<std::string> {};

TEST_P(BrokenJson, IsRefusedWithoutEchoingIt) {
  const absl::Status status = Parse(GetParam());
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("secret")));
}

INSTANTIATE_TEST_SUITE_P(Rows, BrokenJson,
                         ::testing::Values("", " ", "{", "}", "{]", "[1,]", "{\"a\":1,}", "{'secret':1}", "{secret:1}",
                                           "{\"a\" 1}", "{\"a\":1 \"b\":2}", "[1 2]", "01", "+1", ".5", "1.", "1e",
                                           "0x10", "NaN", "Infinity", "-", "nul", "True", "\"secret", "\"\\x\"",
                                           "\"\\ud800\"", "\"\\u12\"", "\"a\nb\"", "\"a\tb\"", "\"\xff\xfe\"",
                                           "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "{} {}", "{}x", "// secret\n{}",
                                           "/* secret */{}", "{\"secret\":1,\"secret\":2}", "{\"a\":{\"b\":1,\"b\":2}}",
                                           "{\"a\":1,\"\\u0061\":2}", "1e999", "\xfe\xff", "[1,,2]", "{\"a\"}", "{1:2}",
                                           "{null:1}", std::string("{}\0", 3), std::string("\0{}", 3)));

TEST(JsonInput, BoundsDepth) {
  EXPECT_TRUE(Parse(Nested(base::kMaxJsonDepth)).ok());
  EXPECT_FALSE(Parse(Nested(base::kMaxJsonDepth + 1)).ok());
  EXPECT_FALSE(Parse(Nested(1'000'000)).ok());
}

TEST(JsonInput, BoundsTheNumberOfValues) {
  std::string list = "[";
  for (size_t i = 0; i < kMaxJsonValues; ++i) list += "0,";
  list += "0]";
  EXPECT_THAT(std::string(Parse(list).message()), HasSubstr("100000"));
}

TEST(JsonInput, SaysWhereTheFaultIs) {
  for (const auto& [json, byte] : {std::pair(R"({"a": tru})", 10),
                                   {R"({"a" 1})", 6},
                                   {R"({"a":"b" "cde"})", 14},
                                   {"[1,]", 4},
                                   {"{\"a\":1,}", 8},
                                   {"{", 2},
                                   {"\"ab", 4},
                                   {"[1 234]", 6},
                                   {"\"a\nb\"", 3},
                                   {"\"a\xff\"", 3},
                                   {"\"a\xe2\x82\"", 5},
                                   {"\"\xed\xa0\x80\"", 3},
                                   {R"("\x")", 3},
                                   {R"("\u12g4")", 6},
                                   {R"("\ud800")", 8},
                                   {R"("\udc00")", 7},
                                   {R"("\ud800\u0041")", 13},
                                   {"1.", 3},
                                   {"-", 2},
                                   {"1ex", 3},
                                   {"1e999", 5},
                                   {"{} {}", 4},
                                   {"01", 2}}) {
    EXPECT_THAT(std::string(Parse(json).message()), ::testing::EndsWith(fmt::format("at byte {}", byte))) << json;
  }
}

TEST(JsonInput, SameNameInDifferentObjectsIsFine) { EXPECT_TRUE(Parse(R"([{"a":1},{"a":2},{"a":{"a":3}}])").ok()); }

TEST(JsonInput, PassesOverAByteOrderMark) {
  EXPECT_TRUE(Parse("\xef\xbb\xbf{}").ok());
  EXPECT_FALSE(Parse("\xef\xbb{}").ok());
  EXPECT_FALSE(Parse("{}\xef\xbb\xbf").ok());
}

TEST(JsonInput, FindsManyNamesThatStandTwice) {
  std::string json = "{";
  for (int i = 0; i < 1000; ++i) json += fmt::format("\"n{}\":0,", i);
  EXPECT_TRUE(Parse(json + "\"n1000\":0}").ok());
  EXPECT_THAT(std::string(Parse(json + "\"n500\":0}").message()), HasSubstr("the same name twice"));
}

// The position of an error by another parser of the same standard; 0 where it has none.
class PositionSax : public nlohmann::json_sax<nlohmann::json> {
 public:
  size_t position = 0;
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(int64_t) override { return true; }
  bool number_unsigned(uint64_t) override { return true; }
  bool number_float(double, const std::string&) override { return true; }
  bool string(std::string&) override { return true; }
  bool binary(nlohmann::json::binary_t&) override { return true; }
  bool start_object(size_t) override { return true; }
  bool key(std::string&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(size_t at, const std::string&, const nlohmann::json::exception&) override {
    position = at;
    return false;
  }
};

TEST(JsonInput, NamesTheByteThatAnotherParserNames) {
  std::mt19937 random(3);
  const std::string good = R"({"a":[1,-2.5e3,true,null,"x\u00e9\ud83d\ude00é€😀"],"b":{"c":false,"d":"\n"}, "e" : 0})";
  for (int i = 0; i < 20'000; ++i) {
    std::string json = good;
    constexpr std::string_view kBytes = "{}[]\",:\\ 0e.-+tu\n\xff\xe2\xc3\x80zd8";
    for (size_t k = random() % 3; k < 3; ++k) {
      const size_t at = random() % json.size();
      if (random() % 3 == 0) {
        json.erase(at, 1);
      } else {
        json[at] = kBytes[random() % kBytes.size()];
      }
    }
    PositionSax sax;
    nlohmann::json::sax_parse(json, &sax);
    const std::string message(Parse(json).message());
    if (message.find("not valid JSON") == std::string::npos) continue;  // it is, or a name stands twice
    EXPECT_THAT(message, ::testing::EndsWith(fmt::format("at byte {}", sax.position))) << json;
  }
}

}  // namespace
}  // namespace invoice::gateway
