// Use cases of imports: many customers, invoices of elsewhere, or timesheets from one file, in two steps. A check
// judges every row by the rules of entering it alone and keeps the rows for 24 hours; an execution judges them again
// and writes all of them or none, once. What a file looks like is rpc/'s business. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "app/call.h"
#include "app/core.h"
#include "app/import_kinds.h"

namespace invoice::app {

// Ids of what an execution brought, in the order of the file; of timesheets, the ids of their customers.
struct Imported {
  std::vector<std::string> ids;
};

class Imports {
 public:
  explicit Imports(Core& core) : core_(core) {}

  using Rows = std::vector<domain::ImportRow>;
  using Import = domain::ImportRecord;

  // NOT_FOUND where the vendor is unknown. Rows that come with faults are kept as they are.
  absl::StatusOr<Outcome<Import>> CheckCustomers(const Call& call, const std::string& vendor_id, const Rows& rows,
                                                 const ReadRow<domain::Customer>& read, const Encode<Import>& encode);
  absl::StatusOr<Outcome<Import>> CheckInvoices(const Call& call, const std::string& vendor_id, const Rows& rows,
                                                const ReadRow<domain::OpeningInvoice>& read,
                                                const Encode<Import>& encode);
  absl::StatusOr<Outcome<Import>> CheckTimesheets(const Call& call, const std::string& vendor_id, const Rows& rows,
                                                  const ReadRow<domain::Timesheet>& read, const Encode<Import>& encode);

  // NOT_FOUND where there is no such import of this kind, or it is too old; FAILED_PRECONDITION with IMPORT_EXECUTED
  // where it was executed already, with IMPORT_FAULTY where a row is at fault, since the check or from the start.
  absl::StatusOr<Outcome<Imported>> ExecuteCustomers(const Call& call, const std::string& id,
                                                     const ReadRow<domain::Customer>& read,
                                                     const Encode<Imported>& encode);
  absl::StatusOr<Outcome<Imported>> ExecuteInvoices(const Call& call, const std::string& id,
                                                    const ReadRow<domain::OpeningInvoice>& read,
                                                    const Encode<Imported>& encode);
  absl::StatusOr<Outcome<Imported>> ExecuteTimesheets(const Call& call, const std::string& id,
                                                      const ReadRow<domain::Timesheet>& read,
                                                      const Encode<Imported>& encode);

 private:
  Core& core_;
};

}  // namespace invoice::app
