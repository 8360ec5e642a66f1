#include "pdf/content.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "pdf/parties.h"
#include "pdf/payment_code.h"

namespace invoice::pdf {
namespace {

using domain::DocumentKind;
using domain::InvoiceDocument;

class Builder {
 public:
  explicit Builder(const InvoiceDocument& document)
      : document_(document),
        locale_(locale::Locale::Of(document.vendor.locale)),
        words_(locale_.words()),
        is_credit_note_(document.kind == DocumentKind::kCreditNote),
        content_{.locale = locale_, .currency = document.currency} {}

  Content Build() {
    AddTitle();
    DescribeVendor(document_.vendor, content_);
    DescribeCustomer(document_.customer, content_);
    AddDetails();
    AddRows();
    AddTotals();
    AddPayment();
    AddSections();
    return std::move(content_);
  }

 private:
  // The books hold credit notes with a minus, the page says "credit note" instead.
  int64_t Printed(int64_t amount_minor) const { return is_credit_note_ ? -amount_minor : amount_minor; }
  std::string Amount(int64_t amount_minor) const {
    return locale_.AmountText(Printed(amount_minor), document_.currency);
  }
  std::string Money(int64_t amount_minor) const { return locale_.MoneyText(Printed(amount_minor), document_.currency); }
  // An amount that takes away.
  std::string Deduction(int64_t amount_minor) const { return Amount(-amount_minor); }

  void AddTitle();
  void AddDetails();
  void AddRows();
  void AddTotals();
  void AddTax(const domain::TaxAmount& tax_amount);
  void AddPayment();
  void AddSections();
  void AddDetail(std::string_view label, std::string value) {
    if (!value.empty()) content_.details.push_back({label, std::move(value)});
  }
  void AddPaymentEntry(std::string_view label, std::string value) {
    if (!value.empty()) content_.payment.push_back({label, std::move(value)});
  }

