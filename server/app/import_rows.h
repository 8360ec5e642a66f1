// What imports of all kinds share: how a fault of a row is said, how the customer of a row is found, and which rows
// meet on one day. Values of the file are never repeated. Only rpc/imports.cc and the import_*.cc use it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/call.h"
#include "app/core.h"
#include "domain/import_record.h"
#include "domain/parties.h"
#include "store/database.h"

namespace invoice::app {

// Where an import is judged or executed.
struct ImportScope {
  Core& core;
  store::Transaction& transaction;
  const Call& call;
  std::string vendor_id;
  bool writing = false;  // the rows are written afterwards: what they depend on is locked
};

// "line 12, column email: expected an email address"
void AddFault(domain::ImportRow& row, std::string_view column, std::string_view expected);
// Adds what the status says about the row, each field under its column ("contract.taxes[0].rate" is in "taxes"). The
// answer is not OK where the status is no fault of the row, but of the system.
absl::Status AddFaults(const absl::Status& status, domain::ImportRow& row);

// The customer of each row, found by id or exact name.
struct CustomersOfRows {
  std::map<std::string, domain::Customer> by_id;
  std::vector<const domain::Customer*> of_row;  // nullptr where the row is faulty
};
absl::StatusOr<CustomersOfRows> FindCustomers(const ImportScope& scope, std::vector<domain::ImportRow>& rows);

// Days that a row claims for its customer.
struct DaysOfRow {
  size_t row = 0;  // its place in the file
  std::string customer_id;
  domain::Period period;
};
// Both rows of each meeting get a fault that names the other.
void AddOverlaps(std::vector<DaysOfRow> days, std::vector<domain::ImportRow>& rows);

}  // namespace invoice::app
