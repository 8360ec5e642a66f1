#include "store/invoices.h"

#include "base/json.h"
#include "base/limits.h"
#include "base/status.h"
#include "domain/totals.h"
#include "store/copy_rows.h"
#include "store/invoice_pages.h"
#include "store/json.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

using Json = nlohmann::json;

// Decimals of PostgreSQL come with all their digits: "7.5000".
template <typename FixedType>
FixedType ReadDecimal(const Json& json) {
  std::string text = json.get<std::string>();
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
  }
  return FixedType::Parse(text).value();
}

std::vector<domain::InvoiceLine> ReadLines(const std::string& text) {
  std::vector<domain::InvoiceLine> lines;
  for (const Json& j : Json::parse(text)) {
    lines.push_back({.description = j.at("description"),
                     .quantity = ReadDecimal<domain::Quantity>(j.at("quantity")),
                     .unit = domain::Parse<domain::Unit>(j.at("unit").get<std::string>()).value(),
                     .unit_price = ReadDecimal<domain::UnitPrice>(j.at("unitPrice")),
                     .discount_minor = j.at("discountMinor"),
                     .amount_minor = j.at("amountMinor"),
                     .tax_names = j.at("taxNames").get<std::vector<std::string>>(),
                     .original_line = j.at("originalLine")});
  }
  return lines;
}

std::vector<domain::TaxAmount> ReadTaxes(const std::string& text) {
  std::vector<domain::TaxAmount> taxes;
  for (const Json& j : Json::parse(text)) {
    taxes.push_back(
        {.tax = {.name = j.at("name"),
                 .rate = ReadDecimal<domain::Rate>(j.at("rate")),
                 .registration_number = j.at("registrationNumber"),
                 .category = domain::Parse<domain::TaxCategory>(j.at("category").get<std::string>()).value(),
                 .exemption_reason = j.at("exemptionReason")},
         .base_minor = j.at("baseMinor"),
         .amount_minor = j.at("amountMinor")});
  }
  return taxes;
}

domain::InvoiceDocument ReadDocument(const Row& row) {
  domain::InvoiceDocument document{.currency = domain::Currency::Find(row.Text("currency_code")).value()};
  document.kind = domain::Parse<domain::DocumentKind>(row.Text("kind")).value();
  document.number = row.OptionalText("number").value_or("");
  document.original_number = row.OptionalText("original_number").value_or("");
  document.invoice_date = row.Day("invoice_on");
  document.due_date = row.Day("due_on");
  document.period = {row.Day("period_start_on"), row.Day("period_end_on")};
  document.vendor = VendorSnapshotFromJson(row.Text("vendor_snapshot"));
  document.customer = CustomerSnapshotFromJson(row.Text("customer_snapshot"));
  document.contractor_name = row.Text("contractor_name");
  document.service_location = row.Text("service_location");
  document.purchase_order = row.Text("purchase_order");
  document.buyer_reference = row.Text("buyer_reference");
  document.payment_terms.kind = domain::Parse<domain::PaymentTermsKind>(row.Text("payment_terms_kind")).value();
  document.payment_terms.days = static_cast<int>(row.Int("payment_terms_days"));
  document.lines = ReadLines(row.Text("lines"));
  document.taxes = ReadTaxes(row.Text("taxes"));
  document.totals = {.subtotal_minor = row.Int("subtotal_minor"),
                     .discount_minor = row.Int("discount_minor"),
                     .taxable_minor = row.Int("taxable_minor"),
                     .tax_minor = row.Int("tax_minor"),
                     .total_minor = row.Int("total_minor")};
  document.notes = row.Text("notes");
  document.duplicate_reason = row.Text("duplicate_reason");
  document.credit_reason = row.Text("credit_reason");
  return document;
}

domain::InvoiceRecord ReadInvoice(const Row& row) {
  domain::InvoiceRecord invoice{.document = ReadDocument(row)};
  invoice.id = row.Text("id");
  invoice.vendor_id = row.Text("vendor_id");
  invoice.customer_id = row.Text("customer_id");
  invoice.run_id = row.OptionalText("run_id").value_or("");
  invoice.original_invoice_id = row.OptionalText("original_invoice_id").value_or("");
  invoice.rounding_version = static_cast<int>(row.Int("rounding_version"));
  invoice.mode = domain::Parse<domain::RunMode>(row.Text("mode")).value();
  invoice.series_key = row.OptionalText("series_key").value_or("");
  invoice.sequence = row.IsNull("sequence") ? 0 : row.Int("sequence");
  invoice.time_zone = row.Text("time_zone");
  invoice.created_at = row.Time("created_at");
  invoice.issued_at = row.OptionalTime("issued_at");
  invoice.cancelled_at = row.OptionalTime("cancelled_at");
  invoice.cancel_reason = row.Text("cancel_reason");
  invoice.sent_at = row.OptionalTime("sent_at");
  invoice.sent_note = row.Text("sent_note");
  invoice.overdue_at = row.OptionalTime("overdue_at");
  invoice.send_email = row.Bool("send_email");
  invoice.paid_minor = row.Int("paid_minor");
  invoice.credited_minor = row.Int("credited_minor");
  invoice.delivery = domain::Parse<domain::Delivery>(row.Text("delivery")).value();
  invoice.document_sha256 = row.OptionalText("document_sha256").value_or("");
  invoice.document_fault = row.Text("document_fault");
  invoice.version = row.Int("version");
  invoice.updated_at = row.Time("updated_at");
  return invoice;
}

