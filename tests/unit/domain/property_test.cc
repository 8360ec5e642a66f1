// Promises that hold for any input, tried on random ones: no day is billed twice or never, no cent is lost.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/limits.h"
#include "base/status.h"
#include "domain/calendar.h"
#include "domain/generation.h"
#include "domain/numbers.h"
#include "domain/schedule.h"
#include "domain/totals.h"
#include "tests/unit/domain/seeded.h"

namespace invoice::domain {
namespace {

using absl::CivilDay;

constexpr Frequency kFrequencies[] = {Frequency::kWeekly, Frequency::kBiweekly, Frequency::kMonthly,
                                      Frequency::kQuarterly, Frequency::kYearly};
constexpr CivilDay kStart(2020, 1, 1);
constexpr int kDaysOfCentury = 36525;

class Property : public ::testing::Test {
 protected:
  int64_t Below(int64_t bound) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(bound)); }
  CivilDay DayOfCentury() { return kStart + Below(kDaysOfCentury); }
  ScheduleRule Rule(Frequency frequency) {
    return {.frequency = frequency,
            .billing_weekday = static_cast<int>(Below(7)),
            .anchor = DayOfCentury(),
            .billing_day = static_cast<int>(1 + Below(31))};
  }

  std::mt19937_64 random_ = Seeded();
};

TEST_F(Property, ClippedPeriodsOfACenturyHoldEachDayOfTheContractOnce) {
  for (int round = 0; round < 200; ++round) {
    const ScheduleRule rule = Rule(kFrequencies[round % 5]);
    std::optional<CivilDay> start;
    std::optional<CivilDay> end;
    if (Below(4) > 0) start = DayOfCentury();
    if (Below(4) > 0) end = start.value_or(kStart) + Below(kDaysOfCentury);
    SCOPED_TRACE(testing::Message() << Name(rule.frequency) << " on " << rule.billing_day << "/" << rule.billing_weekday
                                    << " from " << (start ? FormatDate(*start) : "-") << " to "
                                    << (end ? FormatDate(*end) : "-"));

    const auto occurrences = Occurrences(rule, kStart, 1);
    const CivilDay first_day = occurrences[0].period.first;
    CivilDay expected = std::max(first_day, start.value_or(first_day));
    CivilDay last_day = first_day - 1;
    for (CivilDay due = occurrences[0].due; due < kStart + kDaysOfCentury; due = NextDue(rule, due)) {
      const Period period = PeriodOf(rule.frequency, due);
      last_day = period.last;
      const std::optional<Period> clipped = Clip(period, start, end);
      if (!clipped) continue;
      ASSERT_EQ(clipped->first, expected) << "billed on " << FormatDate(due);
      ASSERT_GE(clipped->last, clipped->first);
      ASSERT_LT(clipped->last, due);
      expected = clipped->last + 1;
    }
    // Nothing of the contract that a due date of the century covers is left over.
    const CivilDay last_of_contract = std::min(last_day, end.value_or(last_day));
    if (expected <= last_of_contract) {
      ADD_FAILURE() << "never billed: " << FormatDate(expected) << " to " << FormatDate(last_of_contract);
    }
  }
}

TEST_F(Property, ManyChangesOfTheRuleBillEachDayOnce) {
  for (int round = 0; round < 400; ++round) {
    ScheduleRule rule = Rule(kFrequencies[Below(5)]);
    std::optional<CivilDay> last_billed;
    CivilDay last_due = kStart - 1;
    CivilDay effective = kStart;
    for (int change = 0; change < 25; ++change) {
      const Transition transition = ChangeRule(rule, effective, last_billed);
      const CivilDay next_change = effective + 1 + Below(Below(3) == 0 ? 900 : 60);
      std::vector<Occurrence> due;
      if (transition.between) due.push_back(*transition.between);
      for (Occurrence next = transition.first; next.due < next_change;) {
        due.push_back(next);
        next.due = NextDue(rule, next.due);
        next.period = PeriodOf(rule.frequency, next.due);
      }
      // What is due before the next change is billed; the rest waits and is the next rule's business.
      for (const Occurrence& occurrence : due) {
        if (occurrence.due >= next_change) break;
        SCOPED_TRACE(testing::Message() << "change " << change << " to " << Name(rule.frequency) << ", due "
                                        << FormatDate(occurrence.due));
        ASSERT_GT(occurrence.due, last_due);
        ASSERT_LE(occurrence.period.first, occurrence.period.last);
        ASSERT_LT(occurrence.period.last, occurrence.due) << "billed before it is over";
        if (last_billed) {
          ASSERT_EQ(occurrence.period.first, *last_billed + 1);
        }
        last_billed = occurrence.period.last;
        last_due = occurrence.due;
      }
      effective = next_change;
      rule = Rule(kFrequencies[Below(5)]);
    }
  }
}

