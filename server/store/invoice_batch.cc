// The writing of invoices, always for a whole batch: claims, numbers, rows by COPY.
#include <algorithm>

#include "base/json.h"
#include "base/status.h"
#include "domain/numbers.h"
#include "store/copy_rows.h"
#include "store/invoices.h"
#include "store/json.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

using Json = nlohmann::json;

std::string BeginInvoice(const domain::InvoiceRecord& invoice, absl::Time now) {
  const domain::InvoiceDocument& document = invoice.document;
  const domain::Totals& totals = document.totals;
  return CopyRows::BeginRow({invoice.id,
                             invoice.vendor_id,
                             invoice.customer_id,
                             NullIfEmpty(invoice.run_id),
                             domain::Name(document.kind),
                             NullIfEmpty(invoice.original_invoice_id),
                             domain::Name(invoice.mode),
                             document.invoice_date,
                             document.due_date,
                             document.period.first,
                             document.period.last,
                             document.currency.code(),
                             ToJson(document.vendor),
                             ToJson(document.customer),
                             document.customer.name,
                             document.contractor_name,
                             document.service_location,
                             document.purchase_order,
                             document.buyer_reference,
                             domain::Name(document.payment_terms.kind),
                             document.payment_terms.days,
                             document.notes,
                             document.duplicate_reason,
                             document.credit_reason,
                             invoice.send_email,
                             invoice.rounding_version,
                             totals.subtotal_minor,
                             totals.discount_minor,
                             totals.taxable_minor,
                             totals.tax_minor,
                             totals.total_minor,
                             now,
                             invoice.issued_at,
                             domain::Name(invoice.delivery),
                             invoice.version,
                             now});
}

void AddLines(const domain::InvoiceRecord& invoice, CopyRows& rows) {
  int number = 0;
  for (const domain::InvoiceLine& line : invoice.document.lines) {
    rows.Add({invoice.id, invoice.vendor_id, ++number, line.description, line.quantity, domain::Name(line.unit),
              line.unit_price, line.discount_minor, line.amount_minor, ToJson(line.tax_names),
              line.original_line > 0 ? std::optional(line.original_line) : std::nullopt});
  }
}

void AddTaxes(const domain::InvoiceRecord& invoice, CopyRows& rows) {
  int number = 0;
  for (const domain::TaxAmount& tax : invoice.document.taxes) {
    rows.Add({invoice.id, invoice.vendor_id, ++number, tax.tax.name, tax.tax.rate, tax.tax.registration_number,
              domain::Name(tax.tax.category), tax.tax.exemption_reason, tax.base_minor, tax.amount_minor});
  }
}

std::string DemandsJson(const std::vector<SeriesDemand>& series) {
  Json demands = Json::array();
  for (const SeriesDemand& demand : series) {
    demands.push_back({{"vendor_id", demand.vendor_id},
                       {"series_key", demand.series_key},
                       {"count", demand.count},
                       {"newest_on", ToText(demand.newest_on)}});
  }
  return demands.dump();
}

}  // namespace

absl::StatusOr<std::map<std::string, int>> Invoices::Claim(const std::vector<store::Claim>& claims) {
  std::vector<std::string> invoices;
  std::vector<std::string> vendors;
  std::vector<std::string> customers;
  std::vector<absl::CivilDay> firsts;
  std::vector<absl::CivilDay> lasts;
  for (const store::Claim& claim : claims) {
    invoices.push_back(claim.invoice_id);
    vendors.push_back(claim.vendor_id);
    customers.push_back(claim.customer_id);
    firsts.push_back(claim.days.first);
    lasts.push_back(claim.days.last);
  }
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kClaimInsertAll, {{"invoice_ids", ArrayText(invoices)},
                                                                              {"vendor_ids", ArrayText(vendors)},
                                                                              {"customer_ids", ArrayText(customers)},
                                                                              {"firsts", ArrayText(firsts)},
                                                                              {"lasts", ArrayText(lasts)}}));
  std::map<std::string, int> taken;
  for (const Row& row : rows) ++taken[row.Text("invoice_id")];
  return taken;
}

absl::Status Invoices::RemoveClaims(const std::string& invoice_id) {
  return transaction_.Execute(sql::kClaimRemove, {{"invoice_id", invoice_id}}).status();
}

