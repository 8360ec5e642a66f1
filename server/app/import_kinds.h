// The kinds of imports: how their rows are judged, by the rules of entering them one by one, and written. Used by
// imports.cc alone. `Judge` adds faults and warnings to the rows and answers a record for each row without a fault; it
// is the same before the preview and before the writing. `Write` takes records of all rows and answers the ids of what
// came to be.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/import_rows.h"
#include "domain/invoice_record.h"
#include "domain/opening_invoice.h"

namespace invoice::app {

// The content of a row as its reader in rpc/ wrote it, read as what it says about that customer.
template <typename Given>
using ReadRow = std::function<absl::StatusOr<Given>(const std::string& content, const domain::Customer& customer)>;
template <typename Record>
using Judged = absl::StatusOr<std::vector<std::optional<Record>>>;

using Written = absl::StatusOr<std::vector<std::string>>;

struct CustomerImport {
  using Given = domain::Customer;
  using Record = domain::Customer;
  static constexpr domain::ImportKind kKind = domain::ImportKind::kCustomers;
  static Judged<Record> Judge(const ImportScope& scope, std::vector<domain::ImportRow>& rows,
                              const ReadRow<Given>& read);
  static Written Write(const ImportScope& scope, const std::vector<std::optional<Record>>& records);
};

struct InvoiceImport {
  using Given = domain::OpeningInvoice;
  using Record = domain::InvoiceRecord;
  static constexpr domain::ImportKind kKind = domain::ImportKind::kInvoices;
  static Judged<Record> Judge(const ImportScope& scope, std::vector<domain::ImportRow>& rows,
                              const ReadRow<Given>& read);
  static Written Write(const ImportScope& scope, const std::vector<std::optional<Record>>& records);
};

struct TimesheetImport {
  using Given = domain::Timesheet;
  struct Record {
    domain::Customer customer;
    domain::Timesheet timesheet;
    std::optional<domain::Timesheet> before;  // the one it replaces
  };
  static constexpr domain::ImportKind kKind = domain::ImportKind::kTimesheets;
  static Judged<Record> Judge(const ImportScope& scope, std::vector<domain::ImportRow>& rows,
                              const ReadRow<Given>& read);
  static Written Write(const ImportScope& scope, const std::vector<std::optional<Record>>& records);
};

}  // namespace invoice::app
