#include "domain/partial_period.h"

#include <gmock/gmock.h>

#include "base/status.h"
#include "domain/generation.h"

namespace invoice::domain {
namespace {

using absl::CivilDay;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr Period kSeptember{CivilDay(2026, 9, 1), CivilDay(2026, 9, 30)};  // Tuesday to Wednesday, 22 workdays
constexpr Period kSecondHalf{CivilDay(2026, 9, 16), CivilDay(2026, 9, 30)};

PartialPeriod PartOf(PartialPeriods rule, const Period& billed, const Period& whole = kSeptember) {
  return PartialPeriodOf(rule, billed, whole).value();
}

TEST(PartialPeriod, AWholePeriodHasNoPart) {
  EXPECT_FALSE(PartialPeriodOf(PartialPeriods::kProrateDays, kSeptember, kSeptember).has_value());
}

TEST(PartialPeriod, SharesAreHalfAwayFromZero) {
  const PartialPeriod half = PartOf(PartialPeriods::kProrateDays, kSecondHalf);
  EXPECT_EQ(half.ShareOf(*Quantity::Parse("160")).ToString(), "80");
  EXPECT_EQ(half.ShareOf(*Quantity::Parse("0.0001")).ToString(), "0.0001");
  EXPECT_EQ(half.ShareOf(int64_t{1}), 1);
  EXPECT_EQ(half.ShareOf(int64_t{2551}), 1276);
  const PartialPeriod day = PartOf(PartialPeriods::kProrateDays, {CivilDay(2026, 9, 30), CivilDay(2026, 9, 30)});
  EXPECT_EQ(day.ShareOf(*Quantity::Parse("100")).ToString(), "3.3333");
  EXPECT_EQ(day.ShareOf(int64_t{14}), 0);
  EXPECT_EQ(day.ShareOf(int64_t{15}), 1);
  const PartialPeriod full = PartOf(PartialPeriods::kFull, kSecondHalf);
  EXPECT_EQ(full.ShareOf(*Quantity::Parse("160")).ToString(), "160");
  EXPECT_EQ(full.ShareOf(int64_t{2551}), 2551);
}

TEST(PartialPeriod, WorkdaysAreMondayToFriday) {
  const PartialPeriod half = PartOf(PartialPeriods::kProrateWorkdays, kSecondHalf);
  EXPECT_EQ(half.billed_days, 11);
  EXPECT_EQ(half.whole_days, 22);
  const PartialPeriod weekend = PartOf(PartialPeriods::kProrateWorkdays, {CivilDay(2026, 9, 5), CivilDay(2026, 9, 6)});
  EXPECT_EQ(weekend.ShareOf(*Quantity::Parse("160")), Quantity());
  const Period two_days{CivilDay(2026, 9, 5), CivilDay(2026, 9, 6)};
  const PartialPeriod saturday =
      PartOf(PartialPeriods::kProrateWorkdays, {CivilDay(2026, 9, 5), CivilDay(2026, 9, 5)}, two_days);
  EXPECT_EQ(saturday.rule, PartialPeriods::kProrateDays) << "the whole has no workday: its days count";
  EXPECT_EQ(saturday.ShareOf(int64_t{100}), 50);
}

// A scheduled run over September of a contract with 160 hours at 100.00 and 30.00 of fees, which starts on the 16th.
GenerationInput CutInput(PartialPeriods rule) {
  GenerationInput input;
  input.mode = RunMode::kScheduled;
  input.vendor.name = "Vendor";
  input.customer.name = "Customer";
  Contract& contract = input.customer.contract;
  contract.rate_per_hour = UnitPrice::Parse("100");
  contract.default_hours = Quantity::Parse("160");
  contract.currency_code = "CAD";
  contract.extra_fees_minor = 3000;
  contract.start_date = kSecondHalf.first;
  contract.partial_periods = rule;
  input.invoice_date = CivilDay(2026, 10, 1);
  input.period = kSecondHalf;
  input.whole_period = kSeptember;
  return input;
}

TEST(PartialPeriod, FullBillsAllAndWarns) {
  const auto draft = GenerateInvoice(CutInput(PartialPeriods::kFull));
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_EQ(draft->document.totals.total_minor, 1603000);
  ASSERT_THAT(draft->warnings, SizeIs(1));
  EXPECT_EQ(draft->warnings[0].code, "PARTIAL_PERIOD");
  EXPECT_THAT(SourcesOf(*draft), Contains(Pair("partialPeriods", "FULL")));
  GenerationInput whole = CutInput(PartialPeriods::kFull);
  whole.customer.contract.start_date.reset();
  whole.period = kSeptember;
  EXPECT_THAT(GenerateInvoice(whole)->warnings, IsEmpty());
}

TEST(PartialPeriod, ProratingSharesHoursAndFeesAndSaysSo) {
  auto draft = GenerateInvoice(CutInput(PartialPeriods::kProrateDays));
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_EQ(draft->document.lines[0].quantity.ToString(), "80");
  EXPECT_EQ(draft->document.lines[0].description,
            "Professional services, 2026-09-16 \u2013 2026-09-30 (15 of 30 days)");
  EXPECT_EQ(draft->document.lines[1].description, "Extra fees (15 of 30 days)");
  EXPECT_EQ(draft->document.lines[1].amount_minor, 1500);
  EXPECT_THAT(draft->warnings, IsEmpty());
  EXPECT_THAT(SourcesOf(*draft), Contains(Pair("billedDays", "15")));
  draft = GenerateInvoice(CutInput(PartialPeriods::kProrateWorkdays));
  EXPECT_EQ(draft->document.lines[1].description, "Extra fees (11 of 22 workdays)");
}

TEST(PartialPeriod, GivenHoursAndTimesheetsAreBilledAsTheyAre) {
  GenerationInput input = CutInput(PartialPeriods::kProrateDays);
  input.mode = RunMode::kQuick;
  input.hours = Quantity::Parse("10");
  auto draft = GenerateInvoice(input);
  EXPECT_EQ(draft->document.lines[0].quantity.ToString(), "10");
  EXPECT_EQ(draft->document.lines[0].description, "Professional services, 2026-09-16 \u2013 2026-09-30");
  EXPECT_EQ(draft->document.lines[1].amount_minor, 1500) << "fees are";
  input = CutInput(PartialPeriods::kFull);
  input.timesheets = {{.period = kSecondHalf, .hours = *Quantity::Parse("7"), .currency_code = "CAD"}};
  input.customer.contract.extra_fees_minor = 0;
  EXPECT_THAT(GenerateInvoice(input)->warnings, IsEmpty()) << "nothing of the contract is billed";
}

constexpr char kCut[] = "the contract's dates cut the period 2026-09-01 to 2026-09-30 short";

// The sentence about the part that an invoice of the input bills; empty where the invoice has none.
std::string PartTextOf(const GenerationInput& input) {
  const auto draft = GenerateInvoice(input);
  EXPECT_TRUE(draft.ok()) << draft.status();
  return draft.ok() && draft->part ? TextOf(*draft->part) : "";
}

TEST(PartialPeriod, TheSentenceNamesOnlyWhatIsBilledOfThePart) {
  const struct {
    const char* name;
    void (*change)(GenerationInput&);
    std::string what;  // empty: no sentence
  } rows[] = {
      {"default hours and fees", [](GenerationInput&) {}, "default hours and extra fees"},
      {"default hours", [](GenerationInput& input) { input.customer.contract.extra_fees_minor = 0; }, "default hours"},
      {"a timesheet and fees",
       [](GenerationInput& input) {
         input.timesheets = {{.period = kSecondHalf, .hours = *Quantity::Parse("5"), .currency_code = "CAD"}};
       },
       "extra fees"},
      {"given hours and fees",
       [](GenerationInput& input) {
         input.mode = RunMode::kQuick;
         input.hours = Quantity::Parse("5");
       },
       "extra fees"},
      {"given hours",
       [](GenerationInput& input) {
         input.mode = RunMode::kQuick;
         input.hours = Quantity::Parse("5");
         input.customer.contract.extra_fees_minor = 0;
       },
       ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto text = [&](PartialPeriods rule) {
      GenerationInput input = CutInput(rule);
      row.change(input);
      return PartTextOf(input);
    };
    const auto expected = [&](const std::string& before, const std::string& after) {
      return row.what.empty() ? "" : kCut + before + row.what + after;
    };
    EXPECT_EQ(text(PartialPeriods::kFull), expected("; its ", " are billed in full"));
    EXPECT_EQ(text(PartialPeriods::kProrateDays), expected("; ", " are billed for 15 of 30 days"));
    EXPECT_EQ(text(PartialPeriods::kProrateWorkdays), expected("; ", " are billed for 11 of 22 workdays"));
  }
}

TEST(PartialPeriod, TimesheetsOfNoHoursHaveNothingToBill) {
  GenerationInput input = CutInput(PartialPeriods::kProrateDays);
  input.customer.contract.extra_fees_minor = 0;
  input.timesheets = {{.period = kSecondHalf, .currency_code = "CAD"}};
  const absl::Status status = GenerateInvoice(input).status();
  EXPECT_EQ(base::DetailOf(status).reason, base::Reason::kContractIncomplete) << status;
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("hours, expenses and fees come to zero"));
}

TEST(PartialPeriod, APartWithoutAnyWorkdayHasNothingToBill) {
  GenerationInput input = CutInput(PartialPeriods::kProrateWorkdays);
  input.period = {CivilDay(2026, 9, 5), CivilDay(2026, 9, 6)};
  input.customer.contract.start_date = input.period.first;
  input.customer.contract.end_date = input.period.last;
  const absl::Status status = GenerateInvoice(input).status();
  EXPECT_EQ(base::DetailOf(status).reason, base::Reason::kContractIncomplete);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("0 of 22 workdays"));
}

TEST(WholePeriodOf, IsThePeriodThatTheContractCutsToTheseDays) {
  Customer customer;
  customer.contract.start_date = kSecondHalf.first;
  EXPECT_EQ(WholePeriodOf(customer, kSecondHalf), kSeptember);
  const Period shorter{CivilDay(2026, 9, 17), CivilDay(2026, 9, 30)};
  EXPECT_EQ(WholePeriodOf(customer, shorter), shorter) << "days that a person chose";
  const Period october{CivilDay(2026, 10, 1), CivilDay(2026, 10, 31)};
  EXPECT_EQ(WholePeriodOf(customer, october), october);
  customer.contract.end_date = CivilDay(2026, 9, 20);
  EXPECT_EQ(WholePeriodOf(customer, {CivilDay(2026, 9, 16), CivilDay(2026, 9, 20)}), kSeptember) << "cut at both ends";
}

TEST(WholePeriodOf, IsTheTransitionThatTheContractCutsToTheseDays) {
  Customer customer;
  customer.contract.frequency = Frequency::kWeekly;
  customer.contract.end_date = CivilDay(2026, 11, 20);
  const Period whole{CivilDay(2026, 11, 1), CivilDay(2026, 11, 29)};
  customer.schedule.transition = Occurrence{CivilDay(2026, 12, 1), whole};
  EXPECT_EQ(WholePeriodOf(customer, {CivilDay(2026, 11, 1), CivilDay(2026, 11, 20)}), whole);
}

}  // namespace
}  // namespace invoice::domain
