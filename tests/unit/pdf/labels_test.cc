#include "pdf/labels.h"

#include <gmock/gmock.h>

namespace invoice::pdf {
namespace {

const Labels& English() { return LabelsFor("en-CA"); }

domain::Currency CurrencyOf(std::string_view code) { return domain::Currency::Find(code).value(); }

TEST(LabelsTest, GroupsDigits) {
  EXPECT_EQ(GroupDigits("0.05", English()), "0.05");
  EXPECT_EQ(GroupDigits("999.99", English()), "999.99");
  EXPECT_EQ(GroupDigits("1250.00", English()), "1,250.00");
  EXPECT_EQ(GroupDigits("-1234567.8901", English()), "-1,234,567.8901");
  EXPECT_EQ(GroupDigits("123456", English()), "123,456");
}

TEST(LabelsTest, AmountsHaveAllDigitsOfTheCurrency) {
  EXPECT_EQ(AmountText(125000, CurrencyOf("CAD"), English()), "1,250.00");
  EXPECT_EQ(AmountText(125000, CurrencyOf("JPY"), English()), "125,000");
  EXPECT_EQ(AmountText(125000, CurrencyOf("KWD"), English()), "125.000");
  EXPECT_EQ(AmountText(-5, CurrencyOf("CAD"), English()), "-0.05");
}

TEST(LabelsTest, UnitPricesHaveAtLeastTheDigitsOfTheCurrency) {
  EXPECT_EQ(UnitPriceText(domain::UnitPrice::Parse("150").value(), CurrencyOf("CAD"), English()), "150.00");
  EXPECT_EQ(UnitPriceText(domain::UnitPrice::Parse("0.7225").value(), CurrencyOf("CAD"), English()), "0.7225");
  EXPECT_EQ(UnitPriceText(domain::UnitPrice::Parse("15000").value(), CurrencyOf("JPY"), English()), "15,000");
}

TEST(LabelsTest, QuantitiesAndRatesHaveNoTrailingZeros) {
  EXPECT_EQ(QuantityText(domain::Quantity::Parse("7.50").value(), English()), "7.5");
  EXPECT_EQ(RateText(domain::Rate::Parse("0.13").value(), English()), "13%");
  EXPECT_EQ(RateText(domain::Rate::Parse("0.09975").value(), English()), "9.975%");
}

TEST(LabelsTest, UnitsAgreeWithTheirNumber) {
  EXPECT_EQ(UnitText(domain::Unit::kHour, domain::Quantity::Parse("1").value(), English()), "hour");
  EXPECT_EQ(UnitText(domain::Unit::kHour, domain::Quantity::Parse("1.5").value(), English()), "hours");
  EXPECT_EQ(UnitText(domain::Unit::kKilometre, domain::Quantity::Parse("2").value(), English()), "km");
}

TEST(LabelsTest, TermsAndDates) {
  EXPECT_EQ(TermsText({.kind = domain::PaymentTermsKind::kNet, .days = 30}, English()), "Net 30 days");
  EXPECT_EQ(TermsText({.kind = domain::PaymentTermsKind::kNet, .days = 1}, English()), "Net 1 day");
  EXPECT_EQ(TermsText({.kind = domain::PaymentTermsKind::kEndOfNextMonth}, English()), "End of next month");
  EXPECT_EQ(DateText(absl::CivilDay(2026, 3, 9)), "2026-03-09");
}

TEST(LabelsTest, CountriesByName) {
  EXPECT_EQ(CountryName("CA", English()), "Canada");
  EXPECT_EQ(CountryName("DE", English()), "Germany");
  EXPECT_EQ(CountryName("", English()), "");
  EXPECT_EQ(CountryName("QQQ", English()), "QQQ");
}

TEST(LabelsTest, UnknownLanguagesFallBackToEnglish) {
  EXPECT_EQ(LabelsFor("tlh").language, "en");
  EXPECT_EQ(LabelsFor("").language, "en");
}

}  // namespace
}  // namespace invoice::pdf
