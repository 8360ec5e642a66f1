#include "domain/opening_invoice.h"

#include "base/limits.h"
#include "base/status.h"
#include "base/text.h"
#include "domain/due_date.h"
#include "fmt/format.h"

namespace invoice::domain {
namespace {

using base::InvalidField;

// Paths of the engine's lines mean nothing to who gave no lines.
absl::Status InColumns(const absl::Status& status) {
  base::ErrorDetail detail = base::DetailOf(status);
  if (detail.reason == base::Reason::kAmountOverflow) return base::AmountOverflow("subtotal");
  if (detail.reason != base::Reason::kInvalidField) return status;
  for (base::FieldViolation& field : detail.fields) {
    if (field.field.starts_with("lines")) field.field = "subtotal";
  }
  return base::InvalidFields(std::move(detail.fields));
}

absl::Status CheckNumber(const std::string& number) {
  if (!number.empty() && base::Trim(number) == number && base::CountCodePoints(number) <= base::kMaxNumberCharacters &&
      !base::HasControlCharacters(number)) {
    return absl::OkStatus();
  }
  return InvalidField("number",
                      fmt::format("1 to {} characters without blanks at the ends", base::kMaxNumberCharacters));
}

absl::StatusOr<GenerationInput> InputOf(const Vendor& vendor, const Customer& customer, const OpeningInvoice& opening) {
  const std::optional<UnitPrice> price = PriceOf(opening.subtotal_minor, opening.currency);
  if (!price) return base::AmountOverflow("subtotal");
  if (opening.subtotal_minor < 0) return InvalidField("subtotal", "an amount that is not below 0");
  GenerationInput input{.mode = RunMode::kWizard,
                        .vendor = vendor,
                        .customer = customer,
                        .invoice_date = opening.invoice_date,
                        .period = opening.period};
  input.wizard.currency = opening.currency;
  input.wizard.lines.push_back({.description = opening.description,
                                .quantity = Quantity::FromUnits(base::PowerOfTen(Quantity::kFractionalDigits)),
                                .unit = Unit::kPiece,
                                .unit_price = *price});
  input.wizard.taxes = opening.taxes;
  input.wizard.notes = opening.notes;
  input.wizard.purchase_order = opening.purchase_order;
  input.wizard.buyer_reference = "";
  return input;
}

absl::Status SetDueDate(const OpeningInvoice& opening, InvoiceDocument& document) {
  if (!opening.due_date) return absl::OkStatus();
  const int64_t days = *opening.due_date - opening.invoice_date;
  if (days < 0 || days > base::kMaxNetDays) {
    return InvalidField("dueDate", fmt::format("a date 0 to {} days after invoiceDate", base::kMaxNetDays));
  }
  document.due_date = *opening.due_date;
  if (DueDate(document.payment_terms, opening.invoice_date) == *opening.due_date) return absl::OkStatus();
  document.payment_terms = {.kind = days == 0 ? PaymentTermsKind::kDueOnReceipt : PaymentTermsKind::kNet,
                            .days = static_cast<int>(days)};
  return absl::OkStatus();
}

// Amounts that were rounded elsewhere, line by line perhaps, stay as they were written.
absl::Status SetTaxAmounts(const OpeningInvoice& opening, InvoiceDraft& draft) {
  InvoiceDocument& document = draft.document;
  if (opening.tax_amounts_minor.empty()) return absl::OkStatus();
  if (opening.tax_amounts_minor.size() != document.taxes.size()) {
    return InvalidField("taxAmounts", "one amount for each entry of taxes, or nothing");
  }
  document.totals.tax_minor = 0;
  bool differs = false;
  for (size_t i = 0; i < document.taxes.size(); ++i) {
    TaxAmount& tax = document.taxes[i];
    const int64_t given = opening.tax_amounts_minor[i];
    if (given < 0 || given > base::kMaxAmount_minor) {
      return InvalidField("taxAmounts", "amounts that are not below 0");
    }
    if (tax.tax.rate == Rate() && given != 0) return InvalidField("taxAmounts", "0 for a tax whose rate is 0");
    differs = differs || tax.amount_minor != given;
    tax.amount_minor = given;
    const std::optional<int64_t> sum = AddAmounts(document.totals.tax_minor, given);
    if (!sum) return base::AmountOverflow("taxAmounts");
    document.totals.tax_minor = *sum;
  }
  if (differs) {
    draft.warnings.push_back({"TAX_AMOUNT_DIFFERS", "a tax is not subtotal times rate, rounded; it is kept as given"});
  }
  return absl::OkStatus();
}

absl::Status CheckTotal(const OpeningInvoice& opening, InvoiceDocument& document) {
  const std::optional<int64_t> total = AddAmounts(document.totals.taxable_minor, document.totals.tax_minor);
  if (!total || *total > base::kMaxAmount_minor) return base::AmountOverflow("total");
  if (*total != opening.total_minor) return InvalidField("total", "the sum of the subtotal and the taxes");
  document.totals.total_minor = *total;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<InvoiceDraft> OpeningDocument(const Vendor& vendor, const Customer& customer,
                                             const OpeningInvoice& opening) {
  RETURN_IF_ERROR(CheckNumber(opening.number));
  ASSIGN_OR_RETURN(const GenerationInput input, InputOf(vendor, customer, opening));
  absl::StatusOr<InvoiceDraft> draft = GenerateInvoice(input);
  if (!draft.ok()) return InColumns(draft.status());
  draft->document.number = opening.number;
  RETURN_IF_ERROR(SetDueDate(opening, draft->document));
  RETURN_IF_ERROR(SetTaxAmounts(opening, *draft));
  RETURN_IF_ERROR(CheckTotal(opening, draft->document));
  return draft;
}

}  // namespace invoice::domain
