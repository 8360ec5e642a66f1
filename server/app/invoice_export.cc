#include "app/invoice_export.h"

#include "app/csv.h"
#include "base/status.h"
#include "domain/calendar.h"
#include "domain/money.h"
#include "domain/states.h"

namespace invoice::app {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kColumns[] = {
    "number",    "kind",         "state",         "invoiceDate",   "dueDate",   "periodStart",
    "periodEnd", "customerName", "purchaseOrder", "currencyCode",  "subtotal",  "discountTotal",
    "taxTotal",  "total",        "amountPaid",    "creditedTotal", "amountDue", "delivery",
    "id",        "customerId",   "vendorId"};

std::string HeaderOf(const CsvFormat& format) {
  CsvLine line(format.separator);
  for (const std::string_view column : kColumns) line.Value(column);
  return std::string(format.byte_order_mark ? kByteOrderMark : "") + std::move(line).Take();
}

// Nobody pays a credit note: it has no due date.
std::string DueDateOf(const store::ExportedInvoice& invoice) {
  return invoice.kind == domain::Name(domain::DocumentKind::kCreditNote) ? "" : domain::FormatDate(invoice.due_date);
}

}  // namespace

InvoiceExport::InvoiceExport(Core& core, store::InvoiceFilter filter, const CsvFormat& format)
    : core_(core), filter_(std::move(filter)), format_(format), now_(core.clock.Now()) {}

absl::StatusOr<std::string> InvoiceExport::Next() {
  if (begun_ && page_.after.empty()) return std::string();
  std::string text = begun_ ? "" : HeaderOf(format_);
  begun_ = true;
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  ASSIGN_OR_RETURN(const auto batch, store::Invoices(transaction).ExportBatch(filter_, &page_, now_));
  for (const store::ExportedInvoice& invoice : batch) text += LineOf(invoice);
  return text;
}

std::string InvoiceExport::LineOf(const store::ExportedInvoice& invoice) const {
  const domain::Currency currency = domain::Currency::Find(invoice.currency_code).value();
  const auto amount = [&](int64_t minor) { return domain::FormatAmount(minor, currency); };
  const absl::TimeZone zone = core_.time_zones.Find(invoice.time_zone).value_or(absl::UTCTimeZone());
  const domain::InvoiceState state = domain::StateOf(invoice.facts, domain::LocalDate(now_, zone));
  CsvLine line(format_.separator);
  line.Text(invoice.number).Value(invoice.kind).Value(domain::Name(state));
  line.Value(domain::FormatDate(invoice.invoice_date)).Value(DueDateOf(invoice));
  line.Value(domain::FormatDate(invoice.period.first)).Value(domain::FormatDate(invoice.period.last));
  line.Text(invoice.customer_name).Text(invoice.purchase_order).Value(invoice.currency_code);
  line.Value(amount(invoice.subtotal_minor)).Value(amount(invoice.discount_minor)).Value(amount(invoice.tax_minor));
  line.Value(amount(invoice.facts.total_minor)).Value(amount(invoice.facts.paid_minor));
  line.Value(amount(invoice.facts.credited_minor)).Value(amount(domain::OpenAmount(invoice.facts)));
  line.Value(invoice.delivery).Value(invoice.id).Value(invoice.customer_id).Value(invoice.vendor_id);
  return std::move(line).Take();
}

}  // namespace invoice::app
