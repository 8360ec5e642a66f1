#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "app/customer_steps.h"
#include "app/import_kinds.h"
#include "app/printed_fields.h"
#include "base/internet_names.h"
#include "base/status.h"
#include "store/customers.h"
#include "store/vendors.h"

namespace invoice::app {
namespace {

using domain::Customer;
using domain::ImportRow;

using CustomerRecords = std::vector<std::optional<Customer>>;
using Text = std::string Customer::*;

// Warns where the text is in an earlier row or with a customer that is there.
void WarnOfAlike(const CustomerRecords& records, Text text, const std::set<std::string>& known, const std::string& code,
                 const std::string& noun, std::vector<ImportRow>& rows) {
  std::map<std::string, int> lines;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!records[i] || ((*records[i]).*text).empty()) continue;
    const std::string& own = (*records[i]).*text;
    if (known.contains(own)) {
      rows[i].warnings.push_back({code, absl::StrCat("a customer with this ", noun, " is there already")});
    }
    const auto [entry, is_new] = lines.emplace(base::AddressKey(own), rows[i].line);
    if (!is_new) {
      rows[i].warnings.push_back({code, absl::StrCat("line ", entry->second, " has the same ", noun)});
    }
  }
}

absl::Status WarnOfAlike(const ImportScope& scope, const CustomerRecords& records, std::vector<ImportRow>& rows) {
  std::vector<std::string> names;
  std::vector<std::string> emails;
  for (const std::optional<Customer>& record : records) {
    if (!record) continue;
    names.push_back(record->name);
    if (!record->email.empty()) emails.push_back(record->email);
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> found,
                   store::Customers(scope.transaction).FindAlike(scope.vendor_id, names, emails));
  const std::set<std::string> known(found.begin(), found.end());
  WarnOfAlike(records, &Customer::name, known, "CUSTOMER_OF_SAME_NAME", "name", rows);
  WarnOfAlike(records, &Customer::email, known, "CUSTOMER_OF_SAME_EMAIL", "email address", rows);
  return absl::OkStatus();
}

}  // namespace

Judged<Customer> CustomerImport::Judge(const ImportScope& scope, std::vector<ImportRow>& rows,
                                       const ReadRow<Customer>& read) {
  ASSIGN_OR_RETURN(const domain::Vendor vendor, store::Vendors(scope.transaction).Share(scope.vendor_id));
  RETURN_IF_ERROR(CheckActive(vendor));
  const Customer defaults = NewCustomerOf(vendor);
  CustomerRecords records(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].faults.empty()) continue;
    absl::StatusOr<Customer> customer = read(rows[i].content, defaults);
    RETURN_IF_ERROR(AddFaults(customer.status(), rows[i]));
    if (!customer.ok()) continue;
    RETURN_IF_ERROR(AddFaults(CheckNewCustomer(scope.core, *customer), rows[i]));
    if (!rows[i].faults.empty()) continue;
    for (domain::Warning& warning : WarningsOfLocale(customer->locale)) rows[i].warnings.push_back(std::move(warning));
    records[i] = *std::move(customer);
  }
  if (!scope.writing) RETURN_IF_ERROR(WarnOfAlike(scope, records, rows));
  return records;
}

Written CustomerImport::Write(const ImportScope& scope, const CustomerRecords& records) {
  std::vector<Customer> customers;
  for (const std::optional<Customer>& record : records) customers.push_back(*record);
  ASSIGN_OR_RETURN(const std::vector<Customer> created,
                   StoreNewCustomers(scope.core, scope.transaction, scope.call, std::move(customers)));
  std::vector<std::string> ids;
  for (const Customer& customer : created) ids.push_back(customer.id);
  return ids;
}

}  // namespace invoice::app
