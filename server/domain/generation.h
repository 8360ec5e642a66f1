// The one engine of generation (domain rules: "Generation"): it is given everything that exists and makes the content
// of one invoice. The ways (quick, wizard, manual, scheduled) differ in where their inputs come from, never in how they
// are computed. It takes no number, knows no other invoice and writes nothing. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "domain/invoice.h"
#include "domain/line_texts.h"
#include "domain/partial_period.h"
#include "domain/parties.h"
#include "domain/totals.h"

namespace invoice::domain {

// What a wizard run gives by hand. What is absent comes from the contract, but taxes: they are exactly as given.
struct WizardInput {
  std::optional<Currency> currency;
  std::vector<LineInput> lines;
  Discount discount;
  std::vector<Tax> taxes;
  std::optional<PaymentTerms> payment_terms;
  std::optional<std::string> notes;
  std::optional<std::string> purchase_order;
  std::optional<std::string> buyer_reference;
  std::string duplicate_reason;  // not empty: billed beside another invoice of the period, on purpose
};

struct GenerationInput {
  RunMode mode = RunMode::kQuick;
  Vendor vendor;
  Customer customer;  // with its contract
  absl::CivilDay invoice_date;
  Period period;                              // of QUICK and SCHEDULED: from BillingPeriodOf()
  std::optional<Period> whole_period;         // before the contract's dates cut it; none: `period`. Not used by WIZARD
  std::optional<Quantity> hours;              // given by the caller; before the timesheets' and the contract's
  std::optional<UnitPrice> rate_per_hour;     // of MANUAL, before the contract's
  std::vector<Timesheet> timesheets;          // in order, all that touch the period; not used by WIZARD
  WizardInput wizard;                         // used by WIZARD only
  LineTextsOf line_texts = EnglishLineTexts;  // of lines by the contract; asked for the document's locale
};

// Something the caller should know although the call succeeded.
struct Warning {
  std::string code;  // "CONTRACT_TAXES_NOT_APPLIED"
  std::string message;
  friend bool operator==(const Warning&, const Warning&) = default;
};

// Where the hours of an invoice come from.
enum class HoursFrom { kLines, kCaller, kTimesheet, kContract };
std::string_view Name(HoursFrom from);  // "timesheet"

struct InvoiceDraft {
  InvoiceDocument document;  // without a number
  std::vector<Warning> warnings;
  HoursFrom hours_from = HoursFrom::kLines;  // kLines: of WIZARD
  int timesheet_count = 0;                   // whose hours or expenses are billed
  std::optional<PartialPeriod> part;         // where default hours or extra fees are billed of a part of a period
};

// The inputs that the contract's lines came from, by name: what results of runs show.
std::vector<std::pair<std::string, std::string>> SourcesOf(const InvoiceDraft& draft);
// The whole of a cut period, of such facts; nothing where the period was not cut.
std::optional<Period> WholePeriodIn(const std::vector<std::pair<std::string, std::string>>& sources);

// The period billed by a run on `run_date`, clipped to the contract's dates; FAILED_PRECONDITION
// PERIOD_OUTSIDE_CONTRACT where no day is left.
absl::StatusOr<Period> BillingPeriodOf(const Contract& contract, absl::CivilDay run_date);

// The content of the invoice. INVALID_ARGUMENT names a field of the input by its path in the request ("totalHours",
// "lines[0].quantity", "periodEnd"). FAILED_PRECONDITION has one of these reasons, with its metadata:
//   CONTRACT_INCOMPLETE      {missing}
//   PARTY_INCOMPLETE         {party, missing}
//   PERIOD_OUTSIDE_CONTRACT  {startDate, endDate}, those that the contract has
//   TIMESHEET_REQUIRED       as in CheckTimesheets()
//   TIMESHEET_MISMATCH       as in CheckTimesheets(); if the hours are given, a warning instead
//   AMOUNT_OVERFLOW, DOCUMENT_TOO_LONG
absl::StatusOr<InvoiceDraft> GenerateInvoice(const GenerationInput& input);

// Shows vendor and customer as they are now; what a draft does when it is issued.
void RefreshParties(const Vendor& vendor, const Customer& customer, InvoiceDocument& document);

}  // namespace invoice::domain
