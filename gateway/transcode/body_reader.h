// JSON into the wire bytes of a message in one pass, so that every fault has its path. Follows proto3's JSON mapping,
// but refuses what protobuf's own parser lets pass: unknown fields, unknown enum numbers, null in lists, one field in
// two spellings. Not thread safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/inlined_vector.h"
#include "gateway/transcode/field_faults.h"
#include "gateway/transcode/json_input.h"
#include "gateway/transcode/message_table.h"
#include "gateway/transcode/scalars.h"
#include "gateway/transcode/update_mask.h"
#include "gateway/transcode/wire.h"

namespace invoice::gateway {

// What it appends is well-formed whatever the JSON is; what belongs to a fault is missing.
class BodyReader {
 public:
  // Faults go to `faults`, bytes to `wire`.
  BodyReader(std::string_view json, FieldFaults* faults, std::string* wire);

  // The whole text is an object with the fields of the message. False where the text is not JSON as it should be:
  // status() says why. With a collector, the mask of the fields that are there.
  bool ReadMessage(const MessageTable& type);
  // The whole text is the value of the field; null leaves it unset. Of an object the paths begin within it.
  bool ReadField(const FieldTable& field, MaskCollector* mask);

  absl::Status status() const { return in_.status(); }

 private:
  // Every function is false where the text is refused.
  bool Members(const MessageTable& type, const JsonPath& path, const MaskPath* mask, bool any, bool* empty);
  bool Member(const MessageTable& type, const FieldTable& field, std::string_view name, const JsonPath& path,
              const MaskPath* mask, size_t base);
  // Calls `take` with the name of each member of an object whose bracket is open; no name may stand twice.
  template <typename Take>
  bool EachMember(const Take& take);
  bool Unknown(const MessageTable& type, const JsonPath& path);
  bool Field(const FieldTable& field, JsonKind kind, const JsonPath& path, const MaskPath* mask);
  bool List(const FieldTable& field, JsonKind kind, const JsonPath& path);
  bool Map(const FieldTable& field, JsonKind kind, const JsonPath& path);
  bool MapEntry(const FieldTable& field, std::string_view name, const JsonPath& path);
  bool Single(const FieldTable& field, JsonKind kind, const JsonPath& path, bool with_tag, const MaskPath* mask);
  bool Message(const FieldTable& field, JsonKind kind, const JsonPath& path, const MaskPath* mask);
  bool Content(const MessageTable& type, JsonKind kind, const JsonPath& path, const MaskPath* mask);
  bool Value(const MessageTable& type, JsonKind kind, const JsonPath& path);
  bool Any(const MessageTables& tables, const JsonPath& path);
  bool AnyValue(const MessageTable& type, const JsonPath& path);
  bool Fault(JsonKind kind, const JsonPath& path, std::string_view expected);

  JsonInput in_;
  FieldFaults& faults_;
  WireAppender out_;
  MaskCollector* mask_ = nullptr;
  // Of each object that is being read: which fields and then which oneofs it has had.
  absl::InlinedVector<uint8_t, 256> seen_;
};

}  // namespace invoice::gateway
