// Single values of proto3's JSON mapping: numbers, texts, bytes, booleans, enums, instants, durations and field masks.
// Pure.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>
#include <string_view>

#include "gateway/transcode/json_value.h"

namespace invoice::gateway {

// Sets the scalar field, or adds to it where it is repeated. Answers what was expected, or nothing where the value is
// good; integers may be numbers or texts, enums are names only.
std::string StoreScalar(const JsonValue& value, const google::protobuf::FieldDescriptor* field,
                        google::protobuf::Message* message);

// The same for a Timestamp, Duration or FieldMask; `message` is that very message.
std::string StoreTimestamp(const JsonValue& value, google::protobuf::Message* message);
std::string StoreDuration(const JsonValue& value, google::protobuf::Message* message);
std::string StoreFieldMask(const JsonValue& value, google::protobuf::Message* message);

// The field of that name, in lowerCamelCase or as in the proto; null where there is none.
const google::protobuf::FieldDescriptor* FindField(const google::protobuf::Descriptor* message, std::string_view name);

}  // namespace invoice::gateway
