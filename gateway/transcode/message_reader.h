// JSON into a protobuf message: the tree and the descriptor are walked together, so that every fault has its path.
// Follows proto3's JSON mapping, but refuses what protobuf's own parser lets pass: unknown fields, enum numbers, null
// in lists, one field in two spellings. Not thread safe.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "gateway/transcode/field_faults.h"
#include "gateway/transcode/json_value.h"

namespace invoice::gateway {

class MessageReader {
 public:
  explicit MessageReader(FieldFaults* faults) : faults_(faults) {}

  // An object into a message.
  void ReadMessage(const JsonValue& value, const JsonPath& path, google::protobuf::Message* message);
  // Any value into a field of the message; null leaves the field unset.
  void ReadField(const JsonValue& value, const google::protobuf::FieldDescriptor* field, const JsonPath& path,
                 google::protobuf::Message* message);
  // One value into a field that is not a map: sets it, or adds to it where it is repeated.
  void ReadSingle(const JsonValue& value, const google::protobuf::FieldDescriptor* field, const JsonPath& path,
                  google::protobuf::Message* message);

 private:
  void ReadList(const JsonValue& value, const google::protobuf::FieldDescriptor* field, const JsonPath& path,
                google::protobuf::Message* message);
  void ReadMap(const JsonValue& value, const google::protobuf::FieldDescriptor* field, const JsonPath& path,
               google::protobuf::Message* message);
  void Expect(const JsonPath& path, const std::string& expected);

  FieldFaults* faults_;
};

// A value that came as text, in a path or a query, in the form that ReadSingle() takes.
JsonValue TextValue(const google::protobuf::FieldDescriptor* field, std::string text);

}  // namespace invoice::gateway
