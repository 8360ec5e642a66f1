#include "domain/totals.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "base/limits.h"
#include "base/status.h"
#include "tests/unit/domain/vectors.h"

namespace invoice::domain {
namespace {

using base::Reason;

const Currency kCad = Currency::Find("CAD").value();

Tax TaxOf(std::string name, std::string_view rate) {
  return {.name = std::move(name), .rate = Rate::Parse(rate).value(), .registration_number = ""};
}

LineInput LineOf(std::string_view quantity, std::string_view price, std::vector<std::string> tax_names = {}) {
  return {.description = "work",
          .quantity = Quantity::Parse(quantity).value(),
          .unit_price = UnitPrice::Parse(price).value(),
          .tax_names = std::move(tax_names)};
}

Discount PercentOf(std::string_view text) { return {.percent = Percent::Parse(text).value()}; }
Discount AmountOf(int64_t amount_minor) { return {.amount_minor = amount_minor}; }

// The field and reason of a failure.
std::pair<std::string, Reason> FaultOf(const TotalsInput& input) {
  const base::ErrorDetail detail = base::DetailOf(ComputeTotals(input).status());
  return {detail.fields.empty() ? "" : detail.fields[0].field, detail.reason};
}

TEST(ComputeTotals, AgreesWithEveryVector) {
  for (const VectorRow& row : ReadVectors("totals.csv")) {
    SCOPED_TRACE(ToText(row));
    const Currency currency = Currency::Find(row.at("currency")).value();
    TotalsInput input{.currency = currency};
    input.lines.push_back(LineOf(row.at("hours"), row.at("rate_per_hour")));
    const auto fees = PriceOf(ParseAmount(row.at("extra_fees"), currency).value(), currency).value();
    if (fees != UnitPrice()) input.lines.push_back(LineOf("1", fees.ToString()));
    if (!row.at("tax_rates").empty()) {
      for (const std::string& rate : SplitOn(row.at("tax_rates"), ';'))
        input.taxes.push_back(TaxOf("tax " + rate, rate));
    }
    const auto result = ComputeTotals(input);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(FormatAmount(result->lines[0].amount_minor, currency), row.at("labour"));
    EXPECT_EQ(FormatAmount(result->totals.subtotal_minor, currency), row.at("subtotal"));
    EXPECT_EQ(FormatAmount(result->totals.total_minor, currency), row.at("total"));
    std::string amounts;
    for (const TaxAmount& tax : result->taxes)
      amounts += (amounts.empty() ? "" : ";") + FormatAmount(tax.amount_minor, currency);
    EXPECT_EQ(amounts, row.at("tax_amounts"));
  }
}

TEST(ComputeTotals, EachTaxStandsOnItsOwn) {
  const auto result = ComputeTotals(
      {.currency = kCad, .lines = {LineOf("1", "100")}, .taxes = {TaxOf("GST", "0.05"), TaxOf("QST", "0.09975")}});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->taxes[0].amount_minor, 500);
  EXPECT_EQ(result->taxes[1].amount_minor, 998);  // 9.975 up, and not on the GST
  EXPECT_EQ(result->totals.total_minor, 11498);
}

TEST(ComputeTotals, TaxesApplyToTheLinesThatNameThem) {
  const auto result =
      ComputeTotals({.currency = kCad,
                     .lines = {LineOf("1", "100", {"full"}), LineOf("1", "50", {"reduced"}), LineOf("1", "10")},
                     .taxes = {TaxOf("full", "0.19"), TaxOf("reduced", "0.07")}});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->taxes[0].base_minor, 11000);  // its line and the one that names none
  EXPECT_EQ(result->taxes[1].base_minor, 6000);
  EXPECT_EQ(result->totals.tax_minor, 2090 + 420);
}

