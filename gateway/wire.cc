#include "gateway/wire.h"

#include <memory>

#include "base/status.h"

namespace invoice::gateway {
namespace {

using google::protobuf::Message;

absl::StatusOr<std::unique_ptr<Message>> Parse(const Route& route, std::string_view bytes) {
  std::unique_ptr<Message> message(route.response->New());
  if (message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return message;
  return base::Failure(absl::StatusCode::kInternal, base::Reason::kInternal, "the service's answer cannot be shown");
}

}  // namespace

absl::StatusOr<std::string> RequestBytes(const Route& route, const RequestParts& parts) {
  ASSIGN_OR_RETURN(const auto message, ReadRequest(route, parts));
  return message->SerializeAsString();
}

absl::StatusOr<std::string> JsonOf(const Route& route, std::string_view bytes) {
  ASSIGN_OR_RETURN(const auto message, Parse(route, bytes));
  return WriteJson(*message);
}

absl::StatusOr<RawFile> FileOf(const Route& route, std::string_view bytes) {
  ASSIGN_OR_RETURN(const auto message, Parse(route, bytes));
  return TakeFile(*route.raw_body, message.get());
}

}  // namespace invoice::gateway
