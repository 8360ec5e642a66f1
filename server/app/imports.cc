#include "app/imports.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "app/once.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/status.h"
#include "store/imports.h"
#include "store/json.h"

namespace invoice::app {
namespace {

using domain::ImportRecord;
using domain::ImportRow;

int CountFaulty(const std::vector<ImportRow>& rows) {
  return static_cast<int>(
      std::count_if(rows.begin(), rows.end(), [](const ImportRow& row) { return !row.faults.empty(); }));
}

absl::Status AuditImport(Core& core, store::Transaction& transaction, const Call& call, const ImportRecord& import,
                         const std::string& action) {
  const std::vector<std::string> after = {std::string(domain::Name(import.kind)), std::to_string(import.rows.size()),
                                          std::to_string(import.faulty_count)};
  return Audit(core, transaction, call, {import.vendor_id, action, "import", import.id, "", store::ToJson(after)});
}

template <typename Kind>
absl::StatusOr<Outcome<ImportRecord>> CheckRows(Core& core, const Call& call, const std::string& vendor_id,
                                                const std::vector<ImportRow>& rows,
                                                const ReadRow<typename Kind::Given>& read,
                                                const Encode<ImportRecord>& encode) {
  return Once<ImportRecord>(core, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<ImportRecord> {
    const absl::Time now = core.clock.Now();
    ImportRecord import{.vendor_id = vendor_id,
                        .kind = Kind::kKind,
                        .rows = rows,
                        .created_at = now,
                        .expires_at = now + base::kImportKeep};
    const ImportScope scope{core, transaction, call, vendor_id};
    RETURN_IF_ERROR(Kind::Judge(scope, import.rows, read).status());
    import.id = base::NewId(core.clock);
    import.faulty_count = CountFaulty(import.rows);
    store::Imports imports(transaction);
    RETURN_IF_ERROR(imports.Expire(now, base::kImportSweep));
    RETURN_IF_ERROR(imports.Insert(import));
    RETURN_IF_ERROR(AuditImport(core, transaction, call, import, "check"));
    return import;
  });
}

// Names the first row at fault.
absl::Status Faulty(const std::vector<ImportRow>& rows) {
  const auto first = std::find_if(rows.begin(), rows.end(), [](const ImportRow& row) { return !row.faults.empty(); });
  const int count = CountFaulty(rows);
  return base::Failure(
      absl::StatusCode::kFailedPrecondition, base::Reason::kImportFaulty,
      absl::StrCat(count, count == 1 ? " row" : " rows",
                   " cannot be imported, so none is; correct the file and check it again: ", first->faults.front()),
      {{"line", std::to_string(first->line)}, {"faultyCount", std::to_string(count)}});
}

absl::StatusOr<ImportRecord> Take(Core& core, store::Transaction& transaction, const std::string& id,
                                  domain::ImportKind kind) {
  store::Imports imports(transaction);
  ASSIGN_OR_RETURN(ImportRecord import, imports.Lock(id));
  if (import.kind != kind || import.expires_at <= core.clock.Now()) return base::NotFound("import", id);
  if (import.executed_at) {
    const std::string time = absl::FormatTime(absl::RFC3339_sec, *import.executed_at, absl::UTCTimeZone());
    return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kImportExecuted,
                         "the import was executed already", {{"executeTime", time}});
  }
  ASSIGN_OR_RETURN(import.rows, imports.Rows(id));
  if (import.faulty_count > 0) return Faulty(import.rows);
  return import;
}

template <typename Kind>
absl::StatusOr<Outcome<Imported>> Execute(Core& core, const Call& call, const std::string& id,
                                          const ReadRow<typename Kind::Given>& read, const Encode<Imported>& encode) {
  return Once<Imported>(core, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<Imported> {
    ASSIGN_OR_RETURN(ImportRecord import, Take(core, transaction, id, Kind::kKind));
    const ImportScope scope{core, transaction, call, import.vendor_id, /*writing=*/true};
    // The books may have changed since the check.
    ASSIGN_OR_RETURN(const auto records, Kind::Judge(scope, import.rows, read));
    if (CountFaulty(import.rows) > 0) return Faulty(import.rows);
    Imported imported;
    ASSIGN_OR_RETURN(imported.ids, Kind::Write(scope, records));
    RETURN_IF_ERROR(store::Imports(transaction).SetExecuted(id, core.clock.Now()));
    RETURN_IF_ERROR(AuditImport(core, transaction, call, import, "execute"));
    return imported;
  });
}

}  // namespace

absl::StatusOr<Outcome<ImportRecord>> Imports::CheckCustomers(const Call& call, const std::string& vendor_id,
                                                              const Rows& rows, const ReadRow<domain::Customer>& read,
                                                              const Encode<Import>& encode) {
  return CheckRows<CustomerImport>(core_, call, vendor_id, rows, read, encode);
}

absl::StatusOr<Outcome<ImportRecord>> Imports::CheckInvoices(const Call& call, const std::string& vendor_id,
                                                             const Rows& rows,
                                                             const ReadRow<domain::OpeningInvoice>& read,
                                                             const Encode<Import>& encode) {
  return CheckRows<InvoiceImport>(core_, call, vendor_id, rows, read, encode);
}

absl::StatusOr<Outcome<ImportRecord>> Imports::CheckTimesheets(const Call& call, const std::string& vendor_id,
                                                               const Rows& rows, const ReadRow<domain::Timesheet>& read,
                                                               const Encode<Import>& encode) {
  return CheckRows<TimesheetImport>(core_, call, vendor_id, rows, read, encode);
}

absl::StatusOr<Outcome<Imported>> Imports::ExecuteCustomers(const Call& call, const std::string& id,
                                                            const ReadRow<domain::Customer>& read,
                                                            const Encode<Imported>& encode) {
  return Execute<CustomerImport>(core_, call, id, read, encode);
}

absl::StatusOr<Outcome<Imported>> Imports::ExecuteInvoices(const Call& call, const std::string& id,
                                                           const ReadRow<domain::OpeningInvoice>& read,
                                                           const Encode<Imported>& encode) {
  return Execute<InvoiceImport>(core_, call, id, read, encode);
}

absl::StatusOr<Outcome<Imported>> Imports::ExecuteTimesheets(const Call& call, const std::string& id,
                                                             const ReadRow<domain::Timesheet>& read,
                                                             const Encode<Imported>& encode) {
  return Execute<TimesheetImport>(core_, call, id, read, encode);
}

}  // namespace invoice::app