TEST(ComputeTotals, DiscountsOfLinesComeBeforeTheSum) {
  TotalsInput input{.currency = kCad, .lines = {LineOf("3", "33.335"), LineOf("1", "10")}};
  input.lines[0].discount = PercentOf("12.5");
  input.lines[1].discount = AmountOf(1000);
  const auto result = ComputeTotals(input);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->lines[0].discount_minor, 1250);  // 12.5 % of 100.01, itself 100.005 rounded up
  EXPECT_EQ(result->lines[0].amount_minor, 10001 - 1250);
  EXPECT_EQ(result->lines[1].amount_minor, 0);
  EXPECT_EQ(result->totals.subtotal_minor, 8751);
}

TEST(ComputeTotals, DiscountOfTheDocumentIsSpreadOverTheTaxGroups) {
  const TotalsInput input{
      .currency = kCad,
      .lines = {LineOf("1", "100", {"full"}), LineOf("1", "100", {"reduced"}), LineOf("1", "100", {"full", "reduced"})},
      .discount = AmountOf(100),
      .taxes = {TaxOf("full", "0.19"), TaxOf("reduced", "0.07")}};
  const auto result = ComputeTotals(input);
  ASSERT_TRUE(result.ok());
  // Three equal groups share 1.00: 34, 33 and 33; the first is under "full" only.
  EXPECT_EQ(result->taxes[0].base_minor, 20000 - 34 - 33);
  EXPECT_EQ(result->taxes[1].base_minor, 20000 - 33 - 33);
  EXPECT_EQ(result->totals.subtotal_minor, 30000);
  EXPECT_EQ(result->totals.discount_minor, 100);
  EXPECT_EQ(result->totals.taxable_minor, 29900);
}

TEST(ComputeTotals, AFullDiscountLeavesNothingToTax) {
  const auto result = ComputeTotals({.currency = kCad,
                                     .lines = {LineOf("1", "99.99")},
                                     .discount = PercentOf("100"),
                                     .taxes = {TaxOf("HST", "0.13")}});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->totals.total_minor, 0);
  EXPECT_EQ(result->taxes[0].base_minor, 0);
}

TEST(ComputeTotals, ZeroQuantitiesAndNoLinesAreFine) {
  EXPECT_EQ(ComputeTotals({.currency = kCad, .lines = {LineOf("0", "0")}, .discount = AmountOf(0)})->totals.total_minor,
            0);
  EXPECT_EQ(ComputeTotals({.currency = kCad, .discount = PercentOf("5")})->totals.total_minor, 0);
}

TEST(ComputeTotals, NamesTheFieldAtFault) {
  const TotalsInput good{
      .currency = kCad, .lines = {LineOf("1", "10"), LineOf("1", "10")}, .taxes = {TaxOf("HST", "0.13")}};
  ASSERT_TRUE(ComputeTotals(good).ok());
  const auto fault = [&](auto change) {
    TotalsInput input = good;
    change(input);
    return FaultOf(input);
  };
  using Fault = std::pair<std::string, Reason>;
  const Reason invalid = Reason::kInvalidField;
  EXPECT_EQ(fault([](auto& i) { i.lines[1].quantity = Quantity::FromUnits(-1); }), Fault("lines[1].quantity", invalid));
  EXPECT_EQ(fault([](auto& i) { i.lines[1].unit_price = UnitPrice::FromUnits(-1); }),
            Fault("lines[1].unitPrice", invalid));
  EXPECT_EQ(fault([](auto& i) { i.lines[0].discount = AmountOf(1001); }), Fault("lines[0].discount.amount", invalid));
  EXPECT_EQ(fault([](auto& i) { i.lines[0].discount = AmountOf(-1); }), Fault("lines[0].discount.amount", invalid));
  EXPECT_EQ(fault([](auto& i) { i.lines[0].discount = PercentOf("100.0001"); }),
            Fault("lines[0].discount.percent", invalid));
  EXPECT_EQ(fault([](auto& i) { i.lines[0].discount = {Percent(), 0}; }), Fault("lines[0].discount", invalid));
  EXPECT_EQ(fault([](auto& i) { i.discount = AmountOf(2001); }), Fault("discount.amount", invalid));
  EXPECT_EQ(fault([](auto& i) { i.discount = PercentOf("-1"); }), Fault("discount.percent", invalid));
  EXPECT_EQ(fault([](auto& i) { i.lines[1].tax_names = {"HST", "GST"}; }), Fault("lines[1].taxNames[1]", invalid));
  EXPECT_EQ(fault([](auto& i) { i.taxes.push_back(TaxOf("HST", "0.05")); }), Fault("taxes[1].name", invalid));
  EXPECT_EQ(fault([](auto& i) { i.taxes[0].rate = Rate::Parse("1.000001").value(); }), Fault("taxes[0].rate", invalid));
  EXPECT_EQ(fault([](auto& i) { i.lines.resize(base::kMaxLinesPerInvoice + 1, i.lines[0]); }), Fault("lines", invalid));
}

