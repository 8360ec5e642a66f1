// Wire bytes into JSON: "T" and the bytes of a message, where T chooses its type. What protobuf can parse and show,
// looks the same here but for the order of members; whatever is shown is strict JSON.
#include <google/protobuf/message.h>

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "check.h"
#include "gateway/transcode/json_writer.h"
#include "kinds.pb.h"
#include "random_message.h"
#include "shelf.pb.h"

namespace {

using namespace invoice::gateway;  // NOLINT: the whole file is about it
using google::protobuf::Message;

// The first byte chooses.
const google::protobuf::Descriptor* const kTypes[] = {
    gateway::test::Singles::descriptor(),      gateway::test::Optionals::descriptor(),
    gateway::test::Lists::descriptor(),        gateway::test::Maps::descriptor(),
    gateway::test::Alternatives::descriptor(), gateway::test::WellKnown::descriptor(),
    gateway::test::Everything::descriptor(),   gateway::test::Book::descriptor()};

// Texts of these three have forms that protobuf's own JSON shows although they are malformed.
bool IsComparable(const google::protobuf::Descriptor* type) {
  return type != gateway::test::WellKnown::descriptor() && type != gateway::test::Everything::descriptor() &&
         type != gateway::test::Book::descriptor();
}

std::optional<std::string> Write(const google::protobuf::Descriptor* type, std::string_view wire) {
  static const MessageTables* tables = MessageTables::Build({kTypes, kTypes + std::size(kTypes)}).value().release();
  std::string json;
  if (WriteJson(*tables->Find(type->full_name()), wire, &json).ok()) return json;
  FUZZ_CHECK(json.empty());
  return std::nullopt;
}

// Protobuf's parser lets more pass: tags of more than 32 bits. What it makes of the bytes must be shown in any case.
void Compare(const google::protobuf::Descriptor* type, std::string_view wire, const std::optional<std::string>& json) {
  constexpr size_t kNeverTooDeep = 60;
  const std::unique_ptr<Message> message(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  if (!message->ParseFromString(std::string(wire))) return;
  message->DiscardUnknownFields();
  const std::optional<std::string> expected = JsonByProtobuf(*message);
  if (json && expected) FUZZ_CHECK(SortMembers(*json) == SortMembers(*expected));
  if (wire.size() < kNeverTooDeep) {
    FUZZ_CHECK(Write(type, message->SerializeAsString()).has_value() == expected.has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto* type = kTypes[data[0] % std::size(kTypes)];
  const std::string_view wire(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::optional<std::string> json = Write(type, wire);
  if (json) FUZZ_CHECK(nlohmann::json::accept(*json));
  if (IsComparable(type)) Compare(type, wire, json);
  return 0;
}
