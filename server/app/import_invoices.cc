#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "app/customer_steps.h"
#include "app/import_kinds.h"
#include "app/issue.h"
#include "app/once.h"
#include "app/today.h"
#include "base/id.h"
#include "base/status.h"
#include "domain/calendar.h"
#include "domain/numbers.h"
#include "store/invoices.h"
#include "store/json.h"
#include "store/vendors.h"

namespace invoice::app {
namespace {

using domain::Customer;
using domain::ImportRow;
using domain::InvoiceRecord;
using domain::OpeningInvoice;
using domain::Vendor;

using InvoiceRecords = std::vector<std::optional<InvoiceRecord>>;

// Waits for all who issue invoices of the vendor and keeps them out, so that no series is opened below a number that is
// being taken over. After the customers, as everybody who issues does.
absl::StatusOr<Vendor> VendorOf(const ImportScope& scope) {
  store::Vendors vendors(scope.transaction);
  ASSIGN_OR_RETURN(const Vendor vendor, scope.writing ? vendors.Lock(scope.vendor_id) : vendors.Get(scope.vendor_id));
  RETURN_IF_ERROR(CheckActive(vendor));
  return vendor;
}

absl::Status CheckDay(const ImportScope& scope, const Vendor& vendor, const Customer& customer, absl::CivilDay day) {
  ASSIGN_OR_RETURN(const absl::CivilDay today, LocalToday(scope.core, customer.schedule.time_zone));
  if (day > today) return base::InvalidField("invoiceDate", "a date that is not in the future");
  return CheckBooks(vendor, day);
}

absl::Status CheckDays(const ImportScope& scope, const InvoiceRecord& invoice) {
  const domain::Period& period = invoice.document.period;
  ASSIGN_OR_RETURN(const std::vector<store::ClaimedDays> claims,
                   store::Invoices(scope.transaction).FindClaims(invoice.customer_id, period));
  if (claims.empty()) return absl::OkStatus();
  const store::ClaimedDays& other = claims.front();
  return base::InvalidField(
      "periodStart", absl::StrCat("days that are not billed yet; ", domain::FormatDate(other.days.first), " to ",
                                  domain::FormatDate(other.days.last), " are, by ",
                                  other.number.empty() ? "draft " + other.invoice_id : "invoice " + other.number));
}

absl::StatusOr<InvoiceRecord> OpeningRecordOf(const ImportScope& scope, const Vendor& vendor, const Customer& customer,
                                              const OpeningInvoice& opening, ImportRow& row) {
  RETURN_IF_ERROR(CheckDay(scope, vendor, customer, opening.invoice_date));
  ASSIGN_OR_RETURN(domain::InvoiceDraft draft, domain::OpeningDocument(vendor, customer, opening));
  RETURN_IF_ERROR(scope.core.renderer.CheckText(draft.document));
  for (domain::Warning& warning : draft.warnings) row.warnings.push_back(std::move(warning));
  InvoiceRecord invoice{.document = std::move(draft.document)};
  invoice.id = base::NewId(scope.core.clock);
  invoice.vendor_id = vendor.id;
  invoice.customer_id = customer.id;
  invoice.mode = domain::RunMode::kImported;
  invoice.rounding_version = domain::kForeignRoundingVersion;
  invoice.issued_at = scope.core.clock.Now();
  RETURN_IF_ERROR(CheckDays(scope, invoice));
  return invoice;
}

// A number is one document's, in the books and in the file.
absl::Status JudgeNumbers(const ImportScope& scope, const InvoiceRecords& records, std::vector<ImportRow>& rows) {
  std::map<std::string, size_t> first_row;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!records[i]) continue;
    const auto [entry, is_new] = first_row.emplace(records[i]->document.number, i);
    if (is_new) continue;
    const std::string expected = "a number that no other row has; it is also in line ";
    AddFault(rows[i], "number", absl::StrCat(expected, rows[entry->second].line));
    AddFault(rows[entry->second], "number", absl::StrCat(expected, rows[i].line));
  }
  std::vector<std::string> numbers;
  for (const auto& [number, row] : first_row) numbers.push_back(number);
  ASSIGN_OR_RETURN(const std::vector<std::string> taken,
                   store::Invoices(scope.transaction).FindNumbers(scope.vendor_id, numbers));
  for (const std::string& number : taken) {
    AddFault(rows[first_row.at(number)], "number", "a number that no document of the vendor has");
  }
  return absl::OkStatus();
}

