// What a document says, as texts in the order of reading: the step between the numbers of the books and the places on
// the page. Pure, knows neither fonts nor coordinates.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/invoice.h"
#include "locale/locale.h"
#include "pdf/payment_code.h"

namespace invoice::pdf {

// Between parts of one line.
inline constexpr std::string_view kDot = " \u00b7 ";

struct Entry {
  std::string_view label;
  std::string value;
};

struct TableRow {
  std::string description;
  std::string detail;  // names of the row's own taxes; may be empty
  std::string quantity;
  std::string_view unit;
  std::string unit_price;
  std::string discount;  // empty: none
  std::string amount;
  int64_t running_minor = 0;  // sum of the amounts up to and with this row
};

struct TotalRow {
  std::string label;
  std::string detail;  // smaller, below the label; may be empty
  std::string amount;
};

// A heading with text that may run over lines and pages.
struct Section {
  std::string_view heading;
  std::string text;
};

struct Content {
  const locale::Locale& locale;
  domain::Currency currency;
  bool draft = false;

  std::string title;         // "Invoice"
  std::string number;        // "ACME-2026-0001", or "Draft"
  std::string running_head;  // "Invoice ACME-2026-0001"
  std::string vendor_name;
  std::vector<std::string> vendor_lines;
  size_t vendor_address_lines = 0;  // of them, the first
  std::string_view customer_label;
  std::string customer_name;
  std::vector<std::string> customer_lines;
  std::vector<Entry> details;
  Entry amount_due;  // empty value: none

  bool has_discounts = false;
  std::vector<TableRow> rows;
  std::vector<TotalRow> totals;
  Entry total;
  std::vector<Entry> payment;  // empty: nothing to pay
  std::string payment_instructions;
  QrCode payment_code;  // side 0: none
  std::vector<Section> sections;
  std::string contact;  // "Questions? billing@acme.example"
};

// `document` may be a draft. Amounts of credit notes are negative in the books and positive here.
Content ContentOf(const domain::InvoiceDocument& document);

}  // namespace invoice::pdf