TEST(ComputeTotals, NamesTheFieldWhoseAmountOverflows) {
  using Fault = std::pair<std::string, Reason>;
  EXPECT_EQ(FaultOf({.currency = kCad, .lines = {LineOf("1", "1"), LineOf("99999999999999", "99999999999999")}}),
            Fault("lines[1].quantity", Reason::kAmountOverflow));
  // Each line fits, their sum does not.
  EXPECT_EQ(FaultOf({.currency = kCad, .lines = {LineOf("1", "9000000000000"), LineOf("1", "9000000000000")}}),
            Fault("lines[1].quantity", Reason::kAmountOverflow));
  EXPECT_EQ(FaultOf({.currency = kCad, .lines = {LineOf("1", "9000000000000")}, .taxes = {TaxOf("VAT", "0.2")}}),
            Fault("taxes", Reason::kAmountOverflow));
}

TEST(ComputeTotals, KeepsItsPromisesForAnyInput) {
  std::mt19937_64 random(20261003);
  for (int round = 0; round < 3000; ++round) {
    TotalsInput input{.currency = Currency::Find(round % 3 == 0 ? "JPY" : round % 3 == 1 ? "CAD" : "KWD").value()};
    for (size_t t = random() % 4; t > 0; --t) {
      input.taxes.push_back(
          {.name = "tax " + std::to_string(t), .rate = Rate::FromUnits(static_cast<int64_t>(random() % 300000))});
    }
    for (size_t l = 1 + random() % 12; l > 0; --l) {
      LineInput line{.quantity = Quantity::FromUnits(static_cast<int64_t>(random() % 2000000)),
                     .unit_price = UnitPrice::FromUnits(static_cast<int64_t>(random() % 9000000))};
      if (random() % 3 == 0) line.discount.percent = Percent::FromUnits(static_cast<int64_t>(random() % 1000001));
      for (const Tax& tax : input.taxes) {
        if (random() % 2 == 0) line.tax_names.push_back(tax.name);
      }
      input.lines.push_back(std::move(line));
    }
    input.discount.percent = Percent::FromUnits(static_cast<int64_t>(random() % 1000001));
    const auto result = ComputeTotals(input);
    ASSERT_TRUE(result.ok()) << result.status();

    const Totals& totals = result->totals;
    int64_t lines = 0;
    for (const InvoiceLine& line : result->lines) {
      ASSERT_GE(line.amount_minor, 0);
      lines += line.amount_minor;
    }
    int64_t taxes = 0;
    for (const TaxAmount& tax : result->taxes) {
      ASSERT_GE(tax.base_minor, 0);
      ASSERT_LE(tax.base_minor, totals.taxable_minor);
      ASSERT_EQ(tax.amount_minor, ApplyRate(tax.base_minor, tax.tax.rate));
      taxes += tax.amount_minor;
    }
    ASSERT_EQ(totals.subtotal_minor, lines);
    ASSERT_EQ(totals.taxable_minor, totals.subtotal_minor - totals.discount_minor);
    ASSERT_EQ(totals.tax_minor, taxes);
    ASSERT_EQ(totals.total_minor, totals.taxable_minor + totals.tax_minor);
  }
}

