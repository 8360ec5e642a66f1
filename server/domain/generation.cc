#include "domain/generation.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/limits.h"
#include "base/status.h"
#include "base/text.h"
#include "domain/calendar.h"
#include "domain/due_date.h"
#include "domain/schedule.h"
#include "domain/timesheets.h"
#include "fmt/format.h"

namespace invoice::domain {
namespace {

using base::InvalidField;
using base::Reason;

absl::Status Precondition(Reason reason, std::string_view message, std::map<std::string, std::string> metadata = {}) {
  return base::Failure(absl::StatusCode::kFailedPrecondition, reason, message, std::move(metadata));
}

absl::Status ContractIncomplete(std::string_view missing) {
  return Precondition(Reason::kContractIncomplete, fmt::format("the contract cannot be billed: {} is missing", missing),
                      {{"missing", std::string(missing)}});
}

absl::Status PartyIncomplete(std::string_view party, std::string_view missing) {
  return Precondition(Reason::kPartyIncomplete, fmt::format("the {} has no {}", party, missing),
                      {{"party", std::string(party)}, {"missing", std::string(missing)}});
}

std::map<std::string, std::string> DatesOf(const Contract& contract) {
  std::map<std::string, std::string> dates;
  if (contract.start_date) dates["startDate"] = FormatDate(*contract.start_date);
  if (contract.end_date) dates["endDate"] = FormatDate(*contract.end_date);
  return dates;
}

bool InsideContract(const Contract& contract, Period period) {
  return Clip(period, contract.start_date, contract.end_date) == period;
}

bool IsScheduled(RunMode mode) { return mode == RunMode::kScheduled || mode == RunMode::kGenerateAll; }

absl::Status CheckParties(const Vendor& vendor, const Customer& customer) {
  if (base::Trim(vendor.name).empty()) return PartyIncomplete("vendor", "name");
  if (base::Trim(customer.name).empty()) return PartyIncomplete("customer", "name");
  return absl::OkStatus();
}

absl::Status CheckDates(const GenerationInput& input) {
  const bool quick = input.mode == RunMode::kQuick;  // its run date decides all others
  if (quick && !IsAccepted(input.period.first)) return InvalidField("runDate", "a date whose period begins after 1969");
  if (!IsAccepted(input.invoice_date)) return InvalidField("invoiceDate", "a date of 1970-01-01 to 2199-12-31");
  if (!IsAccepted(input.period.first)) return InvalidField("periodStart", "a date of 1970-01-01 to 2199-12-31");
  if (!IsAccepted(input.period.last)) return InvalidField("periodEnd", "a date of 1970-01-01 to 2199-12-31");
  if (input.period.last < input.period.first) return InvalidField("periodEnd", "a date not before periodStart");
  // What is billed by hand may lie outside; its answer carries a warning.
  if (input.mode == RunMode::kWizard || InsideContract(input.customer.contract, input.period)) return absl::OkStatus();
  return Precondition(
      Reason::kPeriodOutsideContract,
      "the period has days outside of the contract; bill them by the wizard or change the contract's dates",
      DatesOf(input.customer.contract));
}

// The field that puts the due date past the end is the one that the caller gave.
absl::Status CheckDueDate(const GenerationInput& input, const InvoiceDocument& document) {
  if (IsAccepted(document.due_date)) return absl::OkStatus();
  const bool own_terms = input.mode == RunMode::kWizard && input.wizard.payment_terms;
  const std::string_view field = own_terms ? "paymentTerms" : input.mode == RunMode::kQuick ? "runDate" : "invoiceDate";
  return InvalidField(field, own_terms ? "terms that end on 2199-12-31 at the latest"
                                       : "a date whose payment terms end on 2199-12-31 at the latest");
}

absl::StatusOr<Currency> CurrencyOf(const GenerationInput& input) {
  if (input.mode == RunMode::kWizard && input.wizard.currency) return *input.wizard.currency;
  const std::optional<Currency> currency = Currency::Find(input.customer.contract.currency_code);
  if (!currency) return ContractIncomplete("currencyCode");
  return *currency;
}

// A line for an amount that has no hours: an expense, the extra fees.
absl::StatusOr<LineInput> AmountLine(std::string description, int64_t amount_minor, Currency currency) {
  const std::optional<UnitPrice> price = PriceOf(amount_minor, currency);
  if (!price) return Precondition(Reason::kAmountOverflow, "an expense or fee is too large");
  return LineInput{.description = std::move(description),
                   .quantity = Quantity::FromUnits(base::PowerOfTen(Quantity::kFractionalDigits)),
                   .unit = Unit::kPiece,
                   .unit_price = *price};
}

// The locale that a document for the customer is printed in.
const std::string& LocaleOf(const Vendor& vendor, const Customer& customer) {
  return customer.locale.empty() ? vendor.locale : customer.locale;
}

HoursFrom HoursFromOf(const GenerationInput& input, const TimesheetFit& fit) {
  if (input.hours) return HoursFrom::kCaller;
  return fit.inside.empty() ? HoursFrom::kContract : HoursFrom::kTimesheet;
}

// How the contract's dates cut the period short; nothing where they do not, or where nothing is billed by their rule.
std::optional<PartialPeriod> BilledPartOf(const GenerationInput& input, const TimesheetFit& fit) {
  if (input.mode == RunMode::kWizard || !input.whole_period) return std::nullopt;
  const Contract& contract = input.customer.contract;
  std::optional<PartialPeriod> part = PartialPeriodOf(contract.partial_periods, input.period, *input.whole_period);
  if (!part) return std::nullopt;
  part->default_hours = HoursFromOf(input, fit) == HoursFrom::kContract;
  part->extra_fees = contract.extra_fees_minor != 0;
  if (!part->default_hours && !part->extra_fees) return std::nullopt;
  return part;
}

// "Extra fees (15 of 30 days)" of what is billed in proportion.
std::string WithShare(std::string description, const std::optional<PartialPeriod>& part, const LineTexts& texts) {
  if (!part || part->rule == PartialPeriods::kFull) return description;
  const std::string_view form =
      part->rule == PartialPeriods::kProrateWorkdays ? texts.share_of_workdays : texts.share_of_days;
  return fmt::format("{} ({})", description, fmt::format(fmt::runtime(form), part->billed_days, part->whole_days));
}

// Hours given by the caller, else the sum of the timesheets, else the contract's.
absl::StatusOr<Quantity> HoursOfFit(const GenerationInput& input, const TimesheetFit& fit) {
  if (input.hours) {
    if (*input.hours <= Quantity()) return InvalidField("totalHours", "a decimal greater than 0");
    return *input.hours;
  }
  if (!fit.inside.empty()) {
    int64_t units = 0;  // a timesheet for each day since 1970 comes nowhere near the limit
    for (const Timesheet* timesheet : fit.inside) units += timesheet->hours.units();
    return Quantity::FromUnits(units);
  }
  const std::optional<Quantity>& hours = input.customer.contract.default_hours;
  if (!hours || *hours <= Quantity()) return ContractIncomplete("defaultHours");
  const std::optional<PartialPeriod> part = BilledPartOf(input, fit);
  return part ? part->ShareOf(*hours) : *hours;
}

absl::StatusOr<UnitPrice> RateOf(const GenerationInput& input) {
  if (input.rate_per_hour) {
    if (*input.rate_per_hour <= UnitPrice()) return InvalidField("ratePerHour", "a decimal greater than 0");
    return *input.rate_per_hour;
  }
  const std::optional<UnitPrice>& rate = input.customer.contract.rate_per_hour;
  if (!rate || *rate <= UnitPrice()) return ContractIncomplete("ratePerHour");
  return *rate;
}

// Where the hours are not given, the timesheets must say what to bill; else only what of them is billed must be right.
absl::Status CheckTimesheetsOf(const GenerationInput& input, const TimesheetFit& fit) {
  const Contract& contract = input.customer.contract;
  const bool demanded = IsScheduled(input.mode);
  if (input.hours && !demanded) return CheckTimesheetCurrencies(contract, fit);
  return CheckTimesheets(contract, input.period, input.timesheets, demanded);
}

absl::StatusOr<std::vector<LineInput>> LinesOfContract(const GenerationInput& input, Currency currency) {
  const Contract& contract = input.customer.contract;
  const TimesheetFit fit = FitTimesheets(input.period, input.timesheets);
  RETURN_IF_ERROR(CheckTimesheetsOf(input, fit));
  ASSIGN_OR_RETURN(const UnitPrice rate, RateOf(input));
  ASSIGN_OR_RETURN(const Quantity hours, HoursOfFit(input, fit));
  const LineTexts& texts = input.line_texts(LocaleOf(input.vendor, input.customer));
  const std::optional<PartialPeriod> part = BilledPartOf(input, fit);
  std::vector<LineInput> lines;
  // Timesheets may hold expenses alone.
  if (hours > Quantity()) {
    const bool shared = part && part->default_hours;
    lines.push_back({.description = WithShare(texts.services(input.period), shared ? part : std::nullopt, texts),
                     .quantity = hours,
                     .unit = Unit::kHour,
                     .unit_price = rate});
  }
  for (const Timesheet* timesheet : fit.inside) {
    for (const Expense& expense : timesheet->expenses) {
      ASSIGN_OR_RETURN(LineInput line, AmountLine(expense.description, expense.amount_minor, currency));
      lines.push_back(std::move(line));
    }
  }
  const int64_t fees_minor = part ? part->ShareOf(contract.extra_fees_minor) : contract.extra_fees_minor;
  if (fees_minor != 0) {
    std::string label = contract.extra_fees_label.empty() ? std::string(texts.extra_fees) : contract.extra_fees_label;
    ASSIGN_OR_RETURN(LineInput line, AmountLine(WithShare(std::move(label), part, texts), fees_minor, currency));
    lines.push_back(std::move(line));
  }
  if (lines.empty() && part) {
    return Precondition(Reason::kContractIncomplete,
                        "there is nothing to bill: " + TextOf(*part) + "; skip the period, or give the hours",
                        {{"missing", "totalHours"}});
  }
  if (lines.size() > base::kMaxLinesPerInvoice) {
    return Precondition(Reason::kDocumentTooLong,
                        fmt::format("the period has {} lines, and an invoice has at most {}; bill it in parts",
                                    lines.size(), base::kMaxLinesPerInvoice));
  }
  return lines;
}

absl::StatusOr<TotalsInput> TotalsInputOf(const GenerationInput& input) {
  ASSIGN_OR_RETURN(const Currency currency, CurrencyOf(input));
  if (input.mode == RunMode::kWizard) {
    if (input.wizard.lines.empty()) return InvalidField("lines", "at least one line");
    return TotalsInput{currency, input.wizard.lines, input.wizard.discount, input.wizard.taxes};
  }
  ASSIGN_OR_RETURN(std::vector<LineInput> lines, LinesOfContract(input, currency));
  return TotalsInput{currency, std::move(lines), Discount{}, input.customer.contract.taxes};
}

// Paths of lines mean something to the caller of a wizard run only: elsewhere lines come of the contract, and a line
// that overflows does so because of the hours.
absl::StatusOr<TotalsResult> Compute(const GenerationInput& input) {
  ASSIGN_OR_RETURN(const TotalsInput totals_input, TotalsInputOf(input));
  absl::StatusOr<TotalsResult> result = ComputeTotals(totals_input);
  if (input.mode == RunMode::kWizard) return result;
  if (!result.ok()) {
    const base::ErrorDetail detail = base::DetailOf(result.status());
    if (detail.reason == Reason::kAmountOverflow && input.hours) return base::AmountOverflow("totalHours");
    return Precondition(detail.reason == Reason::kAmountOverflow ? detail.reason : Reason::kContractIncomplete,
                        fmt::format("the contract cannot be billed: {}", std::string(result.status().message())));
  }
  if (result->totals.total_minor == 0) {
    return Precondition(Reason::kContractIncomplete, "there is nothing to bill: hours, expenses and fees come to zero",
                        {{"missing", "totalHours"}});
  }
  return result;
}

VendorSnapshot SnapshotOf(const Vendor& vendor, const Customer& customer) {
  return {.name = vendor.name,
          .email = vendor.email,
          .phone = vendor.phone,
          .address = vendor.address,
          .tax_number = vendor.tax_number,
          .bank = vendor.bank,
          .locale = LocaleOf(vendor, customer),
          .paper_size = vendor.paper_size,
          .accent_color = vendor.accent_color,
          .logo_sha256 = vendor.logo_sha256};
}

CustomerSnapshot SnapshotOf(const Customer& customer) {
  return {
      .name = customer.name, .email = customer.email, .address = customer.address, .tax_number = customer.tax_number};
}

// The contract's notes and those of the billed timesheets, each text once.
std::string NotesOf(const GenerationInput& input) {
  const std::string& notes = input.customer.contract.notes;
  if (input.mode == RunMode::kWizard) return input.wizard.notes.value_or(notes);
  std::vector<std::string_view> parts;
  const auto add = [&](std::string_view part) {
    if (!part.empty() && std::find(parts.begin(), parts.end(), part) == parts.end()) parts.push_back(part);
  };
  add(notes);
  for (const Timesheet* timesheet : FitTimesheets(input.period, input.timesheets).inside) add(timesheet->notes);
  return fmt::format("{}", fmt::join(parts, "\n"));
}

InvoiceDocument GeneratedDocumentOf(const GenerationInput& input, TotalsResult result, Currency currency) {
  const Contract& contract = input.customer.contract;
  const bool by_hand = input.mode == RunMode::kWizard;
  const WizardInput& wizard = input.wizard;
  InvoiceDocument document;
  document.kind = DocumentKind::kInvoice;
  document.invoice_date = input.invoice_date;
  document.payment_terms = by_hand ? wizard.payment_terms.value_or(contract.payment_terms) : contract.payment_terms;
  document.due_date = DueDate(document.payment_terms, input.invoice_date);
  document.period = input.period;
  document.currency = currency;
  RefreshParties(input.vendor, input.customer, document);
  document.contractor_name =
      input.customer.contractor_name.empty() ? input.vendor.default_contractor : input.customer.contractor_name;
  document.service_location = input.customer.service_location;
  document.purchase_order = by_hand ? wizard.purchase_order.value_or(contract.purchase_order) : contract.purchase_order;
  document.buyer_reference =
      by_hand ? wizard.buyer_reference.value_or(contract.buyer_reference) : contract.buyer_reference;
  document.lines = std::move(result.lines);
  document.taxes = std::move(result.taxes);
  document.totals = result.totals;
  document.notes = NotesOf(input);
  document.duplicate_reason = by_hand ? wizard.duplicate_reason : "";
  return document;
}

std::vector<Warning> WarningsOf(const GenerationInput& input, const InvoiceDocument& document) {
  std::vector<Warning> warnings;
  if (input.mode != RunMode::kWizard) {
    const TimesheetFit fit = FitTimesheets(input.period, input.timesheets);
    if (!fit.fits()) {
      warnings.push_back({std::string(base::ReasonName(Reason::kTimesheetMismatch)),
                          MismatchText(input.period, fit) + "; the given hours are billed"});
    }
    return warnings;
  }
  const Contract& contract = input.customer.contract;
  if (!contract.taxes.empty() && input.wizard.taxes.empty()) {
    warnings.push_back({"CONTRACT_TAXES_NOT_APPLIED", "the contract has taxes, but none were given"});
  }
  if (!InsideContract(contract, input.period)) {
    warnings.push_back({"PERIOD_OUTSIDE_CONTRACT", "the period has days outside of the contract"});
  }
  if (document.currency.code() != contract.currency_code) {
    warnings.push_back({"OTHER_CURRENCY", "the currency is not the contract's"});
  }
  if (document.totals.total_minor == 0) warnings.push_back({"ZERO_TOTAL", "the total is zero"});
  return warnings;
}

}  // namespace

absl::StatusOr<Period> BillingPeriodOf(const Contract& contract, absl::CivilDay run_date) {
  const Period period = PeriodOf(contract.frequency, run_date);
  const std::optional<Period> clipped = Clip(period, contract.start_date, contract.end_date);
  if (clipped) return *clipped;
  return Precondition(Reason::kPeriodOutsideContract,
                      fmt::format("the period {} to {} lies outside of the contract", FormatDate(period.first),
                                  FormatDate(period.last)),
                      DatesOf(contract));
}

std::string_view Name(HoursFrom from) {
  constexpr std::array<std::string_view, 4> kNames = {"lines", "caller", "timesheet", "contract"};
  return kNames[static_cast<size_t>(from)];
}

std::vector<std::pair<std::string, std::string>> SourcesOf(const InvoiceDraft& draft) {
  std::vector<std::pair<std::string, std::string>> sources;
  if (draft.hours_from == HoursFrom::kLines) return sources;
  sources.emplace_back("hoursFrom", Name(draft.hours_from));
  if (draft.timesheet_count > 0) sources.emplace_back("timesheets", std::to_string(draft.timesheet_count));
  if (draft.part) {
    sources.emplace_back("partialPeriods", Name(draft.part->rule));
    sources.emplace_back("wholePeriodStart", FormatDate(draft.part->whole.first));
    sources.emplace_back("wholePeriodEnd", FormatDate(draft.part->whole.last));
    sources.emplace_back("billedDays", std::to_string(draft.part->billed_days));
    sources.emplace_back("wholeDays", std::to_string(draft.part->whole_days));
  }
  return sources;
}

std::optional<Period> WholePeriodIn(const std::vector<std::pair<std::string, std::string>>& sources) {
  std::optional<absl::CivilDay> first;
  std::optional<absl::CivilDay> last;
  for (const auto& [name, value] : sources) {
    if (name == "wholePeriodStart") first = ParseDate(value);
    if (name == "wholePeriodEnd") last = ParseDate(value);
  }
  if (!first || !last) return std::nullopt;
  return Period{*first, *last};
}

void RefreshParties(const Vendor& vendor, const Customer& customer, InvoiceDocument& document) {
  document.vendor = SnapshotOf(vendor, customer);
  document.customer = SnapshotOf(customer);
}

absl::StatusOr<InvoiceDraft> GenerateInvoice(const GenerationInput& input) {
  RETURN_IF_ERROR(CheckParties(input.vendor, input.customer));
  RETURN_IF_ERROR(CheckDates(input));
  ASSIGN_OR_RETURN(const Currency currency, CurrencyOf(input));
  ASSIGN_OR_RETURN(TotalsResult result, Compute(input));
  InvoiceDraft draft;
  draft.document = GeneratedDocumentOf(input, std::move(result), currency);
  RETURN_IF_ERROR(CheckDueDate(input, draft.document));
  draft.warnings = WarningsOf(input, draft.document);
  if (input.mode == RunMode::kWizard) return draft;
  const TimesheetFit fit = FitTimesheets(input.period, input.timesheets);
  draft.timesheet_count = static_cast<int>(fit.inside.size());
  draft.hours_from = HoursFromOf(input, fit);
  draft.part = BilledPartOf(input, fit);
  if (draft.part && draft.part->rule == PartialPeriods::kFull) {
    draft.warnings.push_back({"PARTIAL_PERIOD", TextOf(*draft.part)});
  }
  return draft;
}

}  // namespace invoice::domain
