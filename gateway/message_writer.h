// Response messages as JSON and as files. Pure.
#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "absl/status/statusor.h"
#include "gateway/transcode/routes.h"

namespace invoice::gateway {

// proto3's JSON mapping in lowerCamelCase, in one line. Fields without presence are always there, so that clients see
// every field; absent optional fields, messages and alternatives are left out.
absl::StatusOr<std::string> WriteJson(const google::protobuf::Message& message);

struct RawFile {
  std::string content_type;
  std::string name;
  std::string data;
};

// Moves the parts out of the message. A content type that could break a header becomes application/octet-stream.
RawFile TakeFile(const RawBody& raw, google::protobuf::Message* message);

}  // namespace invoice::gateway
