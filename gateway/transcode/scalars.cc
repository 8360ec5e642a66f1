#include "gateway/transcode/scalars.h"

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "base/encoding.h"
#include "fmt/format.h"

namespace invoice::gateway {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Kind = JsonValue::Kind;

template <typename Number>
std::optional<Number> ParseWhole(std::string_view text) {
  Number number{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The mapping lets 1.0 and 1e3 stand for integers. Beyond 2^53 a double is not exact, so such a number must be written
// out.
template <typename Integer>
std::optional<Integer> ParseInteger(const JsonValue& value) {
  if (value.kind != Kind::kNumber && value.kind != Kind::kString) return std::nullopt;
  if (const auto whole = ParseWhole<Integer>(value.text)) return whole;
  constexpr double kExact = 9007199254740992.0;
  const auto number = ParseWhole<double>(value.text);
  if (!number || std::trunc(*number) != *number || std::fabs(*number) > kExact) return std::nullopt;
  if (*number < static_cast<double>(std::numeric_limits<Integer>::min())) return std::nullopt;
  if (*number > static_cast<double>(std::numeric_limits<Integer>::max())) return std::nullopt;
  return static_cast<Integer>(*number);
}

std::optional<double> ParseDouble(const JsonValue& value, double greatest) {
  if (value.kind != Kind::kNumber && value.kind != Kind::kString) return std::nullopt;
  const auto number = ParseWhole<double>(value.text);
  if (!number || !std::isfinite(*number) || std::fabs(*number) > greatest) return std::nullopt;
  return number;
}

// Either alphabet, padded or not, as the mapping has it.
std::optional<std::string> ParseBytes(std::string text) {
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  if (text.size() % 4 == 0) {
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.pop_back();
  }
  return base::Base64UrlDecode(text);
}

std::string NamesOf(const EnumDescriptor* type) {
  std::string names;
  for (int i = 0; i < type->value_count(); ++i) {
    if (type->value(i)->number() == 0) continue;
    if (!names.empty()) names += ", ";
    names += type->value(i)->name();
  }
  return fmt::format("one of {}", names);
}

// Calls the setter of a single field, or the adder of a repeated one, where there is a value to give.
template <typename Value, typename Given>
bool Store(const std::optional<Value>& value, const FieldDescriptor* field, Message* message,
           void (Reflection::*set)(Message*, const FieldDescriptor*, Given) const,
           void (Reflection::*add)(Message*, const FieldDescriptor*, Given) const) {
  if (!value) return false;
  (message->GetReflection()->*(field->is_repeated() ? add : set))(message, field, *value);
  return true;
}

std::string StoreText(const JsonValue& value, const FieldDescriptor* field, Message* message) {
  const bool bytes = field->type() == FieldDescriptor::TYPE_BYTES;
  std::optional<std::string> text;
  if (value.kind == Kind::kString) text = bytes ? ParseBytes(value.text) : value.text;
  if (!text) return bytes ? "base64" : "a string";
  const Reflection* reflection = message->GetReflection();
  if (field->is_repeated()) {
    reflection->AddString(message, field, std::move(*text));
  } else {
    reflection->SetString(message, field, std::move(*text));
  }
  return "";
}

std::string StoreEnum(const JsonValue& value, const FieldDescriptor* field, Message* message) {
  std::optional<const EnumValueDescriptor*> found;
  if (value.kind == Kind::kString) {
    const EnumValueDescriptor* named = field->enum_type()->FindValueByName(value.text);
    if (named != nullptr) found = named;
  }
  return Store(found, field, message, &Reflection::SetEnum, &Reflection::AddEnum) ? "" : NamesOf(field->enum_type());
}

// "paymentTerms.days" -> "payment_terms.days". False where it is no path.
bool AppendMaskPath(std::string_view text, google::protobuf::FieldMask* mask) {
  std::string path;
  char before = '.';
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool lower = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (!upper && !lower && c != '.') return false;
    if (before == '.' && !lower) return false;
    if (upper) path += '_';
    path += upper ? static_cast<char>(c - 'A' + 'a') : c;
    before = c;
  }
  if (before == '.') return false;
  mask->add_paths(std::move(path));
  return true;
}

}  // namespace

std::string StoreScalar(const JsonValue& value, const FieldDescriptor* field, Message* message) {
  using R = Reflection;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return Store(ParseInteger<int32_t>(value), field, message, &R::SetInt32, &R::AddInt32) ? "" : "a 32-bit integer";
    case FieldDescriptor::CPPTYPE_INT64:
      return Store(ParseInteger<int64_t>(value), field, message, &R::SetInt64, &R::AddInt64) ? "" : "a 64-bit integer";
    case FieldDescriptor::CPPTYPE_UINT32:
      return Store(ParseInteger<uint32_t>(value), field, message, &R::SetUInt32, &R::AddUInt32)
                 ? ""
                 : "a 32-bit integer, not negative";
    case FieldDescriptor::CPPTYPE_UINT64:
      return Store(ParseInteger<uint64_t>(value), field, message, &R::SetUInt64, &R::AddUInt64)
                 ? ""
                 : "a 64-bit integer, not negative";
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return Store(ParseDouble(value, std::numeric_limits<double>::max()), field, message, &R::SetDouble, &R::AddDouble)
                 ? ""
                 : "a finite number";
    case FieldDescriptor::CPPTYPE_FLOAT:
      return Store(ParseDouble(value, std::numeric_limits<float>::max()), field, message, &R::SetFloat, &R::AddFloat)
                 ? ""
                 : "a finite number of single precision";
    case FieldDescriptor::CPPTYPE_BOOL: {
      const bool good = value.kind == Kind::kBoolean;
      return Store(good ? std::optional<bool>(value.boolean) : std::nullopt, field, message, &R::SetBool, &R::AddBool)
                 ? ""
                 : "true or false";
    }
    case FieldDescriptor::CPPTYPE_STRING:
      return StoreText(value, field, message);
    case FieldDescriptor::CPPTYPE_ENUM:
      return StoreEnum(value, field, message);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  return "a single value";
}

std::string StoreTimestamp(const JsonValue& value, Message* message) {
  google::protobuf::Timestamp time;
  if (value.kind != Kind::kString || !google::protobuf::util::TimeUtil::FromString(value.text, &time)) {
    return "an instant as \"2026-10-01T08:30:00Z\"";
  }
  message->CopyFrom(time);
  return "";
}

std::string StoreDuration(const JsonValue& value, Message* message) {
  google::protobuf::Duration duration;
  if (value.kind != Kind::kString || !google::protobuf::util::TimeUtil::FromString(value.text, &duration)) {
    return "a duration in seconds as \"1.5s\"";
  }
  message->CopyFrom(duration);
  return "";
}

std::string StoreFieldMask(const JsonValue& value, Message* message) {
  google::protobuf::FieldMask mask;
  bool good = value.kind == Kind::kString;
  if (value.text == "*") {
    mask.add_paths(std::string("*"));
  } else {
    std::string_view rest = value.text;
    while (good && !rest.empty()) {
      const size_t comma = rest.find(',');
      good = AppendMaskPath(rest.substr(0, comma), &mask) && comma + 1 != rest.size();
      rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    }
  }
  if (!good) return "field paths with commas between them";
  message->CopyFrom(mask);
  return "";
}

const FieldDescriptor* FindField(const google::protobuf::Descriptor* message, std::string_view name) {
  const std::string text(name);
  if (const FieldDescriptor* field = message->FindFieldByName(text)) return field;
  const FieldDescriptor* field = message->FindFieldByCamelcaseName(text);
  return field != nullptr && field->json_name() == text ? field : nullptr;
}

}  // namespace invoice::gateway
