// Messages from protobuf's wire bytes to JSON in one pass: no message object, no tree. Pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "gateway/transcode/message_table.h"

namespace invoice::gateway {

// Appends the message to `out` in proto3's JSON mapping, in lowerCamelCase and in one line; fields stand in the order
// of the proto. Fields without presence are always there, so that clients see every field; absent optional fields,
// messages and alternatives are left out. Takes every legal form of the wire: fields in any order, lists in pieces, a
// message in several parts. INTERNAL where the bytes are malformed, nested deeper than kMaxWireDepth, or have no JSON
// form; `out` is as before then.
absl::Status WriteJson(const MessageTable& type, std::string_view wire, std::string* out);

// The value of one field of the message alone, as it stands behind its name; null where it is absent and has no
// default.
absl::Status WriteJsonOf(const FieldTable& field, const MessageTable& type, std::string_view wire, std::string* out);

}  // namespace invoice::gateway