absl::StatusOr<std::vector<domain::InvoiceRecord>> ReadInvoices(const absl::StatusOr<Rows>& rows) {
  RETURN_IF_ERROR(rows.status());
  std::vector<domain::InvoiceRecord> invoices;
  for (const Row& row : *rows) invoices.push_back(ReadInvoice(row));
  return invoices;
}

ExportedInvoice ReadExported(const Row& row) {
  return {.id = row.Text("id"),
          .number = row.OptionalText("number").value_or(""),
          .kind = row.Text("kind"),
          .invoice_date = row.Day("invoice_on"),
          .due_date = row.Day("due_on"),
          .period = {row.Day("period_start_on"), row.Day("period_end_on")},
          .vendor_id = row.Text("vendor_id"),
          .customer_id = row.Text("customer_id"),
          .customer_name = row.Text("customer_name"),
          .purchase_order = row.Text("purchase_order"),
          .currency_code = row.Text("currency_code"),
          .subtotal_minor = row.Int("subtotal_minor"),
          .discount_minor = row.Int("discount_minor"),
          .tax_minor = row.Int("tax_minor"),
          .facts = {.issued = row.Bool("issued"),
                    .cancelled = row.Bool("cancelled"),
                    .sent = row.Bool("sent"),
                    .total_minor = row.Int("total_minor"),
                    .paid_minor = row.Int("paid_minor"),
                    .credited_minor = row.Int("credited_minor"),
                    .due_date = row.Day("due_on")},
          .delivery = row.Text("delivery"),
          .time_zone = row.Text("time_zone")};
}

absl::StatusOr<domain::InvoiceRecord> OneInvoice(absl::StatusOr<std::optional<Row>> row, const std::string& id) {
  if (!row.ok()) return row.status();
  if (!*row) return base::NotFound("invoice", id);
  return ReadInvoice(**row);
}

}  // namespace

absl::StatusOr<std::vector<ClaimedDays>> Invoices::FindClaims(const std::string& customer_id,
                                                              const domain::Period& period) {
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(sql::kClaimFindOverlapping,
                                      {{"customer_id", customer_id}, {"first", period.first}, {"last", period.last}}));
  std::vector<ClaimedDays> claims;
  for (const Row& row : rows) {
    claims.push_back({.invoice_id = row.Text("id"),
                      .number = row.OptionalText("number").value_or(""),
                      .days = {row.Day("first"), row.Day("last")}});
  }
  return claims;
}

absl::StatusOr<std::optional<absl::CivilDay>> Invoices::LastClaimedDay(const std::string& customer_id,
                                                                       absl::CivilDay through) {
  ASSIGN_OR_RETURN(const std::optional<Row> row,
                   transaction_.QueryRow(sql::kClaimLastDay, {{"customer_id", customer_id}, {"through", through}}));
  return row->OptionalDay("last");
}

absl::StatusOr<std::vector<NumberSeries>> Invoices::ListSeries(const std::string& vendor_id) {
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kNumberSeriesList, {{"vendor_id", vendor_id}}));
  std::vector<NumberSeries> series;
  for (const Row& row : rows) {
    series.push_back({.key = row.Text("series_key"), .last_sequence = row.Int("last_sequence")});
  }
  return series;
}

absl::StatusOr<std::vector<std::string>> Invoices::FindNumbers(const std::string& vendor_id,
                                                               const std::vector<std::string>& numbers) {
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kInvoiceFindNumbers,
                                                       {{"vendor_id", vendor_id}, {"numbers", ToJson(numbers)}}));
  std::vector<std::string> found;
  for (const Row& row : rows) found.push_back(row.Text("number"));
  return found;
}

absl::StatusOr<domain::InvoiceRecord> Invoices::Get(const std::string& id) {
  return OneInvoice(transaction_.QueryRow(sql::kInvoiceGet, {{"id", id}}), id);
}

absl::StatusOr<domain::InvoiceRecord> Invoices::Lock(const std::string& id) {
  RETURN_IF_ERROR(transaction_.EnterGate("invoice " + id));
  return OneInvoice(transaction_.QueryRow(sql::kInvoiceLock, {{"id", id}}), id);
}

