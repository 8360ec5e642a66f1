#include "gateway/transcode/message_table.h"

#include <google/protobuf/any.pb.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/wrappers.pb.h>

#include <utility>

#include "base/status.h"
#include "fmt/format.h"
#include "gateway/transcode/json_output.h"
#include "gateway/transcode/wire.h"
#include "invoice/v1/annotations.pb.h"

namespace invoice::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

MessageForm FormOf(const Descriptor* type) {
  switch (type->well_known_type()) {
    case Descriptor::WELLKNOWNTYPE_TIMESTAMP:
      return MessageForm::kTimestamp;
    case Descriptor::WELLKNOWNTYPE_DURATION:
      return MessageForm::kDuration;
    case Descriptor::WELLKNOWNTYPE_FIELDMASK:
      return MessageForm::kFieldMask;
    case Descriptor::WELLKNOWNTYPE_ANY:
      return MessageForm::kAny;
    case Descriptor::WELLKNOWNTYPE_STRUCT:
      return MessageForm::kStruct;
    case Descriptor::WELLKNOWNTYPE_VALUE:
      return MessageForm::kValue;
    case Descriptor::WELLKNOWNTYPE_LISTVALUE:
      return MessageForm::kListValue;
    case Descriptor::WELLKNOWNTYPE_UNSPECIFIED:
      return MessageForm::kObject;
    default:
      return MessageForm::kWrapper;
  }
}

struct KindRow {
  WireKind kind;
  WireType wire_type;
  std::string_view zero;
};

constexpr KindRow KindRowOf(FieldDescriptor::Type type) {
  switch (type) {
    case FieldDescriptor::TYPE_INT32:
      return {WireKind::kInt32, WireType::kVarint, "0"};
    case FieldDescriptor::TYPE_INT64:
      return {WireKind::kInt64, WireType::kVarint, "\"0\""};
    case FieldDescriptor::TYPE_UINT32:
      return {WireKind::kUint32, WireType::kVarint, "0"};
    case FieldDescriptor::TYPE_UINT64:
      return {WireKind::kUint64, WireType::kVarint, "\"0\""};
    case FieldDescriptor::TYPE_SINT32:
      return {WireKind::kSint32, WireType::kVarint, "0"};
    case FieldDescriptor::TYPE_SINT64:
      return {WireKind::kSint64, WireType::kVarint, "\"0\""};
    case FieldDescriptor::TYPE_FIXED32:
      return {WireKind::kFixed32, WireType::kFixed32, "0"};
    case FieldDescriptor::TYPE_FIXED64:
      return {WireKind::kFixed64, WireType::kFixed64, "\"0\""};
    case FieldDescriptor::TYPE_SFIXED32:
      return {WireKind::kSfixed32, WireType::kFixed32, "0"};
    case FieldDescriptor::TYPE_SFIXED64:
      return {WireKind::kSfixed64, WireType::kFixed64, "\"0\""};
    case FieldDescriptor::TYPE_FLOAT:
      return {WireKind::kFloat, WireType::kFixed32, "0"};
    case FieldDescriptor::TYPE_DOUBLE:
      return {WireKind::kDouble, WireType::kFixed64, "0"};
    case FieldDescriptor::TYPE_BOOL:
      return {WireKind::kBool, WireType::kVarint, "false"};
    case FieldDescriptor::TYPE_ENUM:
      return {WireKind::kEnum, WireType::kVarint, "0"};
    case FieldDescriptor::TYPE_STRING:
      return {WireKind::kString, WireType::kLength, "\"\""};
    case FieldDescriptor::TYPE_BYTES:
      return {WireKind::kBytes, WireType::kLength, "\"\""};
    case FieldDescriptor::TYPE_MESSAGE:
    case FieldDescriptor::TYPE_GROUP:
      break;
  }
  return {WireKind::kMessage, WireType::kLength, "{}"};
}

std::string LabelOf(std::string_view name) {
  std::string label = ",";
  JsonOutput output(&label, name.size() + 3);
  output.Text(name);
  output.Put(':');
  output.Finish();
  return label;
}

}  // namespace

EnumTable::EnumTable(const EnumDescriptor* type) : is_null_(type->full_name() == "google.protobuf.NullValue") {
  constexpr int kDense = 256;
  std::string names;
  for (int i = 0; i < type->value_count(); ++i) {
    const auto* value = type->value(i);
    const int number = value->number();
    numbers_.emplace(value->name(), number);
    // Of several names for a number the first one stands.
    if (QuotedName(number).empty()) {
      const std::string quoted = fmt::format("\"{}\"", value->name());
      if (number >= 0 && number < kDense) {
        if (dense_.size() <= static_cast<size_t>(number)) dense_.resize(static_cast<size_t>(number) + 1);
        dense_[static_cast<size_t>(number)] = quoted;
      } else {
        others_.emplace(number, quoted);
      }
    }
    if (number != 0) names += (names.empty() ? "" : ", ") + value->name();
  }
  expected_ = fmt::format("one of {}", names);
}

std::string_view EnumTable::QuotedName(int32_t number) const {
  if (number >= 0 && static_cast<size_t>(number) < dense_.size()) return dense_[static_cast<size_t>(number)];
  const auto found = others_.find(number);
  return found == others_.end() ? std::string_view() : std::string_view(found->second);
}

const int32_t* EnumTable::Number(std::string_view name) const {
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? nullptr : &found->second;
}

