#include "rpc/convert.h"

#include <algorithm>

#include "base/decimal.h"
#include "domain/calendar.h"
#include "fmt/format.h"

namespace invoice::rpc {

std::string DateText(const std::optional<absl::CivilDay>& day) { return day ? domain::FormatDate(*day) : ""; }
std::string DateText(absl::CivilDay day) { return domain::FormatDate(day); }
std::optional<absl::CivilDay> DateIn(const std::string& text) { return domain::ParseDate(text); }

google::protobuf::Timestamp TimeOf(absl::Time time) {
  const int64_t micros = absl::ToUnixMicros(time);  // what PostgreSQL keeps; never negative in this system
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(micros / 1'000'000);
  timestamp.set_nanos(static_cast<int32_t>(micros % 1'000'000) * 1000);
  return timestamp;
}

absl::StatusOr<int64_t> AmountIn(const std::string& text, domain::Currency currency, std::string_view path) {
  const std::optional<int64_t> amount = domain::ParseAmount(text, currency);
  if (!amount) {
    return base::InvalidField(
        path, fmt::format("an amount of {} with at most {} decimals", currency.code(), currency.digits()));
  }
  return *amount;
}

absl::StatusOr<domain::Currency> CurrencyIn(const std::string& code, std::string_view path) {
  const std::optional<domain::Currency> currency = domain::Currency::Find(code);
  if (!currency) return base::InvalidField(path, "an ISO 4217 currency code of three capital letters");
  return *currency;
}

std::string PriceText(domain::UnitPrice price, domain::Currency currency) {
  return base::FormatFixed(price.units(), domain::UnitPrice::kFractionalDigits,
                           std::min(currency.digits(), domain::UnitPrice::kFractionalDigits));
}

}  // namespace invoice::rpc
