// A whole request: "METHOD TARGET\nBODY". What is read as a message, written as JSON and read again is the same
// message; every refusal is INVALID_ARGUMENT with a reason.
#include <google/protobuf/util/message_differencer.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"
#include "check.h"
#include "gateway/message_writer.h"
#include "gateway/transcode/message_reader.h"
#include "gateway/transcode/request_reader.h"
#include "gateway/transcode/routes.h"
#include "shelf.pb.h"

namespace invoice::gateway {
namespace {

using google::protobuf::Message;

std::unique_ptr<Message> ReadBack(const std::string& json, const Message& like) {
  std::unique_ptr<Message> again(like.New());
  const auto value = ParseJson(json);
  FUZZ_CHECK(value.ok());
  FieldFaults faults;
  MessageReader(&faults).ReadMessage(*value, JsonPath{}, again.get());
  FUZZ_CHECK(faults.empty());
  return again;
}

void CheckRequest(const Route& route, const RequestParts& parts) {
  const auto message = ReadRequest(route, parts);
  if (!message.ok()) {
    FUZZ_CHECK(message.status().code() == absl::StatusCode::kInvalidArgument);
    FUZZ_CHECK(base::DetailOf(message.status()).reason == base::Reason::kInvalidField);
    FUZZ_CHECK(message.status().message().size() < 1000);
    return;
  }
  const absl::StatusOr<std::string> json = WriteJson(**message);
  if (!json.ok()) return;  // a mask with a path that JSON cannot spell
  FUZZ_CHECK(google::protobuf::util::MessageDifferencer::Equals(**message, *ReadBack(*json, **message)));
}

}  // namespace
}  // namespace invoice::gateway

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace invoice::gateway;  // NOLINT: the one function outside
  static const Routes* routes = Routes::Build({gateway::test::Book::descriptor()->file()->service(0)},
                                              google::protobuf::MessageFactory::generated_factory())
                                    .value()
                                    .release();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t line = text.find('\n');
  const std::string_view head = text.substr(0, line);
  const std::string_view body = line == std::string_view::npos ? std::string_view() : text.substr(line + 1);
  const size_t blank = head.find(' ');
  if (blank == std::string_view::npos) return 0;
  const std::string_view target = head.substr(blank + 1);
  const size_t question = target.find('?');
  const RouteTable::Match match = routes->table().Find(head.substr(0, blank), target.substr(0, question));
  if (match.route == nullptr) return 0;
  const std::string_view query = question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
  CheckRequest(*match.route, {match.variables, query, body});
  return 0;
}