// A series in use gives its numbers without a gap, so it cannot leap over one that came from elsewhere: a number that
// it would give later is refused. One that was never used starts above what was taken over.
void JudgeSeries(const std::vector<store::NumberSeries>& used, const std::string& own_key, const std::string& number,
                 ImportRow& row) {
  bool is_own_used = false;
  for (const store::NumberSeries& series : used) {
    is_own_used = is_own_used || series.key == own_key;
    const std::optional<int64_t> sequence = domain::SequenceIn(series.key, number);
    if (!sequence || *sequence <= series.last_sequence) continue;
    AddFault(row, "number",
             absl::StrCat("a number that the series ", series.key, " does not give later; it has given ",
                          series.last_sequence, " so far"));
  }
  if (!is_own_used && domain::SequenceIn(own_key, number)) {
    row.warnings.push_back({"SERIES_STARTS_LATER", "the series " + own_key + " will start above this number"});
  }
}

}  // namespace

Judged<InvoiceRecord> InvoiceImport::Judge(const ImportScope& scope, std::vector<ImportRow>& rows,
                                           const ReadRow<OpeningInvoice>& read) {
  ASSIGN_OR_RETURN(const CustomersOfRows customers, FindCustomers(scope, rows));
  ASSIGN_OR_RETURN(const Vendor vendor, VendorOf(scope));
  ASSIGN_OR_RETURN(const std::vector<store::NumberSeries> used,
                   store::Invoices(scope.transaction).ListSeries(vendor.id));
  InvoiceRecords records(rows.size());
  std::vector<DaysOfRow> days;
  for (size_t i = 0; i < rows.size(); ++i) {
    const Customer* customer = customers.of_row[i];
    if (customer == nullptr) continue;
    const absl::StatusOr<OpeningInvoice> opening = read(rows[i].content, *customer);
    RETURN_IF_ERROR(AddFaults(opening.status(), rows[i]));
    if (!opening.ok()) continue;
    days.push_back({.row = i, .customer_id = customer->id, .period = opening->period});
    absl::StatusOr<InvoiceRecord> record = OpeningRecordOf(scope, vendor, *customer, *opening, rows[i]);
    RETURN_IF_ERROR(AddFaults(record.status(), rows[i]));
    if (!record.ok()) continue;
    ASSIGN_OR_RETURN(const domain::NumberPattern pattern, PatternOf(vendor, *customer));
    const std::string own_key = pattern.SeriesKey(customer->contract.invoice_prefix, opening->invoice_date);
    JudgeSeries(used, own_key, opening->number, rows[i]);
    records[i] = *std::move(record);
  }
  AddOverlaps(std::move(days), rows);
  RETURN_IF_ERROR(JudgeNumbers(scope, records, rows));
  return records;
}

Written InvoiceImport::Write(const ImportScope& scope, const InvoiceRecords& records) {
  std::vector<InvoiceRecord> imported;
  std::vector<InvoiceRecord*> rows;
  std::vector<store::Claim> claims;
  std::vector<Audited> changes;
  std::vector<std::string> ids;
  imported.reserve(records.size());
  for (const std::optional<InvoiceRecord>& record : records) {
    InvoiceRecord& invoice = imported.emplace_back(*record);
    rows.push_back(&invoice);
    claims.push_back({invoice.id, invoice.vendor_id, invoice.customer_id, invoice.document.period});
    changes.push_back({invoice.vendor_id, "import", "invoice", invoice.id, "",
                       store::ToJson(std::vector<std::string>{invoice.document.number})});
    ids.push_back(invoice.id);
  }
  store::Invoices invoices(scope.transaction);
  ASSIGN_OR_RETURN(const auto taken, invoices.Claim(claims));
  if (taken.size() != claims.size()) return absl::AbortedError("days were taken since they were judged; try again");
  RETURN_IF_ERROR(invoices.InsertAll(rows, store::PreparedInvoices(rows, scope.core.clock.Now())));
  RETURN_IF_ERROR(AuditAll(scope.core, scope.transaction, scope.call, changes));
  return ids;
}

}  // namespace invoice::app
