#include "rpc/digest.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>

#include "fmt/format.h"
#include "invoice/v1/annotations.pb.h"

namespace invoice::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

void AppendMessage(const Message& message, const std::vector<std::string_view>& without, std::string* text);

void AppendText(std::string_view value, std::string* text) { *text += fmt::format("{}:{}", value.size(), value); }

std::string OfMessage(const Message& message) {
  std::string text;
  AppendMessage(message, {}, &text);
  return text;
}

std::string OfSingle(const Message& message, const FieldDescriptor* field) {
  const Reflection* reflection = message.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return fmt::to_string(reflection->GetInt32(message, field));
    case FieldDescriptor::CPPTYPE_INT64:
      return fmt::to_string(reflection->GetInt64(message, field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return fmt::to_string(reflection->GetUInt32(message, field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return fmt::to_string(reflection->GetUInt64(message, field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return fmt::format("{:a}", reflection->GetDouble(message, field));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return fmt::format("{:a}", reflection->GetFloat(message, field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->GetBool(message, field) ? "1" : "0";
    case FieldDescriptor::CPPTYPE_ENUM:
      return fmt::to_string(reflection->GetEnumValue(message, field));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection->GetString(message, field);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return OfMessage(reflection->GetMessage(message, field));
  }
  return "";
}

std::string OfEntry(const Message& message, const FieldDescriptor* field, int index) {
  const Reflection* reflection = message.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return fmt::to_string(reflection->GetRepeatedInt32(message, field, index));
    case FieldDescriptor::CPPTYPE_INT64:
      return fmt::to_string(reflection->GetRepeatedInt64(message, field, index));
    case FieldDescriptor::CPPTYPE_UINT32:
      return fmt::to_string(reflection->GetRepeatedUInt32(message, field, index));
    case FieldDescriptor::CPPTYPE_UINT64:
      return fmt::to_string(reflection->GetRepeatedUInt64(message, field, index));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return fmt::format("{:a}", reflection->GetRepeatedDouble(message, field, index));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return fmt::format("{:a}", reflection->GetRepeatedFloat(message, field, index));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->GetRepeatedBool(message, field, index) ? "1" : "0";
    case FieldDescriptor::CPPTYPE_ENUM:
      return fmt::to_string(reflection->GetRepeatedEnumValue(message, field, index));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection->GetRepeatedString(message, field, index);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return OfMessage(reflection->GetRepeatedMessage(message, field, index));
  }
  return "";
}

void AppendMessage(const Message& message, const std::vector<std::string_view>& without, std::string* text) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);  // in order of their numbers
  *text += '{';
  for (const FieldDescriptor* field : fields) {
    if (std::find(without.begin(), without.end(), field->name()) != without.end()) continue;
    std::vector<std::string> values;
    if (field->is_repeated()) {
      const int count = message.GetReflection()->FieldSize(message, field);
      for (int i = 0; i < count; ++i) values.push_back(OfEntry(message, field, i));
      if (field->is_map()) std::sort(values.begin(), values.end());  // a map has no order
    } else {
      values.push_back(OfSingle(message, field));
    }
    *text += fmt::format("{}=", field->number());
    for (const std::string& value : values) AppendText(value, text);
    *text += ';';
  }
  *text += '}';
}

bool HoldsSecret(const Message& message) {
  const Reflection* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->options().GetExtension(v1::rules).input_only()) return true;
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (HoldsSecret(field->is_repeated() ? reflection->GetRepeatedMessage(message, field, i)
                                           : reflection->GetMessage(message, field))) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

std::string CanonicalText(const Message& message, const std::vector<std::string_view>& without) {
  std::string text = message.GetDescriptor()->full_name();
  AppendMessage(message, without, &text);
  return text;
}

std::string Digest(const Message& message, const std::vector<std::string_view>& without) {
  return base::Sha256Hex(CanonicalText(message, without));
}

std::string DigestOfRequest(const Message& request, const base::Secret& key) {
  if (!HoldsSecret(request)) return Digest(request);
  const std::string own_key = base::Sha256Hex("idempotency digest\n" + std::string(key.Reveal()));
  // Twice, as HMAC does.
  return base::Sha256Hex(own_key + base::Sha256Hex(own_key + CanonicalText(request)));
}

}  // namespace invoice::rpc