// Most vendors took nothing over: then nothing is found.
absl::Status Invoices::OpenSeries(const std::string& demands) {
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kNumberSeriesFindUnopened, {{"series", demands}}));
  for (const Row& row : rows) RETURN_IF_ERROR(OpenOne(row.Text("vendor_id"), row.Text("series_key")));
  return absl::OkStatus();
}

absl::StatusOr<int64_t> Invoices::LastImported(const std::string& vendor_id, const std::string& series_key) {
  const std::string start = series_key.substr(0, series_key.find('{'));
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(sql::kInvoiceListImportedNumbers, {{"vendor_id", vendor_id}, {"start", start}}));
  int64_t last = 0;
  for (const Row& row : rows) last = std::max(last, domain::SequenceIn(series_key, row.Text("number")).value_or(0));
  return last;
}

absl::Status Invoices::OpenOne(const std::string& vendor_id, const std::string& series_key) {
  ASSIGN_OR_RETURN(const int64_t last, LastImported(vendor_id, series_key));
  return transaction_
      .Execute(sql::kNumberSeriesOpen, {{"vendor_id", vendor_id}, {"series_key", series_key}, {"last_sequence", last}})
      .status();
}

absl::StatusOr<std::vector<std::optional<NewestDocument>>> Invoices::FindNewest(const std::vector<SeriesDemand>& series,
                                                                                bool lock) {
  std::map<std::pair<std::string, std::string>, size_t> places;
  for (size_t i = 0; i < series.size(); ++i) places[{series[i].vendor_id, series[i].series_key}] = i;
  const Params params = {{"series", DemandsJson(series)}};
  // A statement of its own: what is read after the lock is what the one before committed.
  if (lock) RETURN_IF_ERROR(transaction_.Query(sql::kNumberSeriesLockAll, params).status());
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kNumberSeriesNewest, params));
  std::vector<std::optional<NewestDocument>> newest(series.size());
  for (const Row& row : rows) {
    newest[places.at({row.Text("vendor_id"), row.Text("series_key")})] = {row.Day("newest_on"), row.Text("number")};
  }
  return newest;
}

absl::Status Invoices::PeekNumbers(std::vector<SeriesDemand>& series) {
  const std::string demands = DemandsJson(series);
  std::map<std::pair<std::string, std::string>, int64_t> last;
  ASSIGN_OR_RETURN(const Rows unopened, transaction_.Query(sql::kNumberSeriesFindUnopened, {{"series", demands}}));
  for (const Row& row : unopened) {
    ASSIGN_OR_RETURN((last[{row.Text("vendor_id"), row.Text("series_key")}]),
                     LastImported(row.Text("vendor_id"), row.Text("series_key")));
  }
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kNumberSeriesPeekAll, {{"series", demands}}));
  for (const Row& row : rows) last[{row.Text("vendor_id"), row.Text("series_key")}] = row.Int("last_sequence");
  for (SeriesDemand& demand : series) demand.first = last[{demand.vendor_id, demand.series_key}] + 1;
  return absl::OkStatus();
}

absl::Status Invoices::TakeNumbers(std::vector<SeriesDemand>& series) {
  const std::string demands = DemandsJson(series);
  RETURN_IF_ERROR(OpenSeries(demands));
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kNumberSeriesTakeAll, {{"series", demands}}));
  std::map<std::pair<std::string, std::string>, const Row*> taken;
  for (const Row& row : rows) taken[{row.Text("vendor_id"), row.Text("series_key")}] = &row;
  for (SeriesDemand& demand : series) {
    const Row& row = *taken.at({demand.vendor_id, demand.series_key});
    demand.first = row.Int("last_sequence") - demand.count + 1;
    demand.others_are_newer = row.Day("newest_on") > demand.newest_on;
  }
  return absl::OkStatus();
}

PreparedInvoices::PreparedInvoices(const std::vector<domain::InvoiceRecord*>& invoices, absl::Time now) {
  begun.reserve(invoices.size());
  for (const domain::InvoiceRecord* invoice : invoices) {
    begun.push_back(BeginInvoice(*invoice, now));
    AddLines(*invoice, lines);
    AddTaxes(*invoice, taxes);
  }
}

