#include "base/log.h"

#include <gmock/gmock.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace invoice::base {
namespace {

using Json = nlohmann::json;

class LogTest : public ::testing::Test {
 protected:
  ~LogTest() override { ConfigureLog(Level::kInfo, ""); }

  Json Last() const { return Json::parse(lines_.back()); }

  std::vector<std::string> lines_;
  ScopedLogSink sink_{[this](std::string_view line) { lines_.emplace_back(line); }};
};

TEST_F(LogTest, WritesOneObjectALine) {
  ConfigureLog(Level::kInfo, "serve");
  Log(Level::kInfo, "listening",
      {{"address", "127.0.0.1:50051"}, {"port", 50051}, {"tls", false}, {"seconds", 0.25}, {"size", size_t{7}}});
  ASSERT_EQ(lines_.size(), 1u);
  const Json line = Last();
  EXPECT_EQ(line["level"], "info");
  EXPECT_EQ(line["process"], "serve");
  EXPECT_EQ(line["event"], "listening");
  EXPECT_EQ(line["address"], "127.0.0.1:50051");
  EXPECT_EQ(line["port"], 50051);
  EXPECT_EQ(line["tls"], false);
  EXPECT_EQ(line["seconds"], 0.25);
  EXPECT_EQ(line["size"], 7);
  EXPECT_THAT(line["time"].get<std::string>(), ::testing::MatchesRegex("....-..-..T..:..:..\\....Z"));
}

TEST_F(LogTest, LeavesOutWhatIsBelowTheThreshold) {
  ConfigureLog(Level::kWarning, "");
  Log(Level::kInfo, "quiet");
  EXPECT_TRUE(lines_.empty());
  Log(Level::kError, "loud");
  EXPECT_EQ(lines_.size(), 1u);
}

TEST_F(LogTest, NoValueForgesALineOrBreaksTheJson) {
  const std::string hostile = "a\nb\r\"c\\\x01\x7f\t\x1b[31m {\"event\":\"forged\"}";
  Log(Level::kInfo, "request", {{"path", hostile}});
  EXPECT_EQ(lines_[0].find('\n'), std::string::npos);
  EXPECT_EQ(lines_[0].find('\x1b'), std::string::npos);
  EXPECT_EQ(lines_[0].find('\x7f'), std::string::npos);
  EXPECT_EQ(Last()["path"], hostile);
  EXPECT_EQ(Last()["event"], "request");

  Log(Level::kInfo, "request",
      {{"path", "caf\xe9"}, {"name", "café €"}, {"ratio", std::numeric_limits<double>::infinity()}});
  EXPECT_EQ(Last()["path"], "caf\u00e9");  // the byte as it is, escaped
  EXPECT_EQ(Last()["name"], "café €");
  EXPECT_TRUE(Last()["ratio"].is_null());
}

TEST_F(LogTest, CarriesTheRequestIdOfItsScope) {
  Log(Level::kInfo, "before");
  EXPECT_FALSE(Last().contains("request_id"));
  {
    const ScopedRequestId outer("outer");
    {
      const ScopedRequestId inner("inner");
      Log(Level::kInfo, "within");
      EXPECT_EQ(Last()["request_id"], "inner");
    }
    EXPECT_EQ(CurrentRequestId(), "outer");
  }
  EXPECT_EQ(CurrentRequestId(), "");
}

TEST(Level, NamesComeBack) {
  for (const Level level : {Level::kDebug, Level::kInfo, Level::kWarning, Level::kError}) {
    EXPECT_EQ(ParseLevel(LevelName(level)), level);
  }
  EXPECT_EQ(ParseLevel("INFO"), std::nullopt);
}

}  // namespace
}  // namespace invoice::base
