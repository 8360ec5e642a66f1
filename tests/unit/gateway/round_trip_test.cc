// Random messages through JSON and back.
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>

#include "gateway/transcode/body_reader.h"
#include "gateway/transcode/json_writer.h"
#include "random_message.h"

namespace invoice::gateway {
namespace {

using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

const MessageTables& Tables() {
  static const MessageTables* tables = MessageTables::Build(AllMessageTypes()).value().release();
  return *tables;
}

void ExpectReadBack(const std::string& json, const Message& message) {
  FieldFaults faults;
  std::string wire;
  BodyReader reader(json, &faults, &wire);
  ASSERT_TRUE(reader.ReadMessage(*Tables().Find(message.GetDescriptor()->full_name()))) << reader.status() << json;
  ASSERT_TRUE(faults.empty()) << faults.ToStatus() << json;
  const std::unique_ptr<Message> again(message.New());
  ASSERT_TRUE(again->ParseFromString(wire)) << json;
  std::string difference;
  MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&difference);
  ASSERT_TRUE(differencer.Compare(message, *again)) << difference << json;
}

TEST(RoundTrip, GivesBackRandomMessages) {
  const std::vector<const google::protobuf::Descriptor*> types = AllMessageTypes();
  RandomMessages random(5);
  for (int i = 0; i < CountOfRandomMessages() && !testing::Test::HasFatalFailure(); ++i) {
    const auto* type = types[static_cast<size_t>(i) % types.size()];
    const std::unique_ptr<Message> message(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
    random.Fill(message.get(), static_cast<int>(random.Below(3)), /*readable=*/true);
    // Of entries with the same key, one stays.
    ASSERT_TRUE(message->ParseFromString(message->SerializeAsString()));
    if (i % 4 == 0) {
      ExpectReadBack(JsonByProtobuf(*message).value(), *message);
      continue;
    }
    std::string json;
    ASSERT_TRUE(WriteJson(*Tables().Find(type->full_name()), message->SerializeAsString(), &json).ok());
    ExpectReadBack(json, *message);
  }
}

}  // namespace
}  // namespace invoice::gateway
