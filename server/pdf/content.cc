#include "pdf/content.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace invoice::pdf {
namespace {

using domain::DocumentKind;
using domain::InvoiceDocument;

constexpr std::string_view kDot = " \u00b7 ";

class Builder {
 public:
  explicit Builder(const InvoiceDocument& document)
      : document_(document),
        labels_(LabelsFor(document.vendor.locale)),
        is_credit_note_(document.kind == DocumentKind::kCreditNote),
        content_{.labels = labels_, .currency = document.currency} {}

  Content Build() {
    AddTitle();
    AddVendor();
    AddCustomer();
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
    return AmountText(Printed(amount_minor), document_.currency, labels_);
  }
  std::string Money(int64_t amount_minor) const {
    return fmt::format("{} {}", document_.currency.code(), Amount(amount_minor));
  }
  // An amount that takes away.
  std::string Deduction(int64_t amount_minor) const { return Amount(-amount_minor); }

  void AddTitle();
  void AddVendor();
  void AddCustomer();
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
  const Labels& labels_;
  const bool is_credit_note_;
  Content content_;
};

void AddLine(std::vector<std::string>& lines, std::string line) {
  if (!line.empty()) lines.push_back(std::move(line));
}

std::string JoinParts(const std::vector<std::string_view>& parts, std::string_view separator) {
  std::string joined;
  for (const std::string_view part : parts) {
    if (part.empty()) continue;
    if (!joined.empty()) joined += separator;
    joined += part;
  }
  return joined;
}

void AddAddress(const domain::Address& address, const Labels& labels, std::vector<std::string>& lines) {
  AddLine(lines, JoinParts({address.line1, address.line2}, ", "));
  AddLine(lines, JoinParts({address.city, address.region, address.postal_code}, " "));
  AddLine(lines, CountryName(address.country_code, labels));
}

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

std::string_view CategoryText(domain::TaxCategory category, const Labels& labels) {
  switch (category) {
    case domain::TaxCategory::kStandard:
      return {};
    case domain::TaxCategory::kZero:
      return labels.zero_rated;
    case domain::TaxCategory::kExempt:
      return labels.exempt;
    case domain::TaxCategory::kReverseCharge:
      return labels.reverse_charge;
    case domain::TaxCategory::kOutsideScope:
      return labels.outside_scope;
  }
  return {};
}

void Builder::AddTitle() {
  content_.draft = document_.number.empty();
  content_.title = is_credit_note_ ? labels_.credit_note : labels_.invoice;
  content_.number = content_.draft ? std::string(labels_.draft) : document_.number;
  content_.running_head = fmt::format("{} {}", content_.title, content_.number);
}

void Builder::AddVendor() {
  const domain::VendorSnapshot& vendor = document_.vendor;
  std::vector<std::string>& lines = content_.vendor_lines;
  content_.vendor_name = vendor.name;
  AddAddress(vendor.address, labels_, lines);
  AddLine(lines, JoinParts({vendor.email, vendor.phone}, kDot));
  if (!vendor.tax_number.empty()) AddLine(lines, fmt::format("{} {}", labels_.tax_number, vendor.tax_number));
  const std::string contact = JoinParts({vendor.email, vendor.phone}, ", ");
  if (!contact.empty()) content_.contact = fmt::format("{} {}", labels_.questions, contact);
}

void Builder::AddCustomer() {
  const domain::CustomerSnapshot& customer = document_.customer;
  std::vector<std::string>& lines = content_.customer_lines;
  content_.customer_label = is_credit_note_ ? labels_.credited_to : labels_.billed_to;
  content_.customer_name = customer.name;
  AddAddress(customer.address, labels_, lines);
  AddLine(lines, customer.email);
  if (!customer.tax_number.empty()) AddLine(lines, fmt::format("{} {}", labels_.tax_number, customer.tax_number));
}

void Builder::AddDetails() {
  AddDetail(labels_.credited_invoice, document_.original_number);
  AddDetail(labels_.invoice_date, DateText(document_.invoice_date));
  if (!is_credit_note_) AddDetail(labels_.due_date, DateText(document_.due_date));
  AddDetail(labels_.period, fmt::format(fmt::runtime(labels_.date_range), DateText(document_.period.first),
                                        DateText(document_.period.last)));
  if (!is_credit_note_) AddDetail(labels_.payment_terms, TermsText(document_.payment_terms, labels_));
  AddDetail(labels_.purchase_order, document_.purchase_order);
  AddDetail(labels_.buyer_reference, document_.buyer_reference);
  AddDetail(labels_.contractor, document_.contractor_name);
  AddDetail(labels_.service_location, document_.service_location);
  content_.amount_due = {is_credit_note_ ? labels_.amount_credited : labels_.amount_due,
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
                 .quantity = QuantityText(quantity, labels_),
                 .unit = UnitText(line.unit, quantity, labels_),
                 .unit_price = UnitPriceText(line.unit_price, document_.currency, labels_),
                 .amount = Amount(line.amount_minor),
                 .running_minor = running_minor};
    if (!line.tax_names.empty()) {
      row.detail = fmt::format(fmt::runtime(labels_.taxed_with), fmt::join(line.tax_names, ", "));
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
  const std::string base = fmt::format(fmt::runtime(labels_.tax_on_base), Amount(tax_amount.base_minor));
  std::string registration;
  if (!tax.registration_number.empty()) {
    registration = fmt::format(fmt::runtime(labels_.tax_registration), tax.registration_number);
  }
  content_.totals.push_back(
      {.label = has_rate ? fmt::format("{} {}", tax.name, RateText(tax.rate, labels_)) : tax.name,
       .detail = JoinParts({base, CategoryText(tax.category, labels_), tax.exemption_reason, registration}, kDot),
       .amount = Amount(tax_amount.amount_minor)});
}

void Builder::AddTotals() {
  const domain::Totals& totals = document_.totals;
  content_.totals.push_back(
      {.label = std::string(labels_.subtotal), .detail = {}, .amount = Amount(totals.subtotal_minor)});
  if (totals.discount_minor != 0) {
    content_.totals.push_back(
        {.label = std::string(labels_.discount), .detail = {}, .amount = Deduction(totals.discount_minor)});
    content_.totals.push_back(
        {.label = std::string(labels_.taxable), .detail = {}, .amount = Amount(totals.taxable_minor)});
  }
  for (const domain::TaxAmount& tax : document_.taxes) AddTax(tax);
  content_.total = {labels_.total, Money(totals.total_minor)};
}

void Builder::AddPayment() {
  if (is_credit_note_) return;
  const domain::BankDetails& bank = document_.vendor.bank;
  AddPaymentEntry(labels_.account_holder, bank.account_holder);
  AddPaymentEntry(labels_.bank, bank.bank_name);
  AddPaymentEntry(labels_.iban, IbanText(bank.iban));
  AddPaymentEntry(labels_.bic, bank.bic);
  AddPaymentEntry(labels_.account_number, bank.account_number);
  AddPaymentEntry(labels_.routing_number, bank.routing_number);
  AddPaymentEntry(labels_.payment_reference, document_.number);
  content_.payment_instructions = bank.instructions;
  // Without group separators: this one is copied into the form of a bank.
  AddPaymentEntry(labels_.pay_amount,
                  fmt::format("{} {}", document_.currency.code(),
                              domain::FormatAmount(document_.totals.total_minor, document_.currency)));
}

void Builder::AddSections() {
  const auto add = [this](std::string_view heading, std::string text) {
    if (!text.empty()) content_.sections.push_back({heading, std::move(text)});
  };
  add(labels_.credit_reason, document_.credit_reason);
  std::string notes = document_.notes;
  if (!document_.duplicate_reason.empty()) {
    if (!notes.empty()) notes += '\n';
    notes += fmt::format(fmt::runtime(labels_.billed_beside), document_.duplicate_reason);
  }
  add(labels_.notes, std::move(notes));
}

}  // namespace

Content ContentOf(const InvoiceDocument& document) { return Builder(document).Build(); }

std::string MoneyText(int64_t amount_minor, const Content& content) {
  return fmt::format("{} {}", content.currency.code(), AmountText(amount_minor, content.currency, content.labels));
}

}  // namespace invoice::pdf
