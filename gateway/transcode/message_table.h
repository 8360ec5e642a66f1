// What the gateway must know of each message to turn protobuf's wire bytes into JSON and back: built once at start from
// the descriptors, with the names of JSON already escaped. Immutable; safe to share between threads.
#pragma once

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "gateway/transcode/name_map.h"

namespace invoice::gateway {

class MessageTable;
class MessageTables;

enum class WireKind : uint8_t {
  kInt32,
  kInt64,
  kUint32,
  kUint64,
  kSint32,
  kSint64,
  kFixed32,
  kFixed64,
  kSfixed32,
  kSfixed64,
  kFloat,
  kDouble,
  kBool,
  kEnum,
  kString,
  kBytes,
  kMessage,
};

// How a message looks in JSON: the well-known types have forms of their own (proto3's JSON mapping).
enum class MessageForm : uint8_t {
  kObject,
  kTimestamp,  // "2026-10-01T08:30:00Z"
  kDuration,   // "1.5s"
  kFieldMask,  // "name,paymentTerms.days"
  kWrapper,    // google.protobuf.StringValue and its like: the bare value
  kStruct,     // an object of any values
  kValue,      // any value
  kListValue,  // a list of any values
  kAny,        // {"@type":"type.googleapis.com/...", ...}
};

// The values of an enum.
class EnumTable {
 public:
  explicit EnumTable(const google::protobuf::EnumDescriptor* type);

  // In quotes; empty where the number is not known.
  std::string_view QuotedName(int32_t number) const;
  // Null where the name is not known.
  const int32_t* Number(std::string_view name) const;
  // "one of NOVEL, POETRY": what a fault says.
  const std::string& expected() const { return expected_; }
  // google.protobuf.NullValue is JSON's null.
  bool is_null() const { return is_null_; }

 private:
  std::vector<std::string> dense_;  // of the numbers from 0
  absl::flat_hash_map<int32_t, std::string> others_;
  NameMap<int32_t> numbers_;
  std::string expected_;
  bool is_null_ = false;
};

// One field. `map` fields have the entry's table in `message`: its fields 0 and 1 are the key and the value.
struct FieldTable {
  std::string name;       // as in the proto
  std::string json_name;  // in lowerCamelCase
  std::string label;      // `,"name":`
  std::string absent;     // the label and the default; empty where an absent field is left out
  std::string_view zero;  // the default value in JSON; a part of a constant
  uint32_t number = 0;
  uint32_t tag = 0;         // number and wire type of one value
  uint32_t packed_tag = 0;  // of a list in one piece; 0 where the kind cannot be packed
  uint16_t index = 0;       // in the message
  int16_t oneof = -1;       // in the message
  WireKind kind = WireKind::kMessage;
  bool repeated = false;  // also maps
  bool map = false;
  bool packed = false;    // is written in one piece
  bool presence = false;  // its default is not the same as absence
  bool output_only = false;
  bool event_id = false;     // the option of invoice/v1/annotations.proto
  bool resume_from = false;  // likewise
  const MessageTable* message = nullptr;
  const EnumTable* enums = nullptr;

  MessageForm form() const;
  // A message that JSON shows as an object of its fields.
  bool is_object() const;
};

class MessageTable {
 public:
  const std::string& full_name() const { return full_name_; }
  // All tables that were built with it: those that a google.protobuf.Any may hold.
  const MessageTables& tables() const { return *tables_; }
  MessageForm form() const { return form_; }
  // In the order of the proto, which is JSON's order.
  const std::vector<FieldTable>& fields() const { return fields_; }
  // The other alternatives' indexes are found by the oneof.
  const std::vector<uint16_t>& oneof_fields(int16_t oneof) const { return oneofs_[static_cast<size_t>(oneof)]; }
  size_t oneof_count() const { return oneofs_.size(); }

  // Null where there is no such field.
  const FieldTable* ByNumber(uint32_t number) const {
    if (number >= dense_.size()) return number < kDenseNumbers ? nullptr : BySparseNumber(number);
    const uint16_t index = dense_[number];
    return index == kNone ? nullptr : &fields_[index];
  }
  // By the name in lowerCamelCase or as in the proto.
  const FieldTable* ByName(std::string_view name) const {
    const auto found = names_.find(name);
    return found == names_.end() ? nullptr : &fields_[found->second];
  }
  // Names that a client may set, for hints.
  std::vector<std::string> SettableNames() const;

 private:
  friend class MessageTables;
  static constexpr uint16_t kNone = 0xffff;
  static constexpr uint32_t kDenseNumbers = 256;

  const FieldTable* BySparseNumber(uint32_t number) const;

  const MessageTables* tables_ = nullptr;
  std::string full_name_;
  MessageForm form_ = MessageForm::kObject;
  std::vector<FieldTable> fields_;
  std::vector<std::vector<uint16_t>> oneofs_;
  std::vector<uint16_t> dense_;  // number -> index, below kDenseNumbers
  absl::flat_hash_map<uint32_t, uint16_t> sparse_;
  NameMap<uint16_t> names_;
};

class MessageTables {
 public:
  // The tables of these messages, of all within them, and of the well-known types. INVALID_ARGUMENT names a field that
  // has no JSON form: a group, or a field of a message with more than 65,000 fields. The descriptors may go afterwards.
  static absl::StatusOr<std::unique_ptr<MessageTables>> Build(
      const std::vector<const google::protobuf::Descriptor*>& messages);

  // Null where there is no such message. Also how a google.protobuf.Any finds what it holds.
  const MessageTable* Find(std::string_view full_name) const;

 private:
  MessageTable* Add(const google::protobuf::Descriptor* type);
  const EnumTable* AddEnum(const google::protobuf::EnumDescriptor* type);
  absl::Status Fill(const google::protobuf::Descriptor* type, MessageTable* table);
  absl::Status FillField(const google::protobuf::FieldDescriptor* from, FieldTable* field);

  NameMap<std::unique_ptr<MessageTable>> messages_;
  NameMap<std::unique_ptr<EnumTable>> enums_;
  std::vector<const google::protobuf::Descriptor*> open_;  // while building
};

inline MessageForm FieldTable::form() const { return message->form(); }
inline bool FieldTable::is_object() const {
  return kind == WireKind::kMessage && !map && message->form() == MessageForm::kObject;
}

}  // namespace invoice::gateway
