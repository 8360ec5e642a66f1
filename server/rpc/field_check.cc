#include "rpc/field_check.h"

#include "absl/strings/match.h"
#include "base/field_fault.h"
#include "base/id.h"
#include "base/internet_names.h"
#include "base/text.h"
#include "domain/money.h"
#include "fmt/format.h"

namespace invoice::rpc {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using FieldCheck = RuleBook::FieldCheck;

constexpr int kMaxEnumNames = 12;

std::string_view NameOfFormat(v1::FieldRules::Format format) {
  switch (format) {
    case v1::FieldRules::UUID:
      return "a UUID in lower case";
    case v1::FieldRules::DATE:
      return "a date YYYY-MM-DD from 1970-01-01 to 2199-12-31";
    case v1::FieldRules::EMAIL:
      return "an email address";
    case v1::FieldRules::TIME_ZONE:
      return "the name of an IANA time zone, such as America/Toronto";
    case v1::FieldRules::COUNTRY_CODE:
      return "an ISO 3166-1 country code of two capital letters";
    case v1::FieldRules::CURRENCY_CODE:
      return "an ISO 4217 currency code of three capital letters";
    case v1::FieldRules::LOCALE:
      return "a language tag, such as en-CA";
    case v1::FieldRules::HTTP_URL:
      return "an absolute http or https URL";
    case v1::FieldRules::ETAG:
      return "an etag from an earlier answer";
    case v1::FieldRules::HOST_NAME:
      return "a DNS name or IP address";
    case v1::FieldRules::COLOR:
      return "a colour #rrggbb";
    case v1::FieldRules::SHA256:
      return "64 lower-case hexadecimal digits";
    default:
      return "another text";
  }
}

bool HasFormat(const FieldCheck& check, const RuleBook::IsTimeZone& is_time_zone, std::string_view text) {
  switch (check.rules.format()) {
    case v1::FieldRules::UUID:
      return base::IsId(text);
    case v1::FieldRules::DATE:
      return IsDate(text);
    case v1::FieldRules::EMAIL:
      return !base::FaultOfAddress(text);
    case v1::FieldRules::TIME_ZONE:
      return is_time_zone(text);
    case v1::FieldRules::COUNTRY_CODE:
      return IsCountryCode(text);
    case v1::FieldRules::CURRENCY_CODE:
      return domain::Currency::Find(text).has_value();
    case v1::FieldRules::LOCALE:
      return IsLocale(text);
    case v1::FieldRules::HTTP_URL:
      return IsHttpUrl(text);
    case v1::FieldRules::ETAG:
      return IsEtag(text);
    case v1::FieldRules::HOST_NAME:
      return IsHostName(text);
    case v1::FieldRules::COLOR:
      return IsColor(text);
    case v1::FieldRules::SHA256:
      return IsSha256(text);
    // Decimals are checked apart; a page token's own check has a reason of its own (page_token.h).
    default:
      return true;
  }
}

std::string NameOfDecimal(const v1::FieldRules& rules) {
  std::string text = rules.max_decimals() == 0 && rules.has_max_decimals()
                         ? "a whole number"
                         : fmt::format("a decimal with at most {} decimals",
                                       rules.has_max_decimals() ? rules.max_decimals() : PlainDecimal::kMaxDecimals);
  text += fmt::format(" and {} digits before the point", PlainDecimal::kMaxIntegerDigits);
  if (rules.positive()) text += ", above 0";
  if (rules.non_negative()) text += ", not below 0";
  if (!rules.maximum().empty()) text += ", at most " + rules.maximum();
  return text;
}

bool IsGoodDecimal(const FieldCheck& check, std::string_view text) {
  const std::optional<PlainDecimal> decimal = ParsePlainDecimal(text);
  if (!decimal) return false;
  if (check.rules.has_max_decimals() && decimal->decimals > static_cast<int>(check.rules.max_decimals())) return false;
  if (check.rules.positive() && decimal->units <= 0) return false;
  if (check.rules.non_negative() && decimal->units < 0) return false;
  return !check.maximum || decimal->units <= check.maximum->units;
}

// "at most 200 characters", "2 to 35 bytes".
std::string NameOfLength(const v1::FieldRules& rules, std::string_view unit) {
  if (rules.max_length() == 0) return fmt::format("at least {} {}", rules.min_length(), unit);
  if (rules.min_length() == 0) return fmt::format("at most {} {}", rules.max_length(), unit);
  return fmt::format("{} to {} {}", rules.min_length(), rules.max_length(), unit);
}

bool HasLength(const v1::FieldRules& rules, size_t length) {
  return length >= rules.min_length() && (rules.max_length() == 0 || length <= rules.max_length());
}

std::string EnumNames(const EnumDescriptor* type) {
  std::string names = "one of";
  int count = 0;
  for (int i = 0; i < type->value_count(); ++i) {
    if (type->value(i)->number() == 0) continue;
    if (++count > kMaxEnumNames) return names + ", ...";
    names += (count == 1 ? " " : ", ") + type->value(i)->name();
  }
  return names;
}

absl::Status RulesFault(const FieldDescriptor* field, std::string_view what) {
  return absl::FailedPreconditionError(fmt::format("rules of {}: {}", field->full_name(), what));
}

bool IsIntegral(const FieldDescriptor* field) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return true;
    default:
      return false;
  }
}

