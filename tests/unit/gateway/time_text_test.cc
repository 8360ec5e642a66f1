#include "gateway/transcode/time_text.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/time_util.h>

#include <random>

namespace invoice::gateway {
namespace {

using google::protobuf::util::TimeUtil;

TEST(ParseTimestamp, AcceptsWhatProtobufAccepts) {
  constexpr std::string_view kBytes = "0123459TZ-+:. ";
  std::mt19937 random(4);
  for (int i = 0; i < 200'000; ++i) {
    std::string text = i % 2 == 0 ? "2024-02-29T23:59:59.123456789+01:30" : "1970-01-01T00:00:00Z";
    for (size_t k = random() % 3; k < 3; ++k) {
      const size_t at = random() % text.size();
      if (random() % 4 == 0) {
        text.erase(at, 1);
      } else {
        text[at] = kBytes[random() % kBytes.size()];
      }
    }
    google::protobuf::Timestamp expected;
    const bool good = TimeUtil::FromString(text, &expected);
    const auto parsed = ParseTimestamp(text);
    ASSERT_EQ(parsed.has_value(), good) << text;
    if (!good) continue;
    EXPECT_EQ(parsed->seconds, expected.seconds()) << text;
    EXPECT_EQ(parsed->nanos, expected.nanos()) << text;
  }
}

TEST(ParseTimestamp, RefusesWhatIsOutOfRange) {
  EXPECT_TRUE(ParseTimestamp("0001-01-01T00:00:00Z"));
  EXPECT_FALSE(ParseTimestamp("0001-01-01T00:00:00+00:01"));
  EXPECT_TRUE(ParseTimestamp("9999-12-31T23:59:59.999999999Z"));
  EXPECT_FALSE(ParseTimestamp("9999-12-31T23:59:59-00:01"));
}

TEST(ParseDuration, TakesSecondsWithAFraction) {
  struct Row {
    const char* text;
    int64_t seconds;
    int32_t nanos;
  };
  for (const Row& row : {Row{"0s", 0, 0}, Row{"1.5s", 1, 500'000'000}, Row{"-1.5s", -1, -500'000'000},
                         Row{"-0.000000001s", 0, -1}, Row{"315576000000s", 315'576'000'000, 0}}) {
    const auto parsed = ParseDuration(row.text);
    ASSERT_TRUE(parsed) << row.text;
    EXPECT_EQ(parsed->seconds, row.seconds);
    EXPECT_EQ(parsed->nanos, row.nanos);
  }
  for (const char* bad : {"", "s", "5", "-s", "1.s", ".5s", "1.5", "+1s", " 1s", "1s ", "--1s", "1e3s", "1,5s",
                          "315576000001s", "315576000000.1s", "-315576000000.1s", "99999999999999999999s"}) {
    EXPECT_FALSE(ParseDuration(bad)) << bad;
  }
}

}  // namespace
}  // namespace invoice::gateway
