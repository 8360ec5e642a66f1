#include "domain/generation.h"

#include <gmock/gmock.h>

#include "base/status.h"
#include "domain/billing.h"
#include "domain/calendar.h"

namespace invoice::domain {
namespace {

using absl::CivilDay;
using base::Reason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Period kOctober{CivilDay(2026, 10, 1), CivilDay(2026, 10, 31)};

// A quick run of 7.5 hours at 120.00 with HST 13 %, NET 30.
GenerationInput QuickInput() {
  GenerationInput input;
  input.mode = RunMode::kQuick;
  input.vendor.name = "Northwind Consulting";
  input.vendor.locale = "en-CA";
  input.customer.name = "Contoso";
  input.customer.contractor_name = "Ann Smith";
  input.customer.service_location = "Ottawa";
  Contract& contract = input.customer.contract;
  contract.rate_per_hour = UnitPrice::Parse("120");
  contract.default_hours = Quantity::Parse("160");
  contract.currency_code = "CAD";
  contract.taxes = {{.name = "HST", .rate = Rate::Parse("0.13").value(), .registration_number = "123 RT"}};
  contract.notes = "Thank you.";
  contract.purchase_order = "PO-1";
  input.invoice_date = CivilDay(2026, 11, 1);
  input.period = kOctober;
  input.hours = Quantity::Parse("7.5");
  return input;
}

GenerationInput WizardRun() {
  GenerationInput input = QuickInput();
  input.mode = RunMode::kWizard;
  input.hours.reset();
  input.wizard.lines = {{.description = "Workshop",
                         .quantity = Quantity::Parse("2").value(),
                         .unit = Unit::kDay,
                         .unit_price = UnitPrice::Parse("900").value()}};
  input.wizard.taxes = input.customer.contract.taxes;
  return input;
}

Timesheet TimesheetOf(std::string_view hours, std::vector<Expense> expenses = {}) {
  return {.period = kOctober,
          .hours = Quantity::Parse(hours).value(),
          .currency_code = "CAD",
          .expenses = std::move(expenses),
          .notes = "Sprint 12."};
}

base::ErrorDetail FaultOf(const GenerationInput& input, absl::StatusCode code = absl::StatusCode::kFailedPrecondition) {
  const absl::Status status = GenerateInvoice(input).status();
  EXPECT_EQ(status.code(), code) << status;
  return base::DetailOf(status);
}

std::string InvalidFieldOf(const GenerationInput& input) {
  const auto detail = FaultOf(input, absl::StatusCode::kInvalidArgument);
  return detail.fields.empty() ? "" : detail.fields[0].field;
}

std::vector<std::string> CodesOf(const std::vector<Warning>& warnings) {
  std::vector<std::string> codes;
  codes.reserve(warnings.size());
  for (const Warning& warning : warnings) codes.push_back(warning.code);
  return codes;
}

TEST(GenerateInvoice, QuickBillsHoursByTheContract) {
  const auto draft = GenerateInvoice(QuickInput());
  ASSERT_TRUE(draft.ok()) << draft.status();
  const InvoiceDocument& document = draft->document;
  EXPECT_EQ(document.number, "");
  EXPECT_EQ(document.due_date, CivilDay(2026, 12, 1));
  EXPECT_EQ(document.period, kOctober);
  EXPECT_EQ(document.currency.code(), "CAD");
  EXPECT_EQ(document.vendor.name, "Northwind Consulting");
  EXPECT_EQ(document.contractor_name, "Ann Smith");
  EXPECT_EQ(document.service_location, "Ottawa");
  EXPECT_EQ(document.purchase_order, "PO-1");
  EXPECT_EQ(document.notes, "Thank you.");
  ASSERT_THAT(document.lines, SizeIs(1));
  EXPECT_EQ(document.lines[0].description, "Professional services, 2026-10-01 \u2013 2026-10-31");
  EXPECT_EQ(document.lines[0].unit, Unit::kHour);
  EXPECT_EQ(document.lines[0].amount_minor, 90000);
  ASSERT_THAT(document.taxes, SizeIs(1));
  EXPECT_EQ(document.taxes[0].tax.registration_number, "123 RT");
  EXPECT_EQ(document.totals.total_minor, 101700);
  EXPECT_THAT(draft->warnings, IsEmpty());
}

TEST(GenerateInvoice, SnapshotsTakeTheCustomersLocale) {
  GenerationInput input = QuickInput();
  EXPECT_EQ(GenerateInvoice(input)->document.vendor.locale, "en-CA");
  input.customer.locale = "fr-CA";
  EXPECT_EQ(GenerateInvoice(input)->document.vendor.locale, "fr-CA");
}

TEST(GenerateInvoice, ExtraFeesAreTheLastLine) {
  GenerationInput input = QuickInput();
  input.customer.contract.extra_fees_minor = 2550;
  input.timesheets = {TimesheetOf("1", {{"Train", 8000}})};
  const auto draft = GenerateInvoice(input);
  ASSERT_TRUE(draft.ok()) << draft.status();
  const auto& lines = draft->document.lines;
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_EQ(lines[0].quantity.ToString(), "7.5") << "the caller's hours come before the timesheet's";
  EXPECT_EQ(lines[1].description, "Train");
  EXPECT_EQ(lines[1].amount_minor, 8000);
  EXPECT_EQ(lines[2].description, "Extra fees");
  EXPECT_EQ(lines[2].unit_price.ToString(), "25.5");
  EXPECT_EQ(lines[2].amount_minor, 2550);
  EXPECT_EQ(draft->document.notes, "Thank you.\nSprint 12.");

  input.customer.contract.extra_fees_label = "Hosting";
  EXPECT_EQ(GenerateInvoice(input)->document.lines.back().description, "Hosting");
}

// Texts that say which locale they were asked for.
const LineTexts& TextsThatNameTheLocale(std::string_view locale) {
  static std::string extra_fees;
  static LineTexts texts;
  extra_fees = "fees in " + std::string(locale);
  texts = {[locale = std::string(locale)](const Period& period) {
             return "hours of " + FormatDate(period.first) + " in " + locale;
           },
           extra_fees};
  return texts;
}

std::vector<std::string> DescriptionsOf(const GenerationInput& input) {
  std::vector<std::string> descriptions;
  const auto draft = GenerateInvoice(input);
  EXPECT_TRUE(draft.ok()) << draft.status();
  if (!draft.ok()) return descriptions;
  for (const InvoiceLine& line : draft->document.lines) descriptions.push_back(line.description);
  return descriptions;
}

TEST(GenerateInvoice, LinesAreInTheLanguageOfTheDocument) {
  GenerationInput input = QuickInput();
  input.vendor.locale = "de-AT";
  input.line_texts = TextsThatNameTheLocale;
  input.customer.contract.extra_fees_minor = 2550;
  input.timesheets = {TimesheetOf("1", {{"Train", 8000}})};
  EXPECT_THAT(DescriptionsOf(input), ElementsAre("hours of 2026-10-01 in de-AT", "Train", "fees in de-AT"));
  input.customer.locale = "fr-CA";
  EXPECT_THAT(DescriptionsOf(input), ElementsAre("hours of 2026-10-01 in fr-CA", "Train", "fees in fr-CA"));
  input.customer.contract.extra_fees_label = "Hosting";
  EXPECT_THAT(DescriptionsOf(input), ElementsAre("hours of 2026-10-01 in fr-CA", "Train", "Hosting"));
}

TEST(GenerateInvoice, ScheduledTakesTheTimesheetElseTheDefaultHours) {
  GenerationInput input = QuickInput();
  input.mode = RunMode::kScheduled;
  input.hours.reset();
  EXPECT_EQ(GenerateInvoice(input)->document.lines[0].quantity.ToString(), "160");
  input.timesheets = {TimesheetOf("12.25")};
  EXPECT_EQ(GenerateInvoice(input)->document.lines[0].quantity.ToString(), "12.25");
}

TEST(GenerateInvoice, ATimesheetMayHoldExpensesAlone) {
  GenerationInput input = QuickInput();
  input.mode = RunMode::kScheduled;
  input.hours.reset();
  input.timesheets = {TimesheetOf("0", {{"Train", 8000}})};
  const auto draft = GenerateInvoice(input);
  ASSERT_TRUE(draft.ok()) << draft.status();
  ASSERT_THAT(draft->document.lines, SizeIs(1));
  EXPECT_EQ(draft->document.lines[0].description, "Train");

  input.timesheets = {TimesheetOf("0")};
  EXPECT_EQ(FaultOf(input).reason, Reason::kContractIncomplete);
}

TEST(GenerateInvoice, ExpensesInAnotherCurrencyThanTheContractsAreRefused) {
  GenerationInput input = QuickInput();
  input.timesheets = {TimesheetOf("1", {{"Train", 8000}})};
  input.timesheets[0].currency_code = "EUR";
  EXPECT_EQ(FaultOf(input).metadata["timesheetCurrency"], "EUR");
}

TEST(GenerateInvoice, TheTimesheetsInsideThePeriodAreSummed) {
  GenerationInput input = QuickInput();
  input.mode = RunMode::kScheduled;
  input.hours.reset();
  input.timesheets = {TimesheetOf("40.1234", {{"Train", 1250}}), TimesheetOf("35", {{"Train", 1250}}),
                      TimesheetOf("0")};
  input.timesheets[0].period.last = CivilDay(2026, 10, 15);
  input.timesheets[1].period = {CivilDay(2026, 10, 16), CivilDay(2026, 10, 30)};
  input.timesheets[1].notes = "Sprint 13.";
  input.timesheets[2].period = {CivilDay(2026, 10, 31), CivilDay(2026, 10, 31)};
  const auto draft = GenerateInvoice(input);
  ASSERT_TRUE(draft.ok()) << draft.status();
  ASSERT_THAT(draft->document.lines, SizeIs(3));
  EXPECT_EQ(draft->document.lines[0].quantity.ToString(), "75.1234") << "one line for the one rate";
  EXPECT_EQ(draft->document.lines[1].amount_minor, 1250);
  EXPECT_EQ(draft->document.lines[2].amount_minor, 1250) << "one line for each expense";
  EXPECT_EQ(draft->document.notes, "Thank you.\nSprint 12.\nSprint 13.") << "each text once";
  EXPECT_THAT(draft->warnings, IsEmpty());
  EXPECT_EQ(draft->hours_from, HoursFrom::kTimesheet);
  EXPECT_EQ(draft->timesheet_count, 3);
}

TEST(GenerateInvoice, TimesheetsThatDoNotFitStandAgainstHoursThatAreNotGiven) {
  GenerationInput input = QuickInput();
  input.timesheets = {TimesheetOf("40", {{"Train", 1250}}), TimesheetOf("35", {{"Taxi", 700}})};
  input.timesheets[0].period.last = CivilDay(2026, 10, 15);
  input.timesheets[1].period = {CivilDay(2026, 10, 26), CivilDay(2026, 11, 1)};
  input.hours.reset();
  for (const RunMode mode : {RunMode::kQuick, RunMode::kManual, RunMode::kScheduled, RunMode::kGenerateAll}) {
    input.mode = mode;
    const auto detail = FaultOf(input);
    EXPECT_EQ(detail.reason, Reason::kTimesheetMismatch) << Name(mode);
    EXPECT_EQ(detail.metadata.at("days"), "2026-10-16 to 2026-10-25, 2026-10-26 to 2026-11-01");
    EXPECT_EQ(detail.metadata.at("periodStart"), "2026-10-01");
    EXPECT_EQ(detail.metadata.at("periodEnd"), "2026-10-31");
  }
  input.mode = RunMode::kManual;
  input.hours = Quantity::Parse("7.5");
  const auto draft = GenerateInvoice(input);
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_THAT(CodesOf(draft->warnings), ElementsAre("TIMESHEET_MISMATCH"));
  ASSERT_THAT(draft->document.lines, SizeIs(2)) << "the expenses of the timesheet inside and of no other";
  EXPECT_EQ(draft->document.lines[0].quantity.ToString(), "7.5");
  EXPECT_EQ(draft->document.lines[1].description, "Train");
  EXPECT_EQ(draft->hours_from, HoursFrom::kCaller);
}

TEST(GenerateInvoice, ExpensesOfEachTimesheetAreInItsOwnCurrency) {
  GenerationInput input = QuickInput();
  input.mode = RunMode::kScheduled;
  input.hours.reset();
  input.timesheets = {TimesheetOf("40"), TimesheetOf("35", {{"Taxi", 700}})};
  input.timesheets[0].period.last = CivilDay(2026, 10, 15);
  input.timesheets[0].currency_code = "EUR";
  input.timesheets[1].period.first = CivilDay(2026, 10, 16);
  EXPECT_TRUE(GenerateInvoice(input).ok()) << "hours have no currency";
  input.timesheets[1].currency_code = "EUR";
  EXPECT_EQ(FaultOf(input).reason, Reason::kTimesheetRequired);
}

TEST(GenerateInvoice, MoreExpensesThanADocumentHoldsAreTooLong) {
  GenerationInput input = QuickInput();
  input.hours.reset();
  input.timesheets.clear();
  for (int day = 1; day <= 31; ++day) {
    input.timesheets.push_back(TimesheetOf("1", std::vector<Expense>(65, {"Taxi", 700})));
    input.timesheets.back().period = {CivilDay(2026, 10, day), CivilDay(2026, 10, day)};
  }
  EXPECT_EQ(FaultOf(input).reason, Reason::kDocumentTooLong);
  input.timesheets.back().expenses.resize(49);  // 1,999 and the hours
  EXPECT_THAT(GenerateInvoice(input)->document.lines, SizeIs(2000));
}

TEST(GenerateInvoice, AContractCanDemandATimesheetOfScheduledRuns) {
  GenerationInput input = QuickInput();
  input.customer.contract.require_timesheet = true;
  EXPECT_TRUE(GenerateInvoice(input).ok());
  input.mode = RunMode::kScheduled;
  EXPECT_EQ(FaultOf(input).reason, Reason::kTimesheetRequired);
  input.timesheets = {TimesheetOf("10")};
  EXPECT_TRUE(GenerateInvoice(input).ok());
  input.timesheets[0].period.last = CivilDay(2026, 10, 15);
  EXPECT_EQ(FaultOf(input).reason, Reason::kTimesheetMismatch);
}

TEST(GenerateInvoice, SaysWhatTheContractMisses) {
  GenerationInput input = QuickInput();
  input.customer.contract.rate_per_hour.reset();
  auto detail = FaultOf(input);
  EXPECT_EQ(detail.reason, Reason::kContractIncomplete);
  EXPECT_EQ(detail.metadata.at("missing"), "ratePerHour");

  input = QuickInput();
  input.hours.reset();
  input.customer.contract.default_hours.reset();
  EXPECT_EQ(FaultOf(input).metadata.at("missing"), "defaultHours");

  input = QuickInput();
  input.customer.contract.currency_code = "";
  EXPECT_EQ(FaultOf(input).metadata.at("missing"), "currencyCode");
}

TEST(GenerateInvoice, SaysWhichPartyIsIncomplete) {
  GenerationInput input = QuickInput();
  input.vendor.name = "  ";
  auto detail = FaultOf(input);
  EXPECT_EQ(detail.reason, Reason::kPartyIncomplete);
  EXPECT_EQ(detail.metadata.at("party"), "vendor");
  input = QuickInput();
  input.customer.name = "";
  EXPECT_EQ(FaultOf(input).metadata.at("party"), "customer");
}

TEST(GenerateInvoice, RefusesHoursAndRatesThatBillNothing) {
  GenerationInput input = QuickInput();
  for (const char* hours : {"0", "-1"}) {
    input.hours = Quantity::Parse(hours);
    EXPECT_EQ(InvalidFieldOf(input), "totalHours");
  }
  input = QuickInput();
  input.mode = RunMode::kManual;
  input.rate_per_hour = UnitPrice::Parse("0");
  EXPECT_EQ(InvalidFieldOf(input), "ratePerHour");
  input = QuickInput();
  input.hours = Quantity::Parse("0.0001");
  input.customer.contract.rate_per_hour = UnitPrice::Parse("0.01");
  EXPECT_EQ(FaultOf(input).reason, Reason::kContractIncomplete);
}

TEST(GenerateInvoice, OverflowNamesTheHoursOrTheContract) {
  GenerationInput input = QuickInput();
  input.hours = Quantity::Parse("900000000000000");
  auto detail = FaultOf(input, absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(detail.reason, Reason::kAmountOverflow);
  EXPECT_EQ(detail.fields[0].field, "totalHours");
  input.customer.contract.default_hours = input.hours;
  input.hours.reset();
  EXPECT_EQ(FaultOf(input).reason, Reason::kAmountOverflow);
}

TEST(GenerateInvoice, ManualTakesARateOfItsOwn) {
  GenerationInput input = QuickInput();
  input.mode = RunMode::kManual;
  input.rate_per_hour = UnitPrice::Parse("200");
  EXPECT_EQ(GenerateInvoice(input)->document.lines[0].amount_minor, 150000);
}

TEST(GenerateInvoice, ContractBoundsTheDaysOfAllButTheWizard) {
  GenerationInput input = QuickInput();
  input.customer.contract.start_date = CivilDay(2026, 10, 15);
  auto detail = FaultOf(input);
  EXPECT_EQ(detail.reason, Reason::kPeriodOutsideContract);
  EXPECT_EQ(detail.metadata.at("startDate"), "2026-10-15");
  input.period.first = CivilDay(2026, 10, 15);
  EXPECT_TRUE(GenerateInvoice(input).ok());

  GenerationInput by_hand = WizardRun();
  by_hand.customer.contract.start_date = CivilDay(2026, 10, 15);
  EXPECT_THAT(CodesOf(GenerateInvoice(by_hand)->warnings), ElementsAre("PERIOD_OUTSIDE_CONTRACT"));
}

TEST(GenerateInvoice, RefusesDatesOutOfRangeOrOrder) {
  GenerationInput input = QuickInput();
  input.invoice_date = CivilDay(2200, 1, 1);
  EXPECT_EQ(InvalidFieldOf(input), "invoiceDate");
  input = WizardRun();
  input.period = {CivilDay(2026, 10, 2), CivilDay(2026, 10, 1)};
  EXPECT_EQ(InvalidFieldOf(input), "periodEnd");
  input.period = {CivilDay(1969, 12, 31), CivilDay(2026, 10, 1)};
  EXPECT_EQ(InvalidFieldOf(input), "periodStart");
}

TEST(GenerateInvoice, ADueDatePastTheAcceptedDatesNamesTheField) {
  GenerationInput input = QuickInput();
  input.invoice_date = CivilDay(2199, 12, 2);
  EXPECT_EQ(InvalidFieldOf(input), "runDate");
  input.invoice_date = CivilDay(2199, 12, 1);
  EXPECT_EQ(GenerateInvoice(input)->document.due_date, CivilDay(2199, 12, 31)) << "the last day is one";
  input.mode = RunMode::kManual;
  input.customer.contract.payment_terms = {PaymentTermsKind::kEndOfNextMonth, 0};
  EXPECT_EQ(InvalidFieldOf(input), "invoiceDate");
  input.customer.contract.payment_terms = {PaymentTermsKind::kEndOfMonth, 0};
  EXPECT_TRUE(GenerateInvoice(input).ok());
  input = WizardRun();
  input.invoice_date = CivilDay(2199, 12, 31);
  EXPECT_EQ(InvalidFieldOf(input), "invoiceDate") << "the contract's terms";
  input.wizard.payment_terms = PaymentTerms{PaymentTermsKind::kNet, 1};
  EXPECT_EQ(InvalidFieldOf(input), "paymentTerms");
  input.wizard.payment_terms = PaymentTerms{PaymentTermsKind::kDueOnReceipt, 0};
  EXPECT_TRUE(GenerateInvoice(input).ok());
}

TEST(GenerateInvoice, AQuickRunWhosePeriodBeginsTooEarlyNamesTheRunDate) {
  GenerationInput input = QuickInput();
  input.invoice_date = CivilDay(1970, 1, 15);
  input.period = PeriodOf(Frequency::kMonthly, input.invoice_date);
  EXPECT_EQ(InvalidFieldOf(input), "runDate");
}

TEST(GenerateInvoice, WizardTakesEverythingAsGiven) {
  GenerationInput input = WizardRun();
  input.customer.contract.extra_fees_minor = 2550;
  input.timesheets = {TimesheetOf("10", {{"Train", 8000}})};
  input.wizard.payment_terms = PaymentTerms{PaymentTermsKind::kDueOnReceipt, 0};
  input.wizard.discount = {.amount_minor = 10000};
  input.wizard.notes = "";
  input.wizard.purchase_order = "PO-2";
  input.wizard.duplicate_reason = "second crew";
  const auto draft = GenerateInvoice(input);
  ASSERT_TRUE(draft.ok()) << draft.status();
  const InvoiceDocument& document = draft->document;
  ASSERT_THAT(document.lines, SizeIs(1));
  EXPECT_EQ(document.lines[0].unit, Unit::kDay);
  EXPECT_EQ(document.totals.taxable_minor, 170000);
  EXPECT_EQ(document.totals.total_minor, 192100);
  EXPECT_EQ(document.due_date, document.invoice_date);
  EXPECT_EQ(document.notes, "");
  EXPECT_EQ(document.purchase_order, "PO-2");
  EXPECT_EQ(document.duplicate_reason, "second crew");
  EXPECT_THAT(draft->warnings, IsEmpty());
}

TEST(GenerateInvoice, WizardNeedsNoRateAndFallsBackToTheContract) {
  GenerationInput input = WizardRun();
  input.customer.contract.rate_per_hour.reset();
  const auto draft = GenerateInvoice(input);
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_EQ(draft->document.notes, "Thank you.");
  EXPECT_EQ(draft->document.purchase_order, "PO-1");
  EXPECT_EQ(draft->document.due_date, CivilDay(2026, 12, 1));
}

TEST(GenerateInvoice, WizardWarnsOfWhatMayBeForgotten) {
  GenerationInput input = WizardRun();
  input.wizard.taxes.clear();
  input.wizard.currency = Currency::Find("USD");
  input.wizard.lines[0].quantity = Quantity();
  const auto draft = GenerateInvoice(input);
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_THAT(CodesOf(draft->warnings), ElementsAre("CONTRACT_TAXES_NOT_APPLIED", "OTHER_CURRENCY", "ZERO_TOTAL"));
  EXPECT_EQ(draft->document.totals.total_minor, 0);
  EXPECT_EQ(draft->document.currency.code(), "USD");
}

TEST(GenerateInvoice, WizardNamesTheFieldAtFault) {
  GenerationInput input = WizardRun();
  input.wizard.lines[0].unit_price = UnitPrice::FromUnits(-1);
  EXPECT_EQ(InvalidFieldOf(input), "lines[0].unitPrice");
  input.wizard.lines.clear();
  EXPECT_EQ(InvalidFieldOf(input), "lines");
}

TEST(DecideBilling, GivesItsTextsToGeneration) {
  const GenerationInput generation = QuickInput();
  const CivilDay first_of_november(2026, 11, 1);
  BillingInput input{.mode = RunMode::kGenerateAll,
                     .run_date = first_of_november,
                     .today = first_of_november,
                     .vendor = &generation.vendor,
                     .customer = &generation.customer,
                     .line_texts = TextsThatNameTheLocale};
  const BillingDecision decision = DecideBilling(input);
  ASSERT_TRUE(decision.draft) << decision.message;
  EXPECT_EQ(decision.draft->document.lines[0].description, "hours of 2026-10-01 in en-CA");
}

TEST(BillingPeriodOf, IsClippedToTheContract) {
  Contract contract;
  EXPECT_EQ(*BillingPeriodOf(contract, CivilDay(2026, 11, 1)), kOctober);
  contract.end_date = CivilDay(2026, 10, 10);
  EXPECT_EQ(BillingPeriodOf(contract, CivilDay(2026, 11, 1))->last, CivilDay(2026, 10, 10));
  contract.end_date = CivilDay(2026, 9, 30);
  const absl::Status status = BillingPeriodOf(contract, CivilDay(2026, 11, 1)).status();
  EXPECT_EQ(base::DetailOf(status).reason, Reason::kPeriodOutsideContract);
}

}  // namespace
}  // namespace invoice::domain
