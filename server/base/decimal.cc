#include "base/decimal.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>

namespace invoice::base {
namespace {

constexpr std::array<int64_t, 19> kPowersOfTen = [] {
  std::array<int64_t, 19> powers{};
  powers[0] = 1;
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Appends the digits of `text` to `value`; false where a character is no digit or the value leaves 64 bits by far.
bool AppendDigits(std::string_view text, Int128& value) {
  for (const char c : text) {
    if (!IsDigit(c)) return false;
    value = value * 10 + (c - '0');
    if (value > Int128{std::numeric_limits<int64_t>::max()} + 1) return false;
  }
  return true;
}

}  // namespace

Int128 DivideRounded(Int128 dividend, Int128 divisor) {
  assert(divisor > 0);
  const Int128 quotient = dividend / divisor;
  const Int128 remainder = dividend % divisor;
  const Int128 distance = remainder < 0 ? -remainder : remainder;
  // distance >= divisor / 2 without the product, which could overflow.
  if (distance < divisor - distance) return quotient;
  return dividend < 0 ? quotient - 1 : quotient + 1;
}

int64_t PowerOfTen(int exponent) {
  assert(exponent >= 0 && exponent <= 18);
  return kPowersOfTen[static_cast<size_t>(exponent)];
}

std::optional<int64_t> Narrow(Int128 value) {
  if (value < std::numeric_limits<int64_t>::min() || value > std::numeric_limits<int64_t>::max()) return std::nullopt;
  return static_cast<int64_t>(value);
}

std::optional<int64_t> ParseFixed(std::string_view text, int digits) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  const size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view decimals = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  if (whole.empty() || (whole.size() > 1 && whole.front() == '0')) return std::nullopt;
  if (point != std::string_view::npos && decimals.empty()) return std::nullopt;
  if (decimals.size() > static_cast<size_t>(digits)) return std::nullopt;
  Int128 value = 0;
  if (!AppendDigits(whole, value) || !AppendDigits(decimals, value)) return std::nullopt;
  value *= PowerOfTen(digits - static_cast<int>(decimals.size()));
  return Narrow(negative ? -value : value);
}

std::string FormatFixed(int64_t units, int digits, int min_digits) {
  // The magnitude as unsigned: the smallest int64 has no positive twin.
  const bool negative = units < 0;
  const uint64_t magnitude = negative ? uint64_t{0} - static_cast<uint64_t>(units) : static_cast<uint64_t>(units);
  const uint64_t scale = static_cast<uint64_t>(PowerOfTen(digits));
  std::string text = (negative ? "-" : "") + std::to_string(magnitude / scale);
  std::string decimals = std::to_string(magnitude % scale);
  decimals.insert(0, static_cast<size_t>(digits) - std::min(decimals.size(), static_cast<size_t>(digits)), '0');
  decimals.resize(static_cast<size_t>(digits));
  while (decimals.size() > static_cast<size_t>(min_digits) && decimals.back() == '0') decimals.pop_back();
  if (!decimals.empty()) text += "." + decimals;
  return text;
}

}  // namespace invoice::base
