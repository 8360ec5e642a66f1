// The content of an invoice or credit note as it stands in the books: what is stored, served and printed. Plain data,
// made by the generator (domain/generation.h) and by the store; nothing here computes. Safe to copy between threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "domain/kinds.h"
#include "domain/money.h"

namespace invoice::domain {

// A billing period: first and last day, both included.
struct Period {
  absl::CivilDay first;
  absl::CivilDay last;
  friend bool operator==(const Period&, const Period&) = default;
};

struct Address {
  std::string line1;
  std::string line2;
  std::string city;
  std::string region;
  std::string postal_code;
  std::string country_code;  // ISO 3166-1 alpha-2
};

// How the vendor wants to be paid; empty parts are not printed.
struct BankDetails {
  std::string account_holder;
  std::string bank_name;
  std::string iban;
  std::string bic;
  std::string account_number;
  std::string routing_number;
  std::string instructions;  // free text, may have several lines
};

struct Tax {
  std::string name;
  Rate rate;
  std::string registration_number;
  TaxCategory category = TaxCategory::kStandard;
  std::string exemption_reason;
};

struct PaymentTerms {
  PaymentTermsKind kind = PaymentTermsKind::kNet;
  int days = 30;  // of NET only, 0 to 365
};

// The vendor as it was at issue.
struct VendorSnapshot {
  std::string name;
  std::string email;
  std::string phone;
  Address address;
  std::string tax_number;
  BankDetails bank;
  std::string locale = "en-CA";  // BCP 47; decides labels, dates and numbers
  PaperSize paper_size = PaperSize::kLetter;
  std::string accent_color = "#1f4e79";  // #rrggbb
  std::string logo_sha256;               // empty: none
};

// The customer as it was at issue.
struct CustomerSnapshot {
  std::string name;
  std::string email;
  Address address;
  std::string tax_number;
};

struct InvoiceLine {
  std::string description;
  Quantity quantity;
  Unit unit = Unit::kHour;
  UnitPrice unit_price;
  int64_t discount_minor = 0;          // positive takes away
  int64_t amount_minor = 0;            // after the discount
  std::vector<std::string> tax_names;  // empty: all taxes of the document
  int original_line = 0;               // of a credit note: the line it takes back, counted from 1
};

struct TaxAmount {
  Tax tax;
  int64_t base_minor = 0;
  int64_t amount_minor = 0;
};

struct Totals {
  int64_t subtotal_minor = 0;  // sum of the lines' amounts
  int64_t discount_minor = 0;  // discount of the document
  int64_t taxable_minor = 0;   // subtotal less discount
  int64_t tax_minor = 0;
  int64_t total_minor = 0;
};

// Everything the document shows.
struct InvoiceDocument {
  DocumentKind kind = DocumentKind::kInvoice;
  std::string number;           // empty: a draft
  std::string original_number;  // of a credit note: the invoice it credits
  std::string credit_reason;    // of a credit note: why it was made
  absl::CivilDay invoice_date;
  absl::CivilDay due_date;
  Period period;
  Currency currency;
  VendorSnapshot vendor;
  CustomerSnapshot customer;
  std::string contractor_name;
  std::string service_location;
  std::string purchase_order;
  std::string buyer_reference;
  PaymentTerms payment_terms;
  std::vector<InvoiceLine> lines;  // extra fees are the last line
  std::vector<TaxAmount> taxes;
  Totals totals;
  std::string notes;
  std::string duplicate_reason;  // not empty: billed beside another invoice of the period, on purpose
};

}  // namespace invoice::domain
