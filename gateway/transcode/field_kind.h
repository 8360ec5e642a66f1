// How a field of a message looks in JSON: the well-known types have forms of their own (proto3's JSON mapping). Pure.
#pragma once

#include <google/protobuf/descriptor.h>

#include "absl/status/status.h"

namespace invoice::gateway {

// Of one value: of each entry of a list, of the value of a map.
enum class FieldKind {
  kScalar,       // numbers, texts, bytes, booleans, enums
  kTimestamp,    // "2026-10-01T08:30:00Z"
  kDuration,     // "1.5s"
  kFieldMask,    // "name,paymentTerms.days"
  kWrapper,      // google.protobuf.StringValue and its like: the bare value
  kMessage,      // an object
  kUnsupported,  // google.protobuf.Any, Struct, Value, ListValue
};

FieldKind KindOf(const google::protobuf::FieldDescriptor* field);

// INVALID_ARGUMENT where the message, or one within it, has a field that the gateway cannot read.
absl::Status CheckReadable(const google::protobuf::Descriptor* message);

}  // namespace invoice::gateway
