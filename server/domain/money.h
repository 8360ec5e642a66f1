// Currencies, amounts, quantities and rates (domain rules: "Money"). Pure; safe to share between threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/decimal.h"

namespace invoice::domain {

using Quantity = base::Fixed<4>;   // hours, pieces: up to 4 decimals
using UnitPrice = base::Fixed<4>;  // in the currency of the document: up to 4 decimals
using Rate = base::Fixed<6>;       // 0.13 is 13 %: up to 6 decimals

// A currency of ISO 4217 with the number of decimals of its minor unit (CAD 2, JPY 0, KWD 3).
class Currency {
 public:
  // XXX, the standard's code for "no currency": a document before its currency is known. Find() never gives it.
  constexpr Currency() : Currency("XXX", 0) {}

  // Nothing where `code` is not an active ISO 4217 code ("CAD", upper case).
  static std::optional<Currency> Find(std::string_view code);

  std::string_view code() const { return {code_, 3}; }
  int digits() const { return digits_; }

  friend bool operator==(const Currency&, const Currency&) = default;

 private:
  friend struct CurrencyTable;
  constexpr Currency(const char (&code)[4], int digits) : code_{code[0], code[1], code[2]}, digits_(digits) {}
  char code_[3];
  int digits_;
};

// Amounts are integers of the currency's minor unit. "1250.00" for (125000, CAD); always all digits of the currency.
std::string FormatAmount(int64_t amount_minor, Currency currency);
// Reads "1250", "1250.0" or "1250.00"; nothing where the text has more decimals than the currency or is no decimal.
std::optional<int64_t> ParseAmount(std::string_view text, Currency currency);

// round(quantity x price) in minor units, half away from zero; nothing on overflow.
std::optional<int64_t> Extend(Quantity quantity, UnitPrice price, Currency currency);
// The price of one of something that costs `amount_minor`; nothing on overflow.
std::optional<UnitPrice> PriceOf(int64_t amount_minor, Currency currency);
// round(amount x rate) in minor units, half away from zero; nothing on overflow.
std::optional<int64_t> ApplyRate(int64_t amount_minor, Rate rate);
// A sum that says when it overflows.
std::optional<int64_t> AddAmounts(int64_t a_minor, int64_t b_minor);

}  // namespace invoice::domain