  const InvoiceDocument& document_;
  const locale::Locale& locale_;
  const locale::Words& words_;
  const bool is_credit_note_;
  Content content_;
};

// Four characters and a space, as on paper (ISO 13616).
std::string IbanText(std::string_view iban) {
  std::string text;
  int in_group = 0;
  for (const char c : iban) {
    if (c == ' ') continue;
    if (in_group == 4) {
      text += ' ';
      in_group = 0;
    }
    text += c;
    ++in_group;
  }
  return text;
}

std::string_view CategoryText(domain::TaxCategory category, const locale::Words& words) {
  switch (category) {
    case domain::TaxCategory::kStandard:
      return {};
    case domain::TaxCategory::kZero:
      return words.zero_rated;
    case domain::TaxCategory::kExempt:
      return words.exempt;
    case domain::TaxCategory::kReverseCharge:
      return words.reverse_charge;
    case domain::TaxCategory::kOutsideScope:
      return words.outside_scope;
  }
  return {};
}

void Builder::AddTitle() {
  content_.draft = document_.number.empty();
  content_.title = is_credit_note_ ? words_.credit_note : words_.invoice;
  content_.number = content_.draft ? std::string(words_.draft) : document_.number;
  content_.customer_label = is_credit_note_ ? words_.credited_to : words_.billed_to;
  content_.running_head = fmt::format("{} {}", content_.title, content_.number);
}

void Builder::AddDetails() {
  AddDetail(words_.credited_invoice, document_.original_number);
  AddDetail(words_.date, locale_.DateText(document_.invoice_date));
  if (!is_credit_note_) AddDetail(words_.due_date, locale_.DateText(document_.due_date));
  AddDetail(words_.period, locale_.RangeText(document_.period));
  if (!is_credit_note_) AddDetail(words_.payment_terms, locale_.TermsText(document_.payment_terms));
  AddDetail(words_.purchase_order, document_.purchase_order);
  AddDetail(words_.buyer_reference, document_.buyer_reference);
  AddDetail(words_.contractor, document_.contractor_name);
  AddDetail(words_.service_location, document_.service_location);
  content_.amount_due = {is_credit_note_ ? words_.amount_credited : words_.amount_due,
                         Money(document_.totals.total_minor)};
}

void Builder::AddRows() {
  int64_t running_minor = 0;
  content_.rows.reserve(document_.lines.size());
  for (const domain::InvoiceLine& line : document_.lines) {
    // The books refuse sums that overflow, so a partial sum fits as well.
    running_minor = domain::AddAmounts(running_minor, Printed(line.amount_minor)).value_or(running_minor);
    const domain::Quantity quantity =
        is_credit_note_ ? domain::Quantity::FromUnits(-line.quantity.units()) : line.quantity;
    TableRow row{.description = line.description,
                 .quantity = locale_.QuantityText(quantity),
                 .unit = locale_.UnitText(line.unit, quantity),
                 .unit_price = locale_.UnitPriceText(line.unit_price, document_.currency),
                 .amount = Amount(line.amount_minor),
                 .running_minor = running_minor};
    if (!line.tax_names.empty()) {
      row.detail = fmt::format(fmt::runtime(words_.taxed_with), fmt::join(line.tax_names, ", "));
    }
    if (line.discount_minor != 0) {
      row.discount = Deduction(line.discount_minor);
      content_.has_discounts = true;
    }
    content_.rows.push_back(std::move(row));
  }
}

void Builder::AddTax(const domain::TaxAmount& tax_amount) {
  const domain::Tax& tax = tax_amount.tax;
  const bool has_rate = tax.category == domain::TaxCategory::kStandard;
  const std::string base = fmt::format(fmt::runtime(words_.tax_on_base), Amount(tax_amount.base_minor));
  std::string registration;
  if (!tax.registration_number.empty()) {
    registration = fmt::format(fmt::runtime(words_.tax_registration), tax.registration_number);
  }
  content_.totals.push_back(
      {.label = has_rate ? fmt::format("{} {}", tax.name, locale_.RateText(tax.rate)) : tax.name,
       .detail = JoinParts({base, CategoryText(tax.category, words_), tax.exemption_reason, registration}, kDot),
       .amount = Amount(tax_amount.amount_minor)});
}

void Builder::AddTotals() {
  const domain::Totals& totals = document_.totals;
  content_.totals.push_back(
      {.label = std::string(words_.subtotal), .detail = {}, .amount = Amount(totals.subtotal_minor)});
  if (totals.discount_minor != 0) {
    content_.totals.push_back(
        {.label = std::string(words_.discount), .detail = {}, .amount = Deduction(totals.discount_minor)});
    content_.totals.push_back(
        {.label = std::string(words_.taxable), .detail = {}, .amount = Amount(totals.taxable_minor)});
  }
  for (const domain::TaxAmount& tax : document_.taxes) AddTax(tax);
  content_.total = {words_.total, Money(totals.total_minor)};
}

void Builder::AddPayment() {
  if (is_credit_note_) return;
  const domain::BankDetails& bank = document_.vendor.bank;
  AddPaymentEntry(words_.account_holder, bank.account_holder);
  AddPaymentEntry(words_.bank, bank.bank_name);
  AddPaymentEntry(words_.iban, IbanText(bank.iban));
  AddPaymentEntry(words_.bic, bank.bic);
  AddPaymentEntry(words_.account_number, bank.account_number);
  AddPaymentEntry(words_.routing_number, bank.routing_number);
  AddPaymentEntry(words_.payment_reference, document_.number);
  content_.payment_instructions = bank.instructions;
  content_.payment_code = EncodeQr(PaymentCodeOf(document_));
  AddPaymentEntry(words_.pay_amount, Money(document_.totals.total_minor));
}

void Builder::AddSections() {
  const auto add = [this](std::string_view heading, std::string text) {
    if (!text.empty()) content_.sections.push_back({heading, std::move(text)});
  };
  add(words_.credit_reason, document_.credit_reason);
  std::string notes = document_.notes;
  if (!document_.duplicate_reason.empty()) {
    if (!notes.empty()) notes += '\n';
    notes += fmt::format(fmt::runtime(words_.billed_beside), document_.duplicate_reason);
  }
  add(words_.notes, std::move(notes));
}

}  // namespace

Content ContentOf(const InvoiceDocument& document) { return Builder(document).Build(); }

}  // namespace invoice::pdf
