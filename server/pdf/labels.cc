#include "pdf/labels.h"

#include <fmt/format.h>
#include <unicode/uloc.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace invoice::pdf {
namespace {

constexpr Labels kEnglish{
    .language = "en",
    .group_separator = ',',
    .decimal_separator = '.',
    .invoice = "Invoice",
    .credit_note = "Credit note",
    .draft = "Draft",
    .draft_watermark = "DRAFT",
    .billed_to = "Billed to",
    .credited_to = "Credited to",
    .credited_invoice = "Credits invoice",
    .invoice_date = "Date",
    .due_date = "Due date",
    .period = "Period",
    .date_range = "{} to {}",
    .payment_terms = "Terms",
    .purchase_order = "Purchase order",
    .buyer_reference = "Your reference",
    .contractor = "Contractor",
    .service_location = "Service location",
    .tax_number = "Tax number",
    .amount_due = "Amount due",
    .amount_credited = "Amount credited",
    .credit_reason = "Reason",
    .description = "Description",
    .quantity = "Quantity",
    .unit_price = "Unit price",
    .discount = "Discount",
    .amount = "Amount",
    .taxed_with = "Tax: {}",
    .carried_forward = "Carried forward",
    .brought_forward = "Brought forward",
    .subtotal = "Subtotal",
    .taxable = "Taxable amount",
    .total = "Total",
    .tax_on_base = "on {}",
    .tax_registration = "Registration {}",
    .zero_rated = "Zero-rated",
    .exempt = "Exempt",
    .reverse_charge = "Reverse charge",
    .outside_scope = "Outside the scope of tax",
    .payment = "Payment",
    .pay_amount = "Amount",
    .payment_reference = "Reference",
    .account_holder = "Account holder",
    .bank = "Bank",
    .iban = "IBAN",
    .bic = "BIC",
    .account_number = "Account number",
    .routing_number = "Routing number",
    .payment_instructions = "Payment instructions",
    .notes = "Notes",
    .billed_beside = "Billed in addition to another invoice for the same days: {}",
    .questions = "Questions?",
    .page_of = "Page {} of {}",
    .due_on_receipt = "Due on receipt",
    .net_days = "Net {} days",
    .net_one_day = "Net 1 day",
    .end_of_month = "End of month",
    .end_of_next_month = "End of next month",
    .hour = "hour",
    .hours = "hours",
    .day = "day",
    .days = "days",
    .month = "month",
    .months = "months",
    .piece = "piece",
    .pieces = "pieces",
    .kilometre = "km",
};

constexpr std::array kLanguages{&kEnglish};

}  // namespace

const Labels& LabelsFor(std::string_view locale) {
  const std::string_view language = locale.substr(0, locale.find('-'));
  for (const Labels* labels : kLanguages) {
    if (labels->language == language) return *labels;
  }
  return kEnglish;
}

std::string GroupDigits(std::string_view decimal, const Labels& labels) {
  std::string text;
  text.reserve(decimal.size() + decimal.size() / 3);
  if (!decimal.empty() && decimal.front() == '-') {
    text += '-';
    decimal.remove_prefix(1);
  }
  const size_t point = decimal.find('.');
  const size_t whole_digits = point == std::string_view::npos ? decimal.size() : point;
  for (size_t i = 0; i < whole_digits; ++i) {
    if (i > 0 && (whole_digits - i) % 3 == 0) text += labels.group_separator;
    text += decimal[i];
  }
  if (point != std::string_view::npos) {
    text += labels.decimal_separator;
    text += decimal.substr(point + 1);
  }
  return text;
}

std::string AmountText(int64_t amount_minor, domain::Currency currency, const Labels& labels) {
  return GroupDigits(domain::FormatAmount(amount_minor, currency), labels);
}

std::string UnitPriceText(domain::UnitPrice price, domain::Currency currency, const Labels& labels) {
  constexpr int kDigits = domain::UnitPrice::kFractionalDigits;
  return GroupDigits(base::FormatFixed(price.units(), kDigits, std::min(currency.digits(), kDigits)), labels);
}

std::string QuantityText(domain::Quantity quantity, const Labels& labels) {
  return GroupDigits(quantity.ToString(), labels);
}

std::string RateText(domain::Rate rate, const Labels& labels) {
  constexpr int kPercentDigits = domain::Rate::kFractionalDigits - 2;
  return GroupDigits(base::FormatFixed(rate.units(), kPercentDigits, 0), labels) + "%";
}

std::string DateText(absl::CivilDay day) {
  return fmt::format("{:04}-{:02}-{:02}", day.year(), day.month(), day.day());
}

std::string_view UnitText(domain::Unit unit, domain::Quantity quantity, const Labels& labels) {
  const bool one = quantity == domain::Quantity::FromUnits(base::PowerOfTen(domain::Quantity::kFractionalDigits));
  switch (unit) {
    case domain::Unit::kHour:
      return one ? labels.hour : labels.hours;
    case domain::Unit::kDay:
      return one ? labels.day : labels.days;
    case domain::Unit::kMonth:
      return one ? labels.month : labels.months;
    case domain::Unit::kPiece:
      return one ? labels.piece : labels.pieces;
    case domain::Unit::kKilometre:
      return labels.kilometre;
  }
  return {};
}

std::string TermsText(const domain::PaymentTerms& terms, const Labels& labels) {
  switch (terms.kind) {
    case domain::PaymentTermsKind::kDueOnReceipt:
      return std::string(labels.due_on_receipt);
    case domain::PaymentTermsKind::kNet:
      if (terms.days == 1) return std::string(labels.net_one_day);
      return fmt::format(fmt::runtime(labels.net_days), terms.days);
    case domain::PaymentTermsKind::kEndOfMonth:
      return std::string(labels.end_of_month);
    case domain::PaymentTermsKind::kEndOfNextMonth:
      return std::string(labels.end_of_next_month);
  }
  return {};
}

std::string CountryName(std::string_view country_code, const Labels& labels) {
  if (country_code.size() != 2) return std::string(country_code);
  const std::string region = fmt::format("und_{}", country_code);
  const std::string language(labels.language);
  std::array<UChar, 128> name;
  UErrorCode error = U_ZERO_ERROR;
  const int32_t length =
      uloc_getDisplayCountry(region.c_str(), language.c_str(), name.data(), std::ssize(name), &error);
  if (error != U_ZERO_ERROR || length <= 0) return std::string(country_code);
  std::string utf8;
  icu::UnicodeString(name.data(), length).toUTF8String(utf8);
  return utf8;
}

}  // namespace invoice::pdf