const FieldTable* MessageTable::BySparseNumber(uint32_t number) const {
  const auto found = sparse_.find(number);
  return found == sparse_.end() ? nullptr : &fields_[found->second];
}

std::vector<std::string> MessageTable::SettableNames() const {
  std::vector<std::string> names;
  for (const FieldTable& field : fields_) {
    if (!field.output_only) names.push_back(field.json_name);
  }
  return names;
}

absl::StatusOr<std::unique_ptr<MessageTables>> MessageTables::Build(const std::vector<const Descriptor*>& messages) {
  auto tables = std::make_unique<MessageTables>();
  for (const Descriptor* type : messages) tables->Add(type);
  // The well-known types of the same pool went first where a message has them.
  const auto fill = [&tables]() -> absl::Status {
    while (!tables->open_.empty()) {
      const Descriptor* next = tables->open_.back();
      tables->open_.pop_back();
      RETURN_IF_ERROR(tables->Fill(next, tables->messages_.find(next->full_name())->second.get()));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(fill());
  for (const auto* file :
       {google::protobuf::Any::descriptor()->file(), google::protobuf::Duration::descriptor()->file(),
        google::protobuf::FieldMask::descriptor()->file(), google::protobuf::Struct::descriptor()->file(),
        google::protobuf::Timestamp::descriptor()->file(), google::protobuf::DoubleValue::descriptor()->file()}) {
    for (int i = 0; i < file->message_type_count(); ++i) tables->Add(file->message_type(i));
  }
  RETURN_IF_ERROR(fill());
  return tables;
}

const MessageTable* MessageTables::Find(std::string_view full_name) const {
  const auto found = messages_.find(full_name);
  return found == messages_.end() ? nullptr : found->second.get();
}

MessageTable* MessageTables::Add(const Descriptor* type) {
  std::unique_ptr<MessageTable>& table = messages_[type->full_name()];
  if (table == nullptr) {
    table = std::make_unique<MessageTable>();
    table->tables_ = this;
    table->full_name_ = type->full_name();
    table->form_ = FormOf(type);
    open_.push_back(type);
  }
  return table.get();
}

const EnumTable* MessageTables::AddEnum(const EnumDescriptor* type) {
  std::unique_ptr<EnumTable>& table = enums_[type->full_name()];
  if (table == nullptr) table = std::make_unique<EnumTable>(type);
  return table.get();
}

absl::Status MessageTables::Fill(const Descriptor* type, MessageTable* table) {
  if (type->field_count() >= MessageTable::kNone) {
    return absl::InvalidArgumentError(fmt::format("{} has too many fields", type->full_name()));
  }
  table->fields_.resize(static_cast<size_t>(type->field_count()));
  table->oneofs_.resize(static_cast<size_t>(type->real_oneof_decl_count()));
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* from = type->field(i);
    const auto index = static_cast<uint16_t>(i);
    FieldTable& field = table->fields_[index];
    field.index = index;
    RETURN_IF_ERROR(FillField(from, &field));
    if (from->real_containing_oneof() != nullptr) {
      field.oneof = static_cast<int16_t>(from->real_containing_oneof()->index());
      table->oneofs_[static_cast<size_t>(field.oneof)].push_back(index);
    }
    if (field.number < MessageTable::kDenseNumbers) {
      if (table->dense_.size() <= field.number) table->dense_.resize(field.number + 1, MessageTable::kNone);
      table->dense_[field.number] = index;
    } else {
      table->sparse_.emplace(field.number, index);
    }
    table->names_[field.name] = index;
  }
  // The name of the proto goes before another field's name in lowerCamelCase.
  for (const FieldTable& field : table->fields_) table->names_.try_emplace(field.json_name, field.index);
  return absl::OkStatus();
}

absl::Status MessageTables::FillField(const FieldDescriptor* from, FieldTable* field) {
  if (from->type() == FieldDescriptor::TYPE_GROUP) {
    return absl::InvalidArgumentError(fmt::format("{} is a group, which has no JSON form", from->full_name()));
  }
  const KindRow row = KindRowOf(from->type());
  field->name = from->name();
  field->json_name = from->json_name();
  field->label = LabelOf(from->json_name());
  field->number = static_cast<uint32_t>(from->number());
  field->kind = row.kind;
  field->zero = row.zero;
  field->tag = MakeTag(field->number, row.wire_type);
  field->repeated = from->is_repeated();
  field->map = from->is_map();
  field->packed = from->is_packed();
  if (from->is_packable()) field->packed_tag = MakeTag(field->number, WireType::kLength);
  field->presence = from->has_presence();
  field->output_only = from->options().GetExtension(v1::rules).output_only();
  field->event_id = from->options().GetExtension(v1::event_id);
  field->resume_from = from->options().GetExtension(v1::resume_from);
  if (row.kind == WireKind::kMessage) field->message = Add(from->message_type());
  if (row.kind == WireKind::kEnum) {
    field->enums = AddEnum(from->enum_type());
    field->zero = field->enums->QuotedName(from->default_value_enum()->number());
  }
  if (field->map) {
    field->absent = field->label + "{}";
  } else if (field->repeated) {
    field->absent = field->label + "[]";
  } else if (!field->presence) {
    field->absent = field->label + std::string(field->zero);
  }
  return absl::OkStatus();
}

}  // namespace invoice::gateway
