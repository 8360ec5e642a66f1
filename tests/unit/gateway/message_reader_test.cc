#include "gateway/upstream/message_reader.h"

#include <gmock/gmock.h>

#include <string>

#include "base/limits.h"

namespace invoice::gateway {
namespace {

using State = MessageReader::State;

std::string Prefixed(const std::string& message) {
  const auto prefix = MessagePrefix(message.size());
  return std::string(prefix.begin(), prefix.end()) + message;
}

TEST(MessageReader, TakesOneMessageAndNotMore) {
  MessageReader reader;
  const std::string bytes = Prefixed("first") + Prefixed("");
  EXPECT_TRUE(reader.empty());
  EXPECT_EQ(reader.Take(bytes), 10u);
  EXPECT_EQ(reader.state(), State::kWhole);
  EXPECT_EQ(reader.Take(bytes), 0u) << "one at a time";
  EXPECT_EQ(reader.Release()->view(), "first");
  EXPECT_TRUE(reader.empty());
  EXPECT_EQ(reader.Take(std::string_view(bytes).substr(10)), 5u);
  EXPECT_EQ(reader.Release()->view(), "");
}

TEST(MessageReader, PutsPiecesTogether) {
  const std::string message(300, 'x');
  MessageReader reader;
  for (const char byte : Prefixed(message)) {
    ASSERT_EQ(reader.state(), State::kPartial);
    EXPECT_EQ(reader.Take({&byte, 1}), 1u);
    EXPECT_FALSE(reader.empty());
  }
  EXPECT_EQ(reader.Release()->view(), message);
}

TEST(MessageReader, KnowsWhatIsMissing) {
  MessageReader reader;
  EXPECT_EQ(reader.missing(), 0u);
  reader.Take(Prefixed(std::string(1000, 'x')).substr(0, 105));
  EXPECT_EQ(reader.missing(), 900u);
}

TEST(MessageReader, RefusesWhatIsCompressedOrTooLarge) {
  MessageReader compressed;
  compressed.Take(std::string("\1\0\0\0\1x", 6));
  EXPECT_EQ(compressed.state(), State::kCompressed);
  const auto prefix = MessagePrefix(base::kMaxResponseBytes + 1);
  MessageReader large;
  large.Take({prefix.data(), prefix.size()});
  EXPECT_EQ(large.state(), State::kTooLarge);
  EXPECT_EQ(large.Take("x"), 0u);
}

}  // namespace
}  // namespace invoice::gateway
