// Every fixed word of a document and the form of its numbers and dates, one table for each language. English alone so
// far: a further language is a further table, found by the vendor's locale. Immutable.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"
#include "base/decimal.h"
#include "domain/invoice.h"

namespace invoice::pdf {

struct Labels {
  std::string_view language;  // BCP 47
  char group_separator;
  char decimal_separator;

  std::string_view invoice;
  std::string_view credit_note;
  std::string_view draft;
  std::string_view draft_watermark;
  std::string_view billed_to;
  std::string_view credited_to;
  std::string_view credited_invoice;
  std::string_view invoice_date;
  std::string_view due_date;
  std::string_view period;
  std::string_view date_range;  // {} first day, {} last day
  std::string_view payment_terms;
  std::string_view purchase_order;
  std::string_view buyer_reference;
  std::string_view contractor;
  std::string_view service_location;
  std::string_view tax_number;
  std::string_view amount_due;
  std::string_view amount_credited;
  std::string_view credit_reason;

  std::string_view description;
  std::string_view quantity;
  std::string_view unit_price;
  std::string_view discount;
  std::string_view amount;
  std::string_view taxed_with;  // {} names of taxes
  std::string_view carried_forward;
  std::string_view brought_forward;

  std::string_view subtotal;
  std::string_view taxable;
  std::string_view total;
  std::string_view tax_on_base;       // {} amount
  std::string_view tax_registration;  // {} number
  std::string_view zero_rated;
  std::string_view exempt;
  std::string_view reverse_charge;
  std::string_view outside_scope;

  std::string_view payment;
  std::string_view pay_amount;
  std::string_view payment_reference;
  std::string_view account_holder;
  std::string_view bank;
  std::string_view iban;
  std::string_view bic;
  std::string_view account_number;
  std::string_view routing_number;
  std::string_view payment_instructions;
  std::string_view notes;
  std::string_view billed_beside;  // {} reason
  std::string_view questions;
  std::string_view page_of;  // {} page, {} pages

  std::string_view due_on_receipt;
  std::string_view net_days;  // {} days
  std::string_view net_one_day;
  std::string_view end_of_month;
  std::string_view end_of_next_month;

  std::string_view hour;
  std::string_view hours;
  std::string_view day;
  std::string_view days;
  std::string_view month;
  std::string_view months;
  std::string_view piece;
  std::string_view pieces;
  std::string_view kilometre;
};

// The table for a locale ("en-CA"); English where there is none.
const Labels& LabelsFor(std::string_view locale);

// "1250.00" as "1,250.00".
std::string GroupDigits(std::string_view decimal, const Labels& labels);
// "1,250.00": all digits of the currency.
std::string AmountText(int64_t amount_minor, domain::Currency currency, const Labels& labels);
// At least the digits of the currency, up to four.
std::string UnitPriceText(domain::UnitPrice price, domain::Currency currency, const Labels& labels);
std::string QuantityText(domain::Quantity quantity, const Labels& labels);
// 0.09975 is "9.975%".
std::string RateText(domain::Rate rate, const Labels& labels);
// ISO 8601, which cannot be misread and is what the API serves.
std::string DateText(absl::CivilDay day);
std::string_view UnitText(domain::Unit unit, domain::Quantity quantity, const Labels& labels);
std::string TermsText(const domain::PaymentTerms& terms, const Labels& labels);
// The country's name in the language of the labels; the code itself where it names none.
std::string CountryName(std::string_view country_code, const Labels& labels);

}  // namespace invoice::pdf
