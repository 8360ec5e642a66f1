#include "gateway/transcode/body_reader.h"

#include <utility>

#include "fmt/format.h"
#include "gateway/transcode/name_set.h"
#include "gateway/transcode/nearest.h"

namespace invoice::gateway {
namespace {

constexpr std::string_view kTypeName = "@type";
constexpr std::string_view kValueName = "value";
constexpr uint8_t kByJsonName = 1;
constexpr uint8_t kByProtoName = 2;

std::string OnlyOneOf(const MessageTable& type, int16_t oneof) {
  std::string names;
  for (const uint16_t index : type.oneof_fields(oneof)) {
    names += (names.empty() ? "" : ", ") + type.fields()[index].json_name;
  }
  return fmt::format("only one of {}", names);
}

// JSON's null is a value of these, and not the absence of one.
bool TakesNull(const FieldTable& field) {
  if (field.map) return false;
  return field.kind == WireKind::kMessage ? field.form() == MessageForm::kValue
                                          : field.enums != nullptr && field.enums->is_null();
}

}  // namespace

BodyReader::BodyReader(std::string_view json, FieldFaults* faults, std::string* wire)
    : in_(json), faults_(*faults), out_(wire) {}

bool BodyReader::ReadMessage(const MessageTable& type) {
  JsonKind kind = JsonKind::kNull;
  return in_.Begin(&kind) && Content(type, kind, JsonPath{}, nullptr) && in_.End();
}

bool BodyReader::ReadField(const FieldTable& field, MaskCollector* mask) {
  mask_ = mask;
  const MaskPath whole;
  const bool object = field.is_object() && !field.repeated;
  const JsonPath root{nullptr, object ? std::string_view() : std::string_view(field.json_name)};
  JsonKind kind = JsonKind::kNull;
  return in_.Begin(&kind) && Field(field, kind, root, mask == nullptr ? nullptr : &whole) && in_.End();
}

// The members of an object whose bracket is open, as fields of the message. `any` passes over the type of a
// google.protobuf.Any.
bool BodyReader::Members(const MessageTable& type, const JsonPath& path, const MaskPath* mask, bool any, bool* empty) {
  const size_t base = seen_.size();
  seen_.resize(base + type.fields().size() + type.oneof_count());
  NameSet unknown;
  *empty = true;
  for (;;) {
    bool more = false;
    std::string_view name;
    if (!in_.Name(&name, &more)) return false;
    if (!more) break;
    *empty = false;
    const FieldTable* field = type.ByName(name);
    if (field == nullptr || (any && name == kTypeName)) {
      if (!unknown.Add(name)) return in_.RefuseName();
      if (any && name == kTypeName) {
        JsonKind kind = JsonKind::kNull;
        if (!in_.Begin(&kind) || !in_.Skip(kind)) return false;
      } else if (!Unknown(type, JsonPath{&path, name})) {
        return false;
      }
    } else if (!Member(type, *field, name, path, mask, base)) {
      return false;
    }
  }
  seen_.resize(base);
  return true;
}

bool BodyReader::Unknown(const MessageTable& type, const JsonPath& path) {
  if (!faults_.full()) faults_.Add(path, UnknownField(path.name, type.SettableNames()));
  JsonKind kind = JsonKind::kNull;
  return in_.Begin(&kind) && in_.Skip(kind);
}

bool BodyReader::Member(const MessageTable& type, const FieldTable& field, std::string_view name, const JsonPath& path,
                        const MaskPath* mask, size_t base) {
  const uint8_t spelling = name == field.json_name ? kByJsonName : kByProtoName;
  const uint8_t before = std::exchange(seen_[base + field.index], seen_[base + field.index] | spelling);
  if ((before & spelling) != 0) return in_.RefuseName();
  JsonKind kind = JsonKind::kNull;
  if (!in_.Begin(&kind)) return false;
  const JsonPath spelled{&path, field.json_name};
  if (before != 0) return Fault(kind, spelled, "one spelling of the field");
  if (field.oneof >= 0 && (kind != JsonKind::kNull || TakesNull(field))) {
    uint8_t& taken = seen_[base + type.fields().size() + static_cast<size_t>(field.oneof)];
    if (std::exchange(taken, 1) != 0) return Fault(kind, spelled, OnlyOneOf(type, field.oneof));
  }
  const MaskPath inner{mask, &field};
  return Field(field, kind, spelled, mask == nullptr ? nullptr : &inner);
}

// `mask` is the field's own path, where paths are collected.
bool BodyReader::Field(const FieldTable& field, JsonKind kind, const JsonPath& path, const MaskPath* mask) {
  const bool body = mask != nullptr && mask->field == nullptr;
  const bool nested = mask != nullptr && field.is_object() && !field.repeated && kind == JsonKind::kObject;
  if (mask != nullptr && !nested && !body) mask_->Add(*mask);
  if (kind == JsonKind::kNull && (field.repeated || !TakesNull(field))) return true;
  if (field.map) return Map(field, kind, path);
  if (field.repeated) return List(field, kind, path);
  return Single(field, kind, path, /*with_tag=*/true, nested ? mask : nullptr);
}

bool BodyReader::List(const FieldTable& field, JsonKind kind, const JsonPath& path) {
  if (kind != JsonKind::kArray) return Fault(kind, path, "a list");
  size_t opened = 0;
  const size_t before = out_.out().size();
  if (field.packed) {
    out_.Varint(field.packed_tag);
    opened = out_.Open();
  }
  int index = 0;
  for (bool more = false;; ++index) {
    if (!in_.Item(&more)) return false;
    if (!more) break;
    JsonKind item = JsonKind::kNull;
    if (!in_.Begin(&item)) return false;
    const JsonPath inner{&path, {}, index};
    if (item == JsonKind::kNull && !TakesNull(field)) {
      faults_.Add(inner, "a value, not null");
    } else if (!Single(field, item, inner, !field.packed, nullptr)) {
      return false;
    }
  }
  if (field.packed && index > 0) out_.Close(opened);
  if (field.packed && index == 0) out_.out().resize(before);
  return true;
}

template <typename Take>
bool BodyReader::EachMember(const Take& take) {
  NameSet names;
  for (;;) {
    bool more = false;
    std::string_view name;
    if (!in_.Name(&name, &more)) return false;
    if (!more) return true;
    if (!names.Add(name)) return in_.RefuseName();
    if (!take(name)) return false;
  }
}

bool BodyReader::Map(const FieldTable& field, JsonKind kind, const JsonPath& path) {
  if (kind != JsonKind::kObject) return Fault(kind, path, "an object");
  return EachMember([&](std::string_view name) { return MapEntry(field, name, JsonPath{&path, name}); });
}

bool BodyReader::MapEntry(const FieldTable& field, std::string_view name, const JsonPath& path) {
  const FieldTable& key = field.message->fields()[0];
  const FieldTable& value = field.message->fields()[1];
  out_.Varint(field.tag);
  const size_t opened = out_.Open();
  const size_t before = out_.out().size();
  if (!AppendScalar(key, TextValue(key, name), /*with_tag=*/true, &out_)) {
    out_.out().resize(before);
    faults_.Add(path, ExpectedOf(key));
  }
  JsonKind kind = JsonKind::kNull;
  if (!in_.Begin(&kind)) return false;
  if (kind == JsonKind::kNull && !TakesNull(value)) {
    faults_.Add(path, "a value, not null");
  } else if (!Single(value, kind, path, /*with_tag=*/true, nullptr)) {
    return false;
  }
  out_.Close(opened);
  return true;
}

// One value of a field: of a list, each entry.
bool BodyReader::Single(const FieldTable& field, JsonKind kind, const JsonPath& path, bool with_tag,
                        const MaskPath* mask) {
  if (field.kind == WireKind::kMessage) return Message(field, kind, path, mask);
  const size_t before = out_.out().size();
  if (AppendScalar(field, {kind, in_.text()}, with_tag, &out_)) return true;
  out_.out().resize(before);
  return Fault(kind, path, ExpectedOf(field));
}

bool BodyReader::Message(const FieldTable& field, JsonKind kind, const JsonPath& path, const MaskPath* mask) {
  out_.Varint(field.tag);
  const size_t opened = out_.Open();
  if (!Content(*field.message, kind, path, mask)) return false;
  out_.Close(opened);
  return true;
}

// The fields of a message, without its tag.
bool BodyReader::Content(const MessageTable& type, JsonKind kind, const JsonPath& path, const MaskPath* mask) {
  const size_t before = out_.out().size();
  bool empty = false;
  switch (type.form()) {
    case MessageForm::kObject:
      if (kind != JsonKind::kObject) return Fault(kind, path, "an object");
      if (!Members(type, path, mask, /*any=*/false, &empty)) return false;
      if (empty && mask != nullptr && mask->field != nullptr) mask_->Add(*mask);
      return true;
    case MessageForm::kTimestamp:
    case MessageForm::kDuration:
    case MessageForm::kFieldMask:
      if (AppendTextForm(type.form(), {kind, in_.text()}, &out_)) return true;
      out_.out().resize(before);
      return Fault(kind, path, ExpectedOf(type.form()));
    case MessageForm::kWrapper:
      if (kind == JsonKind::kNull) return Fault(kind, path, "a value, not null");
      return Single(type.fields()[0], kind, path, /*with_tag=*/true, nullptr);
    case MessageForm::kStruct:
      return Map(type.fields()[0], kind, path);
    case MessageForm::kListValue:
      return List(type.fields()[0], kind, path);
    case MessageForm::kValue:
      return Value(type, kind, path);
    case MessageForm::kAny:
      if (kind != JsonKind::kObject) return Fault(kind, path, "an object");
      return Any(type.tables(), path);
  }
  return false;
}

bool BodyReader::Value(const MessageTable& type, JsonKind kind, const JsonPath& path) {
  const auto field = [&type](std::string_view name) -> const FieldTable& { return *type.ByName(name); };
  switch (kind) {
    case JsonKind::kNull:
      return Single(field("null_value"), kind, path, /*with_tag=*/true, nullptr);
    case JsonKind::kTrue:
    case JsonKind::kFalse:
      return Single(field("bool_value"), kind, path, /*with_tag=*/true, nullptr);
    case JsonKind::kNumber:
      return Single(field("number_value"), kind, path, /*with_tag=*/true, nullptr);
    case JsonKind::kString:
      return Single(field("string_value"), kind, path, /*with_tag=*/true, nullptr);
    case JsonKind::kArray:
      return Single(field("list_value"), kind, path, /*with_tag=*/true, nullptr);
    case JsonKind::kObject:
      return Single(field("struct_value"), kind, path, /*with_tag=*/true, nullptr);
  }
  return false;
}

// An object whose bracket is open. Its type may stand anywhere in it.
bool BodyReader::Any(const MessageTables& tables, const JsonPath& path) {
  const JsonPath type_path{&path, kTypeName};
  std::string url;
  bool empty = false;
  if (!in_.FindText(kTypeName, &url, &empty)) {
    if (!empty) faults_.Add(type_path, "the type of the message");
    return in_.Skip(JsonKind::kObject);
  }
  const size_t slash = url.rfind('/');
  const MessageTable* type =
      slash == std::string::npos ? nullptr : tables.Find(std::string_view(url).substr(slash + 1));
  if (type == nullptr) {
    faults_.Add(type_path, "the type of a known message");
    return in_.Skip(JsonKind::kObject);
  }
  out_.Varint(MakeTag(1, WireType::kLength));
  out_.Bytes(url);
  out_.Varint(MakeTag(2, WireType::kLength));
  const size_t opened = out_.Open();
  const bool object = type->form() == MessageForm::kObject;
  if (!(object ? Members(*type, path, nullptr, /*any=*/true, &empty) : AnyValue(*type, path))) return false;
  out_.Close(opened);
  return true;
}

// A message with a form of its own stands beside its type.
bool BodyReader::AnyValue(const MessageTable& type, const JsonPath& path) {
  return EachMember([&](std::string_view name) {
    JsonKind kind = JsonKind::kNull;
    if (!in_.Begin(&kind)) return false;
    const JsonPath inner{&path, name};
    if (name == kValueName) return Content(type, kind, inner, nullptr);
    if (name != kTypeName && !faults_.full()) faults_.Add(inner, UnknownField(name, {std::string(kValueName)}));
    return in_.Skip(kind);
  });
}

// What was begun is passed over.
bool BodyReader::Fault(JsonKind kind, const JsonPath& path, std::string_view expected) {
  faults_.Add(path, expected);
  return in_.Skip(kind);
}

}  // namespace invoice::gateway