absl::StatusOr<std::vector<domain::InvoiceRecord>> Invoices::GetAll(const std::vector<std::string>& ids) {
  return ReadInvoices(transaction_.Query(sql::kInvoiceRows, {{"ids", ArrayText(ids)}}));
}

absl::StatusOr<std::vector<domain::InvoiceRecord>> Invoices::GetHeads(const std::vector<std::string>& ids) {
  return ReadInvoices(transaction_.Query(sql::kInvoiceHeads, {{"ids", ArrayText(ids)}}));
}

absl::StatusOr<Page<domain::InvoiceRecord>> Invoices::List(const InvoiceFilter& filter, const PageRequest& request,
                                                           absl::Time now) {
  ASSIGN_OR_RETURN(InvoicePage found, FindInvoicePage(transaction_, filter, request, now, Counting::kYes));
  Page<domain::InvoiceRecord> page{
      .next = std::move(found.next), .total_size = found.total_size, .total_capped = found.total_capped};
  if (found.ids.empty()) return page;
  ASSIGN_OR_RETURN(page.records, GetAll(found.ids));
  return page;
}

absl::StatusOr<std::vector<ExportedInvoice>> Invoices::ExportBatch(const InvoiceFilter& filter, PageRequest* page,
                                                                   absl::Time now) {
  ASSIGN_OR_RETURN(InvoicePage found, FindInvoicePage(transaction_, filter, *page, now, Counting::kNo));
  page->after = std::move(found.next);
  std::vector<ExportedInvoice> batch;
  if (found.ids.empty()) return batch;
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kInvoiceExportRows, {{"ids", ArrayText(found.ids)}}));
  for (const Row& row : rows) batch.push_back(ReadExported(row));
  return batch;
}

absl::StatusOr<std::string> Invoices::SetDocument(const std::string& id, const std::string& sha256, absl::Time now) {
  ASSIGN_OR_RETURN(const std::optional<Row> row,
                   transaction_.QueryRow(sql::kInvoiceSetDocument, {{"id", id}, {"sha256", sha256}, {"now", now}}));
  if (!row) return base::NotFound("invoice", id);
  return row->Text("document_sha256");
}

absl::Status Invoices::SetDocumentFault(const std::string& id, const std::string& fault, absl::Time now) {
  return transaction_.Execute(sql::kInvoiceSetDocumentFault, {{"id", id}, {"fault", fault}, {"now", now}}).status();
}

absl::Status Invoices::SetDelivery(const std::string& id, domain::Delivery delivery, std::optional<absl::Time> sent_at,
                                   absl::Time now) {
  return transaction_
      .Execute(sql::kInvoiceSetDelivery,
               {{"id", id}, {"delivery", domain::Name(delivery)}, {"sent_at", sent_at}, {"now", now}})
      .status();
}

absl::Status Invoices::SetDeliveryOfAll(const std::vector<std::string>& ids, domain::Delivery delivery,
                                        absl::Time now) {
  return transaction_
      .Execute(sql::kInvoiceSetDeliveryAll,
               {{"ids", ArrayText(ids)}, {"delivery", domain::Name(delivery)}, {"now", now}})
      .status();
}

absl::Status Invoices::ReleaseDelivery(const std::vector<std::string>& ids, absl::Time now) {
  return transaction_.Execute(sql::kInvoiceReleaseDelivery, {{"ids", ArrayText(ids)}, {"now", now}}).status();
}

absl::Status Invoices::Cancel(const domain::InvoiceRecord& invoice, absl::Time now) {
  return transaction_
      .Execute(sql::kInvoiceCancel, {{"id", invoice.id},
                                     {"reason", invoice.cancel_reason},
                                     {"delivery", domain::Name(invoice.delivery)},
                                     {"now", now}})
      .status();
}

absl::Status Invoices::MarkSent(const domain::InvoiceRecord& invoice, absl::Time now) {
  return transaction_
      .Execute(
          sql::kInvoiceMarkSent,
          {{"id", invoice.id}, {"note", invoice.sent_note}, {"delivery", domain::Name(invoice.delivery)}, {"now", now}})
      .status();
}

absl::Status Invoices::AddCredited(const std::string& id, int64_t amount_minor, absl::Time now) {
  return transaction_.Execute(sql::kInvoiceAddCredited, {{"id", id}, {"amount_minor", amount_minor}, {"now", now}})
      .status();
}

absl::StatusOr<std::vector<domain::InvoiceDocument>> Invoices::CreditNotesOf(const domain::InvoiceRecord& invoice) {
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(sql::kInvoiceListCreditNotes,
                                      {{"id", invoice.id},
                                       {"vendor_id", invoice.vendor_id},
                                       {"limit", static_cast<int64_t>(base::kMaxCreditNotesPerInvoice)}}));
  std::vector<domain::InvoiceDocument> notes;
  for (const Row& row : rows) notes.push_back(ReadDocument(row));
  return notes;
}

}  // namespace invoice::store
