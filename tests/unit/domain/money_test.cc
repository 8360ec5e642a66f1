#include "domain/money.h"

#include <gtest/gtest.h>

#include <limits>

namespace invoice::domain {
namespace {

const Currency kCad = Currency::Find("CAD").value();
const Currency kJpy = Currency::Find("JPY").value();
const Currency kKwd = Currency::Find("KWD").value();

TEST(Currency, HasTheDigitsOfIso4217) {
  const struct {
    const char* code;
    int digits;
  } rows[] = {{"AED", 2}, {"CAD", 2}, {"EUR", 2}, {"JPY", 0}, {"KRW", 0}, {"KWD", 3},
              {"BHD", 3}, {"CLF", 4}, {"HUF", 2}, {"ISK", 0}, {"ZWG", 2}};
  for (const auto& row : rows) {
    const auto currency = Currency::Find(row.code);
    ASSERT_TRUE(currency.has_value()) << row.code;
    EXPECT_EQ(currency->code(), row.code);
    EXPECT_EQ(currency->digits(), row.digits) << row.code;
  }
}

TEST(Currency, KnowsActiveCodesOnly) {
  for (const char* code : {"", "cad", "CA", "CADX", "XXX", "XAU", "XTS", "DEM", "HRK", "ZZZ", "AAA"}) {
    EXPECT_EQ(Currency::Find(code), std::nullopt) << code;
  }
  EXPECT_EQ(Currency().code(), "XXX");
}

TEST(Currency, FindsEveryCodeOfTheTable) {
  // A table out of order would hide codes from the search.
  int found = 0;
  for (char a = 'A'; a <= 'Z'; ++a) {
    for (char b = 'A'; b <= 'Z'; ++b) {
      for (char c = 'A'; c <= 'Z'; ++c) found += Currency::Find(std::string{a, b, c}).has_value();
    }
  }
  EXPECT_EQ(found, 164);
}

TEST(Amount, IsPrintedWithAllDigitsOfTheCurrency) {
  EXPECT_EQ(FormatAmount(125000, kCad), "1250.00");
  EXPECT_EQ(FormatAmount(-5, kCad), "-0.05");
  EXPECT_EQ(FormatAmount(1250, kJpy), "1250");
  EXPECT_EQ(FormatAmount(1250, kKwd), "1.250");
}

TEST(Amount, IsReadWithNoMoreDigitsThanTheCurrencyHas) {
  EXPECT_EQ(ParseAmount("1250", kCad), 125000);
  EXPECT_EQ(ParseAmount("1250.5", kCad), 125050);
  EXPECT_EQ(ParseAmount("1250.05", kCad), 125005);
  EXPECT_EQ(ParseAmount("1250.005", kCad), std::nullopt);
  EXPECT_EQ(ParseAmount("1250.0", kJpy), std::nullopt);
  EXPECT_EQ(ParseAmount("1.250", kKwd), 1250);
  EXPECT_EQ(ParseAmount("", kCad), std::nullopt);
}

TEST(Extend, RoundsHalfAwayFromZeroToTheMinorUnit) {
  EXPECT_EQ(Extend(*Quantity::Parse("7.5"), *UnitPrice::Parse("100"), kCad), 75000);
  EXPECT_EQ(Extend(*Quantity::Parse("0.5"), *UnitPrice::Parse("0.01"), kCad), 1);
  EXPECT_EQ(Extend(*Quantity::Parse("0.5"), *UnitPrice::Parse("0.0099"), kCad), 0);
  EXPECT_EQ(Extend(*Quantity::Parse("-0.5"), *UnitPrice::Parse("0.01"), kCad), -1);
  EXPECT_EQ(Extend(*Quantity::Parse("0.5"), *UnitPrice::Parse("1"), kJpy), 1);
  EXPECT_EQ(Extend(*Quantity::Parse("0.5"), *UnitPrice::Parse("1.903"), kKwd), 952);
}

TEST(Extend, SaysWhenItOverflows) {
  const Quantity most = Quantity::FromUnits(std::numeric_limits<int64_t>::max());
  EXPECT_EQ(Extend(most, UnitPrice::FromUnits(std::numeric_limits<int64_t>::max()), kCad), std::nullopt);
  EXPECT_EQ(Extend(most, *UnitPrice::Parse("100"), kCad), 9223372036854775807);
  EXPECT_EQ(Extend(most, *UnitPrice::Parse("100.0001"), kCad), std::nullopt);
}

TEST(PriceOf, IsTheAmountOfOnePiece) {
  EXPECT_EQ(PriceOf(125, kCad)->ToString(), "1.25");
  EXPECT_EQ(PriceOf(125, kJpy)->ToString(), "125");
  EXPECT_EQ(PriceOf(std::numeric_limits<int64_t>::max(), kJpy), std::nullopt);
}

TEST(ApplyRate, RoundsHalfAwayFromZero) {
  EXPECT_EQ(ApplyRate(1000, *Rate::Parse("0.13")), 130);
  EXPECT_EQ(ApplyRate(50, *Rate::Parse("0.01")), 1);
  EXPECT_EQ(ApplyRate(49, *Rate::Parse("0.01")), 0);
  EXPECT_EQ(ApplyRate(-50, *Rate::Parse("0.01")), -1);
  EXPECT_EQ(ApplyRate(std::numeric_limits<int64_t>::max(), *Rate::Parse("2")), std::nullopt);
}

TEST(AddAmounts, SaysWhenItOverflows) {
  EXPECT_EQ(AddAmounts(1, 2), 3);
  EXPECT_EQ(AddAmounts(std::numeric_limits<int64_t>::max(), 1), std::nullopt);
  EXPECT_EQ(AddAmounts(std::numeric_limits<int64_t>::min(), -1), std::nullopt);
}

}  // namespace
}  // namespace invoice::domain
