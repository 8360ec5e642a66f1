#include "gateway/message_writer.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <utility>

#include "base/status.h"

namespace invoice::gateway {
namespace {

using google::protobuf::Message;

// type/subtype, with parameters.
bool IsMediaType(std::string_view text) {
  return text.find('/') != std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

absl::StatusOr<std::string> WriteJson(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(message, &json, options).ok()) {
    return base::Failure(absl::StatusCode::kInternal, base::Reason::kInternal, "the service's answer cannot be shown");
  }
  return json;
}

RawFile TakeFile(const RawBody& raw, Message* message) {
  const auto* reflection = message->GetReflection();
  RawFile file;
  file.content_type = reflection->GetString(*message, raw.content_type);
  file.name = reflection->GetString(*message, raw.file_name);
  // The reference points into the message, which is thrown away.
  file.data = std::move(const_cast<std::string&>(reflection->GetStringReference(*message, raw.data, &file.data)));
  if (!IsMediaType(file.content_type)) file.content_type = "application/octet-stream";
  return file;
}

}  // namespace invoice::gateway
