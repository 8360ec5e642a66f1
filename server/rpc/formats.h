// The closed syntaxes that strings of a request may have (FieldRules.Format in protos/invoice/v1/annotations.proto).
// Each function looks at the whole text and never at anything else; time zones and currencies are lists of base/ and
// domain/. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "base/decimal.h"

namespace invoice::rpc {

// A real day, "YYYY-MM-DD", from 1970-01-01 to 2199-12-31.
bool IsDate(std::string_view text);
// A language tag of BCP 47 with language, script, region and variants: "en", "en-CA", "sr-Latn-RS".
bool IsLocale(std::string_view text);
// An officially assigned code of ISO 3166-1 alpha-2, upper case.
bool IsCountryCode(std::string_view text);
// A DNS name of at most 253 bytes, or a literal IPv4 or IPv6 address without brackets.
bool IsHostName(std::string_view text);
// "http" or "https" with a host, an optional port, path, query and fragment; no user name, no blank.
bool IsHttpUrl(std::string_view text);
// "#rrggbb" in hexadecimal.
bool IsColor(std::string_view text);
// 64 lower-case hexadecimal digits.
bool IsSha256(std::string_view text);
// Visible ASCII without blanks.
bool IsEtag(std::string_view text);

// A decimal in plain notation: an optional minus sign, digits without needless zeros before them, optionally a point
// and digits.
struct PlainDecimal {
  static constexpr int kMaxIntegerDigits = 14;
  static constexpr int kMaxDecimals = 18;

  base::Int128 units = 0;  // of 10^-18
  int decimals = 0;        // as written, trailing zeros included
};
// Nothing where the text has another form or more digits than the bounds above.
std::optional<PlainDecimal> ParsePlainDecimal(std::string_view text);

}  // namespace invoice::rpc