absl::Status CheckFit(const FieldDescriptor* field, const v1::FieldRules& rules) {
  const bool text = field->type() == FieldDescriptor::TYPE_STRING;
  const bool of_text =
      rules.single_line() || !rules.pattern().empty() || rules.format() != v1::FieldRules::FORMAT_UNSPECIFIED;
  const bool of_decimal =
      rules.has_max_decimals() || rules.positive() || rules.non_negative() || !rules.maximum().empty();
  const bool of_length = rules.min_length() > 0 || rules.max_length() > 0;
  const bool is_mask =
      field->message_type() != nullptr && field->message_type()->full_name() == "google.protobuf.FieldMask";
  if (of_text && !text) return RulesFault(field, "rules of text on a field that is none");
  if (of_decimal && rules.format() != v1::FieldRules::DECIMAL)
    return RulesFault(field, "rules of a decimal without that format");
  if (of_length && !text && field->type() != FieldDescriptor::TYPE_BYTES)
    return RulesFault(field, "a length on a field without one");
  if ((rules.has_min() || rules.has_max()) && !IsIntegral(field))
    return RulesFault(field, "bounds on a field that is no integer");
  if ((rules.min_items() > 0 || rules.max_items() > 0) && !field->is_repeated() && !is_mask) {
    return RulesFault(field, "a count of entries on a field that is no list");
  }
  return absl::OkStatus();
}

// Secrets and tokens are taken as they are. A pattern of numbers with blanks at its ends is refused by its own check:
// they would stand in every number.
bool IsTrimmed(const FieldDescriptor* field, const v1::FieldRules& rules) {
  if (!rules.single_line() || rules.input_only()) return false;
  if (rules.format() == v1::FieldRules::PAGE_TOKEN || rules.format() == v1::FieldRules::ETAG) return false;
  return !absl::EndsWith(field->name(), "_pattern");
}

}  // namespace

absl::StatusOr<FieldCheck> CompileField(const FieldDescriptor* field) {
  FieldCheck check;
  check.field = field;
  check.rules = field->options().GetExtension(v1::rules);
  if (absl::Status fit = CheckFit(field, check.rules); !fit.ok()) return fit;
  check.is_trimmed = IsTrimmed(field, check.rules);
  check.is_cleared = field->type() == FieldDescriptor::TYPE_STRING && !field->is_repeated() &&
                     !check.rules.single_line() && !check.rules.input_only();
  if (!check.rules.pattern().empty()) {
    check.pattern = std::make_unique<RE2>(check.rules.pattern(), RE2::Quiet);
    if (!check.pattern->ok()) return RulesFault(field, "the pattern is not RE2: " + check.pattern->error());
  }
  if (!check.rules.maximum().empty()) {
    check.maximum = ParsePlainDecimal(check.rules.maximum());
    if (!check.maximum) return RulesFault(field, "the maximum is no decimal");
  }
  return check;
}

