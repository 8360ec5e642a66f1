#include "gateway/transcode/json_writer.h"

#include <gmock/gmock.h>

#include "gateway/transcode/wire.h"
#include "kinds.pb.h"
#include "random_message.h"
#include "shelf.pb.h"

namespace invoice::gateway {
namespace {

using ::gateway::test::Book;
using google::protobuf::Message;

const MessageTables& Tables() {
  static const MessageTables* tables = MessageTables::Build(AllMessageTypes()).value().release();
  return *tables;
}

// The JSON of wire bytes, or nothing where they cannot be shown.
std::optional<std::string> Write(const google::protobuf::Descriptor* type, std::string_view wire) {
  std::string json = "before";
  if (!WriteJson(*Tables().Find(type->full_name()), wire, &json).ok()) {
    EXPECT_EQ(json, "before");
    return std::nullopt;
  }
  EXPECT_TRUE(json.starts_with("before"));
  return json.substr(6);
}

void ExpectSame(const std::optional<std::string>& ours, const Message& message) {
  const std::optional<std::string> expected = JsonByProtobuf(message);
  ASSERT_EQ(ours.has_value(), expected.has_value()) << message.DebugString();
  if (!expected || *ours == *expected) return;
  ASSERT_EQ(SortMembers(*ours), SortMembers(*expected)) << message.ShortDebugString();
}

TEST(WriteJson, IsProtobufsJsonForRandomMessages) {
  const std::vector<const google::protobuf::Descriptor*> types = AllMessageTypes();
  RandomMessages random(1);
  for (int i = 0; i < CountOfRandomMessages() && !testing::Test::HasFatalFailure(); ++i) {
    const auto* type = types[static_cast<size_t>(i) % types.size()];
    const std::unique_ptr<Message> message(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
    random.Fill(message.get(), static_cast<int>(random.Below(3)));
    const std::string wire = message->SerializeAsString();
    if (i % 2 == 0) {
      ExpectSame(Write(type, wire), *message);
      continue;
    }
    const std::string scrambled = random.Scramble(wire, type);
    if (!message->ParseFromString(scrambled)) continue;
    message->DiscardUnknownFields();  // protobuf's own JSON stumbles over some
    ExpectSame(Write(type, scrambled), *message);
  }
}

// Never more than an error, and never a byte beyond the end: sanitizers watch.
TEST(WriteJson, TakesEveryPieceAndEveryDamagedForm) {
  RandomMessages random(2);
  ::gateway::test::Everything message;
  random.Fill(&message, 3);
  const std::string wire = message.SerializeAsString();
  for (size_t cut = 0; cut < wire.size(); ++cut) {
    Write(message.GetDescriptor(), std::string(wire, 0, cut));
    std::string damaged = wire;
    damaged[cut] = static_cast<char>(random.Below(256));
    Write(message.GetDescriptor(), damaged);
  }
}

TEST(WriteJson, KeepsTheOrderOfTheProto) {
  Book book;
  book.set_id("1");
  book.mutable_print_time()->set_seconds(5);
  book.set_note("n");
  const std::string json = Write(book.GetDescriptor(), book.SerializeAsString()).value();
  EXPECT_LT(json.find("\"id\""), json.find("\"title\""));
  EXPECT_LT(json.find("\"labels\""), json.find("\"printTime\""));
  EXPECT_LT(json.find("\"printTime\""), json.find("\"note\""));
}

struct WireRow {
  std::string wire;
  const char* json;  // null where the bytes cannot be shown
};

class AuthorWire : public ::testing::TestWithParam<WireRow> {};

TEST_P(AuthorWire, GivesItsJson) {
  const auto json = Write(::gateway::test::Author::descriptor(), GetParam().wire);
  ASSERT_EQ(json.has_value(), GetParam().json != nullptr);
  if (json) {
    EXPECT_EQ(*json, GetParam().json);
  }
}

std::string Groups(int levels) { return std::string(levels, '\x23') + std::string(levels, '\x24'); }

// Author { full_name = 1; birth_year = 2; mentor = 3 }
INSTANTIATE_TEST_SUITE_P(
    Rows, AuthorWire,
    ::testing::Values(
        WireRow{"", R"({"fullName":"","birthYear":0})"},
        WireRow{"\x0a\x01\x61\x0a\x01\x62", R"({"fullName":"b","birthYear":0})"},
        WireRow{"\x10\x05\x0a\x01\x61\x10\x07", R"({"fullName":"a","birthYear":7})"},
        WireRow{"\x1a\x02\x10\x05\x10\x01\x1a\x03\x0a\x01\x6d",
                R"({"fullName":"","birthYear":1,"mentor":{"fullName":"m","birthYear":5}})"},
        // The field with another wire type, an unknown field, unknown groups.
        WireRow{"\x08\x05", R"({"fullName":"","birthYear":0})"},
        WireRow{"\x20\x05", R"({"fullName":"","birthYear":0})"}, WireRow{Groups(1), R"({"fullName":"","birthYear":0})"},
        WireRow{Groups(60), R"({"fullName":"","birthYear":0})"},
        // A number of more than 32 bits.
        WireRow{"\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", R"({"fullName":"","birthYear":-1})"},
        WireRow{"\x10\x85\x80\x80\x80\x10", R"({"fullName":"","birthYear":5})"}, WireRow{Groups(100'000), nullptr},
        WireRow{"\x24", nullptr}, WireRow{"\x23", nullptr}, WireRow{"\x23\x2c", nullptr}, WireRow{"\x0a", nullptr},
        WireRow{"\x0a\x02\x61", nullptr}, WireRow{"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", nullptr},
        WireRow{"\x10", nullptr}, WireRow{"\x10\x80", nullptr},
        WireRow{"\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", nullptr},
        WireRow{std::string("\x02\x00", 2), nullptr}, WireRow{"\x0f", nullptr}, WireRow{"\x0a\x01\xff", nullptr},
        WireRow{"\x0a\x03\xed\xa0\x80", nullptr}, WireRow{"\x0a\x02\xc0\xaf", nullptr}));

TEST(WriteJson, BoundsTheDepth) {
  const auto nested = [](int levels) {
    std::string wire;
    for (int i = 0; i < levels; ++i) {
      std::string outer;
      WireAppender appender(&outer);
      appender.Varint(MakeTag(3, WireType::kLength));
      appender.Bytes(wire);
      wire = std::move(outer);
    }
    return Write(::gateway::test::Author::descriptor(), wire);
  };
  EXPECT_TRUE(nested(kMaxWireDepth - 1).has_value());
  EXPECT_FALSE(nested(kMaxWireDepth).has_value());
  EXPECT_FALSE(nested(1000).has_value());
}

TEST(WriteJson, ShowsEachKeyOfAMapOnce) {
  Book first;
  (*first.mutable_labels())["a"] = "1";
  (*first.mutable_labels())["b"] = "2";
  Book second;
  (*second.mutable_labels())["a"] = "3";
  const std::string json = Write(first.GetDescriptor(), first.SerializeAsString() + second.SerializeAsString()).value();
  EXPECT_NE(SortMembers(json).find(R"("labels":{"a":"3","b":"2"})"), std::string::npos) << json;
}

TEST(WriteJson, AnAnyNeedsAKnownType) {
  ::gateway::test::WellKnown message;
  message.mutable_any()->set_type_url("type.googleapis.com/gateway.test.Nothing");
  message.mutable_any()->set_value("x");
  EXPECT_FALSE(Write(message.GetDescriptor(), message.SerializeAsString()).has_value());
  message.mutable_any()->set_type_url("gateway.test.Author");
  EXPECT_FALSE(Write(message.GetDescriptor(), message.SerializeAsString()).has_value());
  message.mutable_any()->clear_type_url();
  EXPECT_FALSE(Write(message.GetDescriptor(), message.SerializeAsString()).has_value());
  message.mutable_any()->clear_value();
  EXPECT_TRUE(Write(message.GetDescriptor(), message.SerializeAsString()).has_value());
}

TEST(WriteJson, RefusesTimesOutOfRange) {
  for (const auto& [seconds, nanos] : {std::pair<int64_t, int32_t>(253'402'300'800, 0),
                                       {-62'135'596'801, 0},
                                       {0, -1},
                                       {0, 1'000'000'000},
                                       {INT64_MAX, 0},
                                       {INT64_MIN, 0}}) {
    Book book;
    book.mutable_print_time()->set_seconds(seconds);
    book.mutable_print_time()->set_nanos(nanos);
    EXPECT_FALSE(Write(book.GetDescriptor(), book.SerializeAsString()).has_value()) << seconds << " " << nanos;
  }
  for (const auto& [seconds, nanos] :
       {std::pair<int64_t, int32_t>(315'576'000'001, 0), {1, -1}, {-1, 1}, {0, 1'000'000'000}, {INT64_MIN, 0}}) {
    Book book;
    book.mutable_reading_time()->set_seconds(seconds);
    book.mutable_reading_time()->set_nanos(nanos);
    EXPECT_FALSE(Write(book.GetDescriptor(), book.SerializeAsString()).has_value()) << seconds << " " << nanos;
  }
}

}  // namespace
}  // namespace invoice::gateway
