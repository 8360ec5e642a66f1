// Small conversions between records of the domain and messages of the API: closed lists by their names, dates, times,
// decimals. Pure.
#pragma once

#include <google/protobuf/generated_enum_reflection.h>
#include <google/protobuf/timestamp.pb.h>

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "domain/kinds.h"
#include "domain/money.h"

namespace invoice::rpc {

// The value of a proto enum by its name; UNSPECIFIED where there is none of that name.
template <typename ProtoEnum>
ProtoEnum EnumOf(std::string_view name) {
  const auto* value = google::protobuf::GetEnumDescriptor<ProtoEnum>()->FindValueByName(std::string(name));
  return static_cast<ProtoEnum>(value == nullptr ? 0 : value->number());
}

// The name of a proto enum's value; empty for UNSPECIFIED and for numbers of other versions.
template <typename ProtoEnum>
std::string_view NameOf(ProtoEnum value) {
  const auto* found = google::protobuf::GetEnumDescriptor<ProtoEnum>()->FindValueByNumber(value);
  return found == nullptr || found->number() == 0 ? std::string_view() : std::string_view(found->name());
}

// The domain's kind of the same name; nothing for UNSPECIFIED.
template <typename Kind, typename ProtoEnum>
std::optional<Kind> KindOf(ProtoEnum value) {
  return domain::Parse<Kind>(NameOf(value));
}

// "" for none.
std::string DateText(const std::optional<absl::CivilDay>& day);
std::string DateText(absl::CivilDay day);
// A date that the field rules let through; nothing where the text is empty.
std::optional<absl::CivilDay> DateIn(const std::string& text);

google::protobuf::Timestamp TimeOf(absl::Time time);

// Decimals of requests. INVALID_ARGUMENT on `path` where the text has more decimals than the type or the currency.
template <typename Decimal>
absl::StatusOr<Decimal> DecimalIn(const std::string& text, std::string_view path) {
  const std::optional<Decimal> value = Decimal::Parse(text);
  if (!value)
    return base::InvalidField(path,
                              "a decimal with at most " + std::to_string(Decimal::kFractionalDigits) + " decimals");
  return *value;
}
absl::StatusOr<int64_t> AmountIn(const std::string& text, domain::Currency currency, std::string_view path);
absl::StatusOr<domain::Currency> CurrencyIn(const std::string& code, std::string_view path);

// Unit prices have at least the currency's decimals ("95.00"), and the others no trailing zeros.
std::string PriceText(domain::UnitPrice price, domain::Currency currency);

}  // namespace invoice::rpc