TEST(ComputeTotals, ATaxThatNoLineUsesIsNotInTheBreakdown) {
  const auto result = ComputeTotals({.currency = kCad,
                                     .lines = {LineOf("1", "100", {"reduced"}), LineOf("0", "5", {"zero"})},
                                     .taxes = {TaxOf("full", "0.19"), TaxOf("reduced", "0.07"), TaxOf("zero", "0.1")}});
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_EQ(result->taxes.size(), 2u);
  EXPECT_EQ(result->taxes[0].tax.name, "reduced");
  EXPECT_EQ(result->taxes[0].base_minor, 10000);
  EXPECT_EQ(result->taxes[1].tax.name, "zero") << "a line of nothing uses it";
  EXPECT_EQ(result->totals.total_minor, 10700);
}

TEST(CheckTaxes, CategoriesHaveTheirRules) {
  const auto field_of = [](Tax tax) {
    const auto fields = base::DetailOf(CheckTaxes({std::move(tax)}, "contract.taxes")).fields;
    return fields.empty() ? "" : fields[0].field;
  };
  Tax tax = TaxOf("HST", "0.13");
  EXPECT_EQ(field_of(tax), "");
  tax.category = TaxCategory::kReverseCharge;
  EXPECT_EQ(field_of(tax), "contract.taxes[0].rate");
  tax.rate = Rate();
  EXPECT_EQ(field_of(tax), "");
  tax.category = TaxCategory::kExempt;
  EXPECT_EQ(field_of(tax), "contract.taxes[0].exemptionReason");
  tax.exemption_reason = "small supplier";
  EXPECT_EQ(field_of(tax), "");
  tax.name = "";
  EXPECT_EQ(field_of(tax), "contract.taxes[0].name");
  EXPECT_FALSE(CheckTaxes(std::vector<Tax>(base::kMaxTaxesPerInvoice + 1), "taxes").ok());
}

TEST(SpreadByLargestRemainder, GivesWhatIsLeftToTheLargestRemainders) {
  using Shares = std::vector<int64_t>;
  EXPECT_EQ(SpreadByLargestRemainder(100, {1, 1, 1000}), (Shares{0, 0, 100}));
  EXPECT_EQ(SpreadByLargestRemainder(2, {1, 1, 1}), (Shares{1, 1, 0}));
  EXPECT_EQ(SpreadByLargestRemainder(10, {15, 25, 60}),
            (Shares{2, 2, 6}));  // 1.5, 2.5 and 6: the tie goes to the first
  EXPECT_EQ(SpreadByLargestRemainder(0, {0, 0}), (Shares{0, 0}));
  EXPECT_EQ(SpreadByLargestRemainder(0, {}), Shares{});
}

TEST(SpreadByLargestRemainder, SumsExactlyAndTakesNoMoreThanIsThere) {
  std::mt19937_64 random(20261004);
  for (int round = 0; round < 5000; ++round) {
    std::vector<int64_t> weights(1 + random() % 20);
    for (int64_t& weight : weights) weight = static_cast<int64_t>(random() % 1'000'000'000'000) >> (random() % 40);
    ++weights[0];  // not all of them zero
    const int64_t sum = std::accumulate(weights.begin(), weights.end(), int64_t{0});
    const int64_t amount = static_cast<int64_t>(random() % static_cast<uint64_t>(sum + 1));
    const std::vector<int64_t> shares = SpreadByLargestRemainder(amount, weights);
    ASSERT_EQ(std::accumulate(shares.begin(), shares.end(), int64_t{0}), amount);
    for (size_t i = 0; i < weights.size(); ++i) {
      ASSERT_GE(shares[i], 0);
      ASSERT_LE(shares[i], weights[i]);
      // Within one unit of the exact share.
      const base::Int128 exact = base::Int128{amount} * weights[i];
      ASSERT_TRUE(shares[i] * base::Int128{sum} - exact < sum && exact - shares[i] * base::Int128{sum} < sum);
    }
  }
}

}  // namespace
}  // namespace invoice::domain
