// Exact decimals: a fixed number of fractional digits in 64 bits, products in 128 bits, one rounding function.
// No floating point touches money. All functions are pure; values are immutable and safe to share between threads.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace invoice::base {

using Int128 = __int128;

// Divides and rounds half away from zero: 5/2 is 3, -5/2 is -3. `divisor` is greater than zero.
// The only rounding of money and quantities in the system.
Int128 DivideRounded(Int128 dividend, Int128 divisor);

// Ten to the power of `exponent`, 0 to 18.
int64_t PowerOfTen(int exponent);

// The value as 64 bits, or nothing where it does not fit.
std::optional<int64_t> Narrow(Int128 value);

// Reads "-12.5" as units of 10^-digits: an optional minus, digits, at most `digits` decimals. No exponent, no plus
// sign, no blanks, no leading zeros but one before the point. Nothing where the text is not of that form or does not
// fit 64 bits.
std::optional<int64_t> ParseFixed(std::string_view text, int digits);

// Writes units of 10^-digits with at least `min_digits` decimals and no trailing zeros beyond them: (12500, 4, 0) is
// "1.25".
std::string FormatFixed(int64_t units, int digits, int min_digits);

// A decimal with kDigits fractional digits.
template <int kDigits>
class Fixed {
 public:
  static constexpr int kFractionalDigits = kDigits;

  constexpr Fixed() = default;
  static constexpr Fixed FromUnits(int64_t units) { return Fixed(units); }
  static std::optional<Fixed> Parse(std::string_view text) {
    const std::optional<int64_t> units = ParseFixed(text, kDigits);
    return units ? std::optional<Fixed>(Fixed(*units)) : std::nullopt;
  }

  // The number of 10^-kDigits in the value.
  constexpr int64_t units() const { return units_; }
  // Without trailing zeros: "7.5", "0.05", "12".
  std::string ToString() const { return FormatFixed(units_, kDigits, 0); }

  friend constexpr auto operator<=>(const Fixed&, const Fixed&) = default;

 private:
  explicit constexpr Fixed(int64_t units) : units_(units) {}
  int64_t units_ = 0;
};

}  // namespace invoice::base
