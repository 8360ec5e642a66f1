#include "gateway/transcode/scalars.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "gateway/transcode/time_text.h"

namespace invoice::gateway {
namespace {

template <typename Number>
std::optional<Number> ParseWhole(std::string_view text) {
  Number number{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool IsNumeric(JsonScalar value) { return value.kind == JsonKind::kNumber || value.kind == JsonKind::kString; }

// The mapping lets 1.0 and 1e3 stand for integers. Beyond 2^53 a double is not exact, so such a number must be written
// out.
template <typename Integer>
std::optional<Integer> ParseInteger(JsonScalar value) {
  if (!IsNumeric(value)) return std::nullopt;
  if (const auto whole = ParseWhole<Integer>(value.text)) return whole;
  constexpr double kExact = 9007199254740992.0;
  const auto number = ParseWhole<double>(value.text);
  if (!number || std::trunc(*number) != *number || std::fabs(*number) > kExact) return std::nullopt;
  if (*number < static_cast<double>(std::numeric_limits<Integer>::min())) return std::nullopt;
  if (*number > static_cast<double>(std::numeric_limits<Integer>::max())) return std::nullopt;
  return static_cast<Integer>(*number);
}

std::optional<double> ParseReal(JsonScalar value, double greatest) {
  if (!IsNumeric(value)) return std::nullopt;
  const auto number = ParseWhole<double>(value.text);
  if (!number || !std::isfinite(*number) || std::fabs(*number) > greatest) return std::nullopt;
  return number;
}

std::optional<int32_t> ParseEnum(const EnumTable& type, JsonScalar value) {
  if (value.kind == JsonKind::kNull && type.is_null()) return 0;
  if (value.kind == JsonKind::kString) {
    if (const int32_t* number = type.Number(value.text)) return *number;
  }
  const std::optional<int32_t> number = ParseInteger<int32_t>(value);
  return number && !type.QuotedName(*number).empty() ? number : std::nullopt;
}

constexpr uint8_t kNoLetter = 64;

// Either alphabet.
constexpr std::array<uint8_t, 256> kBase64 = [] {
  std::array<uint8_t, 256> values{};
  values.fill(kNoLetter);
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < kLetters.size(); ++i)
    values[static_cast<unsigned char>(kLetters[i])] = static_cast<uint8_t>(i);
  values[static_cast<unsigned char>('-')] = 62;
  values[static_cast<unsigned char>('_')] = 63;
  return values;
}();

// Padded or not, as the mapping has it.
bool AppendBase64(std::string_view text, std::string* bytes) {
  if (text.size() % 4 == 0) {
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  }
  if (text.size() % 4 == 1) return false;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const uint8_t value = kBase64[static_cast<unsigned char>(c)];
    if (value == kNoLetter) return false;
    bits = bits << 6 | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes->push_back(static_cast<char>(bits >> count));
  }
  return (bits & ((1U << count) - 1)) == 0;
}

bool AppendBytes(const FieldTable& field, JsonScalar value, WireAppender* out) {
  if (value.kind != JsonKind::kString) return false;
  if (value.text.empty() && !field.presence && !field.repeated) return true;
  out->Varint(field.tag);
  const size_t opened = out->Open();
  if (!AppendBase64(value.text, &out->out())) return false;
  out->Close(opened);
  return true;
}

bool AppendText(const FieldTable& field, JsonScalar value, WireAppender* out) {
  if (value.kind != JsonKind::kString) return false;
  if (value.text.empty() && !field.presence && !field.repeated) return true;
  out->Varint(field.tag);
  out->Bytes(value.text);
  return true;
}

// The value of a number's kind as the bits that stand on the wire.
std::optional<uint64_t> BitsOf(const FieldTable& field, JsonScalar value) {
  const auto wide = [](const auto& number) {
    return number ? std::optional<uint64_t>(static_cast<uint64_t>(*number)) : std::nullopt;
  };
  const auto zigzag = [](const auto& number) {
    return number ? std::optional<uint64_t>(ZigZag(*number)) : std::nullopt;
  };
  switch (field.kind) {
    case WireKind::kInt32:
    case WireKind::kSfixed32:
      return wide(ParseInteger<int32_t>(value));
    case WireKind::kInt64:
    case WireKind::kSfixed64:
      return wide(ParseInteger<int64_t>(value));
    case WireKind::kUint32:
    case WireKind::kFixed32:
      return wide(ParseInteger<uint32_t>(value));
    case WireKind::kUint64:
    case WireKind::kFixed64:
      return wide(ParseInteger<uint64_t>(value));
    case WireKind::kSint32:
      return zigzag(ParseInteger<int32_t>(value));
    case WireKind::kSint64:
      return zigzag(ParseInteger<int64_t>(value));
    case WireKind::kFloat: {
      const auto real = ParseReal(value, std::numeric_limits<float>::max());
      return real ? std::optional<uint64_t>(std::bit_cast<uint32_t>(static_cast<float>(*real))) : std::nullopt;
    }
    case WireKind::kDouble: {
      const auto real = ParseReal(value, std::numeric_limits<double>::max());
      return real ? std::optional<uint64_t>(std::bit_cast<uint64_t>(*real)) : std::nullopt;
    }
    case WireKind::kBool:
      if (value.kind != JsonKind::kTrue && value.kind != JsonKind::kFalse) return std::nullopt;
      return value.kind == JsonKind::kTrue ? 1 : 0;
    case WireKind::kEnum:
      return wide(ParseEnum(*field.enums, value));
    case WireKind::kString:
    case WireKind::kBytes:
    case WireKind::kMessage:
      break;
  }
  return std::nullopt;
}

bool AppendTime(std::optional<SecondsAndNanos> time, WireAppender* out) {
  if (!time) return false;
  if (time->seconds != 0) {
    out->Varint(MakeTag(1, WireType::kVarint));
    out->Varint(static_cast<uint64_t>(time->seconds));
  }
  if (time->nanos != 0) {
    out->Varint(MakeTag(2, WireType::kVarint));
    out->Varint(static_cast<uint64_t>(int64_t{time->nanos}));
  }
  return true;
}

// "paymentTerms.days" -> "payment_terms.days". False where it is no path.
bool AppendMaskPath(std::string_view text, WireAppender* out) {
  out->Varint(MakeTag(1, WireType::kLength));
  const size_t opened = out->Open();
  char before = '.';
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool lower = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (!upper && !lower && c != '.') return false;
    if (before == '.' && !lower) return false;
    if (upper) out->out().push_back('_');
    out->out().push_back(upper ? static_cast<char>(c - 'A' + 'a') : c);
    before = c;
  }
  out->Close(opened);
  return before != '.';
}

bool AppendFieldMask(std::string_view text, WireAppender* out) {
  if (text == "*") {
    out->Varint(MakeTag(1, WireType::kLength));
    out->Bytes(text);
    return true;
  }
  while (!text.empty()) {
    const size_t comma = text.find(',');
    if (!AppendMaskPath(text.substr(0, comma), out) || comma + 1 == text.size()) return false;
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return true;
}

}  // namespace

JsonScalar TextValue(const FieldTable& field, std::string_view text) {
  const bool wrapper = field.kind == WireKind::kMessage && field.form() == MessageForm::kWrapper;
  const WireKind kind = wrapper ? field.message->fields()[0].kind : field.kind;
  if (kind == WireKind::kBool && text == "true") return {JsonKind::kTrue, {}};
  if (kind == WireKind::kBool && text == "false") return {JsonKind::kFalse, {}};
  return {JsonKind::kString, text};
}

bool AppendScalar(const FieldTable& field, JsonScalar value, bool with_tag, WireAppender* out) {
  if (field.kind == WireKind::kString) return AppendText(field, value, out);
  if (field.kind == WireKind::kBytes) return AppendBytes(field, value, out);
  const std::optional<uint64_t> bits = BitsOf(field, value);
  if (!bits) return false;
  if (with_tag && *bits == 0 && !field.presence && !field.repeated) return true;
  if (with_tag) out->Varint(field.tag);
  switch (WireTypeOf(field.tag)) {
    case WireType::kFixed32:
      out->Fixed32(static_cast<uint32_t>(*bits));
      break;
    case WireType::kFixed64:
      out->Fixed64(*bits);
      break;
    default:
      out->Varint(*bits);
      break;
  }
  return true;
}

bool AppendTextForm(MessageForm form, JsonScalar value, WireAppender* out) {
  if (value.kind != JsonKind::kString) return false;
  if (form == MessageForm::kTimestamp) return AppendTime(ParseTimestamp(value.text), out);
  if (form == MessageForm::kDuration) return AppendTime(ParseDuration(value.text), out);
  return AppendFieldMask(value.text, out);
}

std::string_view ExpectedOf(const FieldTable& field) {
  switch (field.kind) {
    case WireKind::kInt32:
    case WireKind::kSint32:
    case WireKind::kSfixed32:
      return "a 32-bit integer";
    case WireKind::kInt64:
    case WireKind::kSint64:
    case WireKind::kSfixed64:
      return "a 64-bit integer";
    case WireKind::kUint32:
    case WireKind::kFixed32:
      return "a 32-bit integer, not negative";
    case WireKind::kUint64:
    case WireKind::kFixed64:
      return "a 64-bit integer, not negative";
    case WireKind::kFloat:
      return "a finite number of single precision";
    case WireKind::kDouble:
      return "a finite number";
    case WireKind::kBool:
      return "true or false";
    case WireKind::kEnum:
      return field.enums->expected();
    case WireKind::kString:
      return "a string";
    case WireKind::kBytes:
      return "base64";
    case WireKind::kMessage:
      break;
  }
  return field.form() == MessageForm::kWrapper ? ExpectedOf(field.message->fields()[0]) : ExpectedOf(field.form());
}

std::string_view ExpectedOf(MessageForm form) {
  switch (form) {
    case MessageForm::kTimestamp:
      return "an instant as \"2026-10-01T08:30:00Z\"";
    case MessageForm::kDuration:
      return "a duration in seconds as \"1.5s\"";
    case MessageForm::kFieldMask:
      return "field paths with commas between them";
    case MessageForm::kListValue:
      return "a list";
    case MessageForm::kWrapper:
    case MessageForm::kValue:
      return "a value";
    case MessageForm::kObject:
    case MessageForm::kStruct:
    case MessageForm::kAny:
      break;
  }
  return "an object";
}

}  // namespace invoice::gateway
