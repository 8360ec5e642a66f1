// A whole request: "METHOD TARGET\nBODY". What is read as a message, written as JSON and read again is the same
// message; every refusal is INVALID_ARGUMENT with a reason.
#include <google/protobuf/util/message_differencer.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/text.h"
#include "check.h"
#include "gateway/routes/request_reader.h"
#include "gateway/routes/routes.h"
#include "gateway/transcode/body_reader.h"
#include "gateway/transcode/json_writer.h"
#include "mapping.pb.h"
#include "shelf.pb.h"

namespace invoice::gateway {
namespace {

using google::protobuf::Message;

std::unique_ptr<Message> Parse(const MessageTable& table, const std::string& wire) {
  const auto* type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(table.full_name());
  std::unique_ptr<Message> message(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  FUZZ_CHECK(message->ParseFromString(wire));
  return message;
}

std::unique_ptr<Message> ReadBack(const MessageTable& table, const std::string& json) {
  FieldFaults faults;
  std::string wire;
  FUZZ_CHECK(BodyReader(json, &faults, &wire).ReadMessage(table));
  FUZZ_CHECK(faults.empty());
  return Parse(table, wire);
}

// Of all services beside the message.
const Routes* BuildRoutes(const google::protobuf::Descriptor* type) {
  std::vector<const google::protobuf::ServiceDescriptor*> services;
  for (int i = 0; i < type->file()->service_count(); ++i) services.push_back(type->file()->service(i));
  return Routes::Build(services).value().release();
}

void CheckRequest(const Route& route, const RequestParts& parts) {
  const auto wire = ReadRequest(route, parts);
  if (!wire.ok()) {
    FUZZ_CHECK(wire.status().code() == absl::StatusCode::kInvalidArgument);
    FUZZ_CHECK(base::DetailOf(wire.status()).reason == base::Reason::kInvalidField);
    FUZZ_CHECK(wire.status().message().size() < 1000);
    return;
  }
  const std::unique_ptr<Message> message = Parse(*route.request, *wire);
  std::string json;
  FUZZ_CHECK(WriteJson(*route.request, *wire, &json).ok());
  // A path of a field mask may have a spelling that JSON does not give back: "a__b".
  if (message->ShortDebugString().find("paths") != std::string::npos) return;
  FUZZ_CHECK(google::protobuf::util::MessageDifferencer::Equals(*message, *ReadBack(*route.request, json)));
}

}  // namespace
}  // namespace invoice::gateway

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace invoice::gateway;  // NOLINT: the one function outside
  static const Routes* const apis[] = {BuildRoutes(gateway::test::Book::descriptor()),
                                       BuildRoutes(gateway::mapping::Message::descriptor())};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t line = text.find('\n');
  const std::string_view head = text.substr(0, line);
  const std::string_view body = line == std::string_view::npos ? std::string_view() : text.substr(line + 1);
  const size_t blank = head.find(' ');
  if (blank == std::string_view::npos) return 0;
  const std::string_view target = head.substr(blank + 1);
  const size_t question = target.find('?');
  const std::string_view query = question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
  for (const Routes* routes : apis) {
    const RouteTable::Match match = routes->table().Find(head.substr(0, blank), target.substr(0, question));
    if (match.route == nullptr) continue;
    CheckRequest(*match.route, {match.variables, query, body});
    if (!invoice::base::IsValidUtf8(query)) continue;  // headers are ASCII
    CheckRequest(*match.route, {match.variables, {}, body, "v1", query});
  }
  return 0;
}
