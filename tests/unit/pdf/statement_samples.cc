#include <fmt/format.h>

#include <algorithm>

#include "tests/unit/pdf/samples.h"

namespace invoice::pdf::testing {
namespace {

using domain::StatementItem;
using domain::StatementTotal;

void AddItem(domain::StatementDocument& document, int index, StatementTotal& total) {
  const int64_t total_minor = 112'540 + index * 7'731;
  StatementItem item{.number = fmt::format("NWC-2026-{:04}", 11 + index),
                     .invoice_date = absl::CivilDay(2026, 6, 1) + index % 150,
                     .currency = total.currency,
                     .total_minor = total_minor,
                     .paid_minor = index % 3 == 0 ? 25'000 : 0,
                     .credited_minor = index % 5 == 4 ? 11'300 : 0};
  item.due_date = item.invoice_date + 30;
  item.open_minor = total_minor - item.paid_minor - item.credited_minor;
  item.days_overdue = static_cast<int>(document.statement.as_of - item.due_date);
  total.open_minor += item.open_minor;
  int64_t& age = item.days_overdue < 1     ? total.not_due_minor
                 : item.days_overdue <= 30 ? total.overdue_1_30_minor
                 : item.days_overdue <= 60 ? total.overdue_31_60_minor
                 : item.days_overdue <= 90 ? total.overdue_61_90_minor
                                           : total.overdue_over_90_minor;
  age += item.open_minor;
  document.statement.items.push_back(std::move(item));
}

// `count` items of one currency, `days` apart.
void AddCurrency(domain::StatementDocument& document, const char* code, int count, int apart, int64_t unapplied_minor) {
  StatementTotal total{.currency = domain::Currency::Find(code).value(), .unapplied_minor = unapplied_minor};
  for (int i = 0; i < count; ++i) AddItem(document, i * apart, total);
  document.statement.totals.push_back(total);
}

domain::StatementDocument Empty() {
  const domain::InvoiceDocument invoice = OnePage();
  domain::StatementDocument document{.vendor = invoice.vendor, .customer = invoice.customer, .statement = {}};
  document.statement.as_of = absl::CivilDay(2026, 11, 27);
  return document;
}

}  // namespace

domain::StatementDocument Statement() {
  domain::StatementDocument document = Empty();
  AddCurrency(document, "CAD", 7, 23, 0);
  return document;
}

domain::StatementDocument TwoCurrencies() {
  domain::StatementDocument document = Empty();
  document.vendor.locale = "de-DE";
  document.vendor.paper_size = domain::PaperSize::kA4;
  AddCurrency(document, "CAD", 4, 31, 125'050);
  AddCurrency(document, "EUR", 3, 40, 0);
  return document;
}

domain::StatementDocument LongStatement() {
  domain::StatementDocument document = Empty();
  AddCurrency(document, "CAD", 1000, 1, 0);
  document.statement.truncated = true;
  return document;
}

}  // namespace invoice::pdf::testing