// Every line is under exactly one tax, so the bases are a partition of what is taxable: a cent of the discount that
// went to no group or to two would show.
TEST_F(Property, TheDiscountOfADocumentIsSpreadOverTheTaxesToTheCent) {
  for (int round = 0; round < 4000; ++round) {
    TotalsInput input{.currency = Currency::Find(round % 3 == 0 ? "JPY" : round % 3 == 1 ? "CAD" : "KWD").value()};
    const auto tax_count = static_cast<size_t>(1 + Below(10));
    for (size_t t = 0; t < tax_count; ++t) {
      input.taxes.push_back({.name = "tax " + std::to_string(t), .rate = Rate::FromUnits(Below(1000001))});
    }
    for (int64_t l = 1 + Below(30); l > 0; --l) {
      LineInput line{.quantity = Quantity::FromUnits(Below(3000000)),
                     .unit_price = UnitPrice::FromUnits(Below(900000))};
      if (Below(3) == 0) line.discount.percent = Percent::FromUnits(Below(1000001));
      line.tax_names.push_back(input.taxes[static_cast<size_t>(Below(static_cast<int64_t>(tax_count)))].name);
      input.lines.push_back(std::move(line));
    }
    const auto plain = ComputeTotals(input);
    ASSERT_TRUE(plain.ok()) << plain.status();
    if (Below(2) == 0) {
      input.discount.percent = Percent::FromUnits(Below(1000001));
    } else {
      input.discount.amount_minor = Below(plain->totals.subtotal_minor + 1);
    }
    const auto result = ComputeTotals(input);
    ASSERT_TRUE(result.ok()) << result.status();

    int64_t lines = 0;
    for (const InvoiceLine& line : result->lines) lines += line.amount_minor;
    int64_t bases = 0;
    int64_t taxes = 0;
    ASSERT_EQ(result->taxes.size(), plain->taxes.size()) << "those that lines use";
    for (size_t t = 0; t < result->taxes.size(); ++t) {
      const TaxAmount& tax = result->taxes[t];
      bases += tax.base_minor;
      taxes += tax.amount_minor;
      ASSERT_LE(tax.base_minor, plain->taxes[t].base_minor) << "a discount only takes away";
    }
    ASSERT_EQ(lines, result->totals.subtotal_minor);
    ASSERT_EQ(bases, result->totals.subtotal_minor - result->totals.discount_minor);
    ASSERT_EQ(taxes, result->totals.tax_minor);
    ASSERT_EQ(result->totals.total_minor, bases + taxes);
    if (input.discount.amount_minor) {
      ASSERT_EQ(result->totals.discount_minor, *input.discount.amount_minor);
    }
  }
}

TEST_F(Property, ASeriesKnowsItsOwnNumbersAndNoOthers) {
  const char* patterns[] = {"{PREFIX}-{YYYY}-{SEQ:4}", "{SEQ:1}", "{YYYY}{MM}{SEQ:3}/{PREFIX}", "N{SEQ:10}A"};
  for (int round = 0; round < 2000; ++round) {
    const NumberPattern pattern = NumberPattern::Parse(patterns[round % 4]).value();
    const CivilDay day = DayOfCentury();
    const int64_t sequence = 1 + Below(int64_t{1} << Below(31));
    const std::string number = pattern.Format("ACME", day, sequence);
    const std::string key = pattern.SeriesKey("ACME", day);
    ASSERT_EQ(SequenceIn(key, number), sequence) << key << " " << number;
    ASSERT_EQ(SequenceIn("Z" + key, number), std::nullopt);
    ASSERT_EQ(SequenceIn(key + "Z", number), std::nullopt);
  }
}

// --- Bad input of the wizard: each is named, and none is computed with
// ------------------------------------------------

class WizardFault : public Property {
 protected:
  WizardFault() {
    input_.mode = RunMode::kWizard;
    input_.vendor.name = "Vendor";
    input_.customer.name = "Customer";
    input_.customer.contract.currency_code = "CAD";
    input_.invoice_date = CivilDay(2026, 11, 1);
    input_.period = {CivilDay(2026, 10, 1), CivilDay(2026, 10, 31)};
    const LineInput line{
        .description = "work", .quantity = *Quantity::Parse("1"), .unit_price = *UnitPrice::Parse("10")};
    input_.wizard.lines = {line, line};
    input_.wizard.taxes = {{.name = "HST", .rate = *Rate::Parse("0.13")}};
  }

  std::pair<std::string, base::Reason> Fault() {
    const base::ErrorDetail detail = base::DetailOf(GenerateInvoice(input_).status());
    return {detail.fields.empty() ? "" : detail.fields[0].field, detail.reason};
  }

  GenerationInput input_;
};

using NamedFault = std::pair<std::string, base::Reason>;

TEST_F(WizardFault, IsNoneInTheUnchangedInput) { ASSERT_TRUE(GenerateInvoice(input_).ok()); }

TEST_F(WizardFault, NamesADiscountAboveAHundredPerCent) {
  input_.wizard.discount.percent = Percent::Parse("100.0001");
  EXPECT_EQ(Fault(), NamedFault("discount.percent", base::Reason::kInvalidField));
  input_.wizard.discount = {};
  input_.wizard.lines[1].discount.percent = Percent::Parse("101");
  EXPECT_EQ(Fault(), NamedFault("lines[1].discount.percent", base::Reason::kInvalidField));
}

TEST_F(WizardFault, NamesATaxRateAboveOne) {
  input_.wizard.taxes.push_back({.name = "GST", .rate = *Rate::Parse("1.000001")});
  EXPECT_EQ(Fault(), NamedFault("taxes[1].rate", base::Reason::kInvalidField));
}

TEST_F(WizardFault, NamesAPeriodThatEndsBeforeItStarts) {
  input_.period.last = input_.period.first - 1;
  EXPECT_EQ(Fault(), NamedFault("periodEnd", base::Reason::kInvalidField));
}

TEST_F(WizardFault, NamesTheLineWhoseSumOverflows) {
  const int64_t most = base::kMaxAmount_minor / 100;
  input_.wizard.lines[0].unit_price = *UnitPrice::Parse(std::to_string(most));
  input_.wizard.lines[1].unit_price = *UnitPrice::Parse("0.01");
  EXPECT_EQ(Fault(), NamedFault("lines[1].quantity", base::Reason::kAmountOverflow));
}

}  // namespace
}  // namespace invoice::domain
