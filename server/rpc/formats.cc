#include "rpc/formats.h"

#include <arpa/inet.h>
#include <re2/re2.h>

#include <algorithm>
#include <string>

#include "absl/time/civil_time.h"
#include "base/internet_names.h"

namespace invoice::rpc {
namespace {

// ISO 3166-1 alpha-2, sorted, each code followed by a blank.
constexpr std::string_view kCountryCodes =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL "
    "BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV "
    "CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD "
    "GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM "
    "IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK "
    "LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW "
    "MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR "
    "PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS "
    "ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY "
    "UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool AllDigits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit); }

int ToInt(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

bool IsHex(std::string_view text, bool upper_too) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return IsDigit(c) || (c >= 'a' && c <= 'f') || (upper_too && c >= 'A' && c <= 'F');
  });
}

}  // namespace

bool IsDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  if (!AllDigits(text.substr(0, 4)) || !AllDigits(text.substr(5, 2)) || !AllDigits(text.substr(8, 2))) return false;
  const int year = ToInt(text.substr(0, 4));
  const int month = ToInt(text.substr(5, 2));
  const int day = ToInt(text.substr(8, 2));
  const absl::CivilDay civil(year, month, day);  // normalises the 31st of April to the 1st of May
  return year >= 1970 && year <= 2199 && civil.month() == month && civil.day() == day;
}

bool IsLocale(std::string_view text) {
  static const RE2& tag =
      *new RE2("[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*");
  return RE2::FullMatch(text, tag);
}

bool IsCountryCode(std::string_view text) {
  if (text.size() != 2 || text.find(' ') != std::string_view::npos) return false;
  return kCountryCodes.find(text) !=
         std::string_view::npos;  // no two letters stand beside each other but those of a code
}

bool IsHostName(std::string_view text) {
  const std::string terminated(text);
  unsigned char address[sizeof(in6_addr)];
  if (terminated.find('\0') != std::string::npos) return false;
  if (inet_pton(AF_INET, terminated.c_str(), address) == 1) return true;
  if (inet_pton(AF_INET6, terminated.c_str(), address) == 1) return true;
  if (base::CountLabels(text) == 0) return false;
  // A last label of digits alone is a mistyped IPv4 address.
  const size_t dot = text.rfind('.');
  return !AllDigits(dot == std::string_view::npos ? text : text.substr(dot + 1));
}

bool IsHttpUrl(std::string_view text) {
  static const RE2& url = *new RE2(R"(https?://(\[[0-9A-Fa-f:.]+\]|[^/?#@:\[\]\s]+)(:([0-9]{1,5}))?([/?#][!-~]*)?)");
  re2::StringPiece host, port;
  if (!RE2::FullMatch(text, url, &host, static_cast<void*>(nullptr), &port)) return false;
  if (!port.empty() && ToInt({port.data(), port.size()}) > 65535) return false;
  if (host[0] == '[') host = host.substr(1, host.size() - 2);
  return IsHostName({host.data(), host.size()});
}

bool IsColor(std::string_view text) {
  return text.size() == 7 && text[0] == '#' && IsHex(text.substr(1), /*upper_too=*/true);
}

bool IsSha256(std::string_view text) { return text.size() == 64 && IsHex(text, /*upper_too=*/false); }

bool IsEtag(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::optional<PlainDecimal> ParsePlainDecimal(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  const size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? "" : text.substr(point + 1);
  if (!AllDigits(whole) || (whole.size() > 1 && whole.front() == '0')) return std::nullopt;
  if (point != std::string_view::npos && !AllDigits(fraction)) return std::nullopt;
  if (whole.size() > PlainDecimal::kMaxIntegerDigits || fraction.size() > PlainDecimal::kMaxDecimals)
    return std::nullopt;

  PlainDecimal decimal;
  decimal.decimals = static_cast<int>(fraction.size());
  for (const char c : whole) decimal.units = decimal.units * 10 + (c - '0');
  for (const char c : fraction) decimal.units = decimal.units * 10 + (c - '0');
  decimal.units *= base::PowerOfTen(PlainDecimal::kMaxDecimals - decimal.decimals);
  if (negative) decimal.units = -decimal.units;
  return decimal;
}

}  // namespace invoice::rpc
