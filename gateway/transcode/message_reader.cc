#include "gateway/transcode/message_reader.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "fmt/format.h"
#include "gateway/transcode/field_kind.h"
#include "gateway/transcode/nearest.h"
#include "gateway/transcode/scalars.h"

namespace invoice::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;
using Kind = JsonValue::Kind;

std::string OnlyOneOf(const OneofDescriptor* oneof) {
  std::string names;
  for (int i = 0; i < oneof->field_count(); ++i) names += (i > 0 ? ", " : "") + oneof->field(i)->json_name();
  return fmt::format("only one of {}", names);
}

// Which fields and groups of alternatives an object has named so far.
class Seen {
 public:
  // What is wrong with the next field, or nothing.
  std::string Add(const FieldDescriptor* field, bool present) {
    if (!fields_.insert(field).second) return "one spelling of the field";
    const OneofDescriptor* oneof = field->real_containing_oneof();
    if (present && oneof != nullptr && !oneofs_.insert(oneof).second) return OnlyOneOf(oneof);
    return "";
  }

 private:
  absl::flat_hash_set<const FieldDescriptor*> fields_;
  absl::flat_hash_set<const OneofDescriptor*> oneofs_;
};

Message* Place(const FieldDescriptor* field, Message* message) {
  const auto* reflection = message->GetReflection();
  return field->is_repeated() ? reflection->AddMessage(message, field) : reflection->MutableMessage(message, field);
}

}  // namespace

void MessageReader::Expect(const JsonPath& path, const std::string& expected) {
  if (!expected.empty()) faults_->Add(path, expected);
}

void MessageReader::ReadMessage(const JsonValue& value, const JsonPath& path, Message* message) {
  if (value.kind != Kind::kObject) return Expect(path, "an object");
  Seen seen;
  for (size_t i = 0; i < value.items.size() && !faults_->full(); ++i) {
    const JsonPath inner{&path, value.names[i]};
    const FieldDescriptor* field = FindField(message->GetDescriptor(), value.names[i]);
    if (field == nullptr) {
      Expect(inner, UnknownField(value.names[i], message->GetDescriptor()));
      continue;
    }
    const JsonPath spelled{&path, field->json_name()};
    if (const std::string expected = seen.Add(field, value.items[i].kind != Kind::kNull); !expected.empty()) {
      Expect(spelled, expected);
    } else {
      ReadField(value.items[i], field, spelled, message);
    }
  }
}

void MessageReader::ReadField(const JsonValue& value, const FieldDescriptor* field, const JsonPath& path,
                              Message* message) {
  if (value.kind == Kind::kNull) return;
  if (field->is_map()) return ReadMap(value, field, path, message);
  if (field->is_repeated()) return ReadList(value, field, path, message);
  ReadSingle(value, field, path, message);
}

void MessageReader::ReadList(const JsonValue& value, const FieldDescriptor* field, const JsonPath& path,
                             Message* message) {
  if (value.kind != Kind::kArray) return Expect(path, "a list");
  for (size_t i = 0; i < value.items.size() && !faults_->full(); ++i) {
    ReadSingle(value.items[i], field, JsonPath{&path, {}, static_cast<int>(i)}, message);
  }
}

void MessageReader::ReadMap(const JsonValue& value, const FieldDescriptor* field, const JsonPath& path,
                            Message* message) {
  if (value.kind != Kind::kObject) return Expect(path, "an object");
  const FieldDescriptor* key = field->message_type()->map_key();
  const FieldDescriptor* entry_value = field->message_type()->map_value();
  for (size_t i = 0; i < value.items.size() && !faults_->full(); ++i) {
    const JsonPath inner{&path, value.names[i]};
    Message* entry = message->GetReflection()->AddMessage(message, field);
    ReadSingle(TextValue(key, value.names[i]), key, inner, entry);
    ReadSingle(value.items[i], entry_value, inner, entry);
  }
}

void MessageReader::ReadSingle(const JsonValue& value, const FieldDescriptor* field, const JsonPath& path,
                               Message* message) {
  if (value.kind == Kind::kNull) return Expect(path, "a value, not null");
  switch (KindOf(field)) {
    case FieldKind::kScalar:
      return Expect(path, StoreScalar(value, field, message));
    case FieldKind::kTimestamp:
      return Expect(path, StoreTimestamp(value, Place(field, message)));
    case FieldKind::kDuration:
      return Expect(path, StoreDuration(value, Place(field, message)));
    case FieldKind::kFieldMask:
      return Expect(path, StoreFieldMask(value, Place(field, message)));
    case FieldKind::kWrapper: {
      Message* wrapper = Place(field, message);
      return ReadSingle(value, wrapper->GetDescriptor()->FindFieldByNumber(1), path, wrapper);
    }
    case FieldKind::kMessage:
      return ReadMessage(value, path, Place(field, message));
    case FieldKind::kUnsupported:
      return Expect(path, "nothing: the field cannot be read from JSON");
  }
}

JsonValue TextValue(const FieldDescriptor* field, std::string text) {
  const FieldDescriptor* scalar =
      KindOf(field) == FieldKind::kWrapper ? field->message_type()->FindFieldByNumber(1) : field;
  const bool boolean = scalar->cpp_type() == FieldDescriptor::CPPTYPE_BOOL && (text == "true" || text == "false");
  return boolean ? JsonValue::Boolean(text == "true") : JsonValue::String(std::move(text));
}

}  // namespace invoice::gateway