std::optional<std::string> FaultOfText(const FieldCheck& check, const RuleBook::IsTimeZone& is_time_zone,
                                       std::string_view text) {
  if (!base::IsValidUtf8(text)) return "text in UTF-8";
  if (base::HasControlCharacters(text, /*allow_lines=*/!check.rules.single_line())) {
    return check.rules.single_line() ? "one line without control characters" : "text without control characters";
  }
  if (!HasLength(check.rules, base::CountCodePoints(text))) return NameOfLength(check.rules, "characters");
  if (check.rules.format() == v1::FieldRules::DECIMAL) {
    if (!IsGoodDecimal(check, text)) return NameOfDecimal(check.rules);
  } else if (!HasFormat(check, is_time_zone, text)) {
    if (check.rules.format() == v1::FieldRules::EMAIL) return base::FaultOfAddress(text);
    return std::string(NameOfFormat(check.rules.format()));
  }
  if (check.pattern && !RE2::FullMatch(text, *check.pattern)) return "text that matches " + check.rules.pattern();
  return std::nullopt;
}

std::optional<std::string> FaultOfBytes(const FieldCheck& check, std::string_view bytes) {
  if (HasLength(check.rules, bytes.size())) return std::nullopt;
  return NameOfLength(check.rules, "bytes");
}

std::optional<std::string> FaultOfInteger(const FieldCheck& check, int64_t value) {
  const v1::FieldRules& rules = check.rules;
  if ((!rules.has_min() || value >= rules.min()) && (!rules.has_max() || value <= rules.max())) return std::nullopt;
  if (!rules.has_max()) return fmt::format("an integer not below {}", rules.min());
  if (!rules.has_min()) return fmt::format("an integer not above {}", rules.max());
  return fmt::format("an integer from {} to {}", rules.min(), rules.max());
}

std::optional<std::string> FaultOfEnum(const FieldCheck& check, int number) {
  // Zero is what an absent field has; an entry of a list is not absent.
  const bool absent = number == 0 && !check.field->is_repeated();
  if (absent || (number != 0 && check.field->enum_type()->FindValueByNumber(number) != nullptr)) return std::nullopt;
  return EnumNames(check.field->enum_type());
}

std::optional<std::string> FaultOfCount(const FieldCheck& check, int count) {
  const v1::FieldRules& rules = check.rules;
  const auto at_least = static_cast<int>(rules.min_items());
  const auto at_most = static_cast<int>(rules.max_items());
  if (count >= at_least && (at_most == 0 || count <= at_most)) return std::nullopt;
  if (at_most == 0) return fmt::format("at least {} entries", at_least);
  if (at_least == 0) return fmt::format("at most {} entries", at_most);
  return fmt::format("{} to {} entries", at_least, at_most);
}

std::string ExpectedWhereRequired(const FieldCheck& check) {
  std::string what;
  if (check.field->is_repeated()) {
    what = "at least one entry";
  } else if (check.field->enum_type() != nullptr) {
    what = EnumNames(check.field->enum_type());
  } else if (check.rules.format() == v1::FieldRules::DECIMAL) {
    what = NameOfDecimal(check.rules);
  } else if (check.rules.format() == v1::FieldRules::DATE) {
    what = NameOfFormat(check.rules.format());
  }
  // Of an id or a name there is no more to say: that it is absent is the whole fault.
  return what.empty() ? std::string(base::kRequired) : fmt::format("{}: {}", base::kRequired, what);
}

}  // namespace invoice::rpc