absl::Status Invoices::InsertAll(const std::vector<domain::InvoiceRecord*>& invoices,
                                 const PreparedInvoices& prepared) {
  CopyRows rows;
  for (size_t i = 0; i < invoices.size(); ++i) {
    const domain::InvoiceRecord& invoice = *invoices[i];
    std::optional<int64_t> sequence;
    if (!invoice.series_key.empty()) sequence = invoice.sequence;
    rows.Add(prepared.begun[i], {NullIfEmpty(invoice.document.number), NullIfEmpty(invoice.series_key), sequence});
  }
  RETURN_IF_ERROR(transaction_.Copy(sql::kInvoiceCopy, rows.text()));
  RETURN_IF_ERROR(transaction_.Copy(sql::kInvoiceLineCopy, prepared.lines.text()));
  return prepared.taxes.empty() ? absl::OkStatus() : transaction_.Copy(sql::kInvoiceTaxCopy, prepared.taxes.text());
}

absl::Status Invoices::IssueAll(const std::vector<domain::InvoiceRecord*>& drafts, absl::Time now) {
  Json list = Json::array();
  for (const domain::InvoiceRecord* draft : drafts) {
    list.push_back({{"id", draft->id},
                    {"number", draft->document.number},
                    {"series_key", draft->series_key},
                    {"sequence", draft->sequence},
                    {"vendor_snapshot", Json::parse(ToJson(draft->document.vendor))},
                    {"customer_snapshot", Json::parse(ToJson(draft->document.customer))},
                    {"customer_name", draft->document.customer.name},
                    {"delivery", domain::Name(draft->delivery)},
                    {"send_email", draft->send_email}});
  }
  return transaction_.Execute(sql::kInvoiceIssueAll, {{"drafts", list.dump()}, {"now", now}}).status();
}

absl::Status Invoices::ReplaceDraft(const domain::InvoiceRecord& draft, absl::Time now) {
  const domain::InvoiceDocument& document = draft.document;
  const domain::Totals& totals = document.totals;
  RETURN_IF_ERROR(
      transaction_
          .Execute(sql::kInvoiceDraftUpdate, {{"id", draft.id},
                                              {"invoice_on", document.invoice_date},
                                              {"due_on", document.due_date},
                                              {"period_start_on", document.period.first},
                                              {"period_end_on", document.period.last},
                                              {"currency_code", document.currency.code()},
                                              {"vendor_snapshot", ToJson(document.vendor)},
                                              {"customer_snapshot", ToJson(document.customer)},
                                              {"customer_name", document.customer.name},
                                              {"contractor_name", document.contractor_name},
                                              {"service_location", document.service_location},
                                              {"purchase_order", document.purchase_order},
                                              {"buyer_reference", document.buyer_reference},
                                              {"payment_terms_kind", domain::Name(document.payment_terms.kind)},
                                              {"payment_terms_days", document.payment_terms.days},
                                              {"notes", document.notes},
                                              {"duplicate_reason", document.duplicate_reason},
                                              {"send_email", draft.send_email},
                                              {"rounding_version", draft.rounding_version},
                                              {"subtotal_minor", totals.subtotal_minor},
                                              {"discount_minor", totals.discount_minor},
                                              {"taxable_minor", totals.taxable_minor},
                                              {"tax_minor", totals.tax_minor},
                                              {"total_minor", totals.total_minor},
                                              {"now", now}})
          .status());
  RETURN_IF_ERROR(transaction_.Execute(sql::kInvoiceLinesRemove, {{"invoice_id", draft.id}}).status());
  RETURN_IF_ERROR(transaction_.Execute(sql::kInvoiceTaxesRemove, {{"invoice_id", draft.id}}).status());
  CopyRows lines;
  AddLines(draft, lines);
  RETURN_IF_ERROR(transaction_.Copy(sql::kInvoiceLineCopy, lines.text()));
  CopyRows taxes;
  AddTaxes(draft, taxes);
  return taxes.empty() ? absl::OkStatus() : transaction_.Copy(sql::kInvoiceTaxCopy, taxes.text());
}

absl::StatusOr<std::vector<std::string>> Invoices::FindDrafts(const std::string& run_id, int limit) {
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(sql::kInvoiceDraftsOfRun, {{"run_id", run_id}, {"limit", limit + 1}}));
  std::vector<std::string> ids;
  for (const Row& row : rows) ids.push_back(row.Text("id"));
  return ids;
}

}  // namespace invoice::store
