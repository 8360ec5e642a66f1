#include "app/import_rows.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "absl/strings/match.h"
#include "base/field_fault.h"
#include "base/limits.h"
#include "base/status.h"
#include "fmt/format.h"
#include "store/customers.h"

namespace invoice::app {
namespace {

using domain::Customer;
using domain::ImportRow;

std::string ColumnOf(std::string_view field) {
  for (const std::string_view part : {"contract.", "schedule.", "address."}) {
    if (field.starts_with(part)) field.remove_prefix(part.size());
  }
  return std::string(field.substr(0, field.find_first_of(".[")));
}

void Add(ImportRow& row, std::string sentence) {
  const bool is_known = std::find(row.faults.begin(), row.faults.end(), sentence) != row.faults.end();
  if (!is_known && row.faults.size() < base::kMaxFaultsPerImportRow) row.faults.push_back(std::move(sentence));
}

bool IsFaultOfRow(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status) || absl::IsAlreadyExists(status);
}

// The one customer that the text names; nullptr, and a fault, where there is none or more than one.
const Customer* Named(const CustomersOfRows& customers, const std::multimap<std::string, const Customer*>& by_name,
                      ImportRow& row) {
  const auto found = customers.by_id.find(row.customer);
  if (found != customers.by_id.end()) return &found->second;
  const auto [first, last] = by_name.equal_range(row.customer);
  if (first != last && std::next(first) == last) return first->second;
  AddFault(row, "customer",
           first == last ? "the id or the exact name of an active customer of the vendor"
                         : "the id, as several active customers have this name");
  return nullptr;
}

// In order of their ids, as everybody who locks several customers does.
absl::Status LockAll(const ImportScope& scope, CustomersOfRows& customers, std::vector<ImportRow>& rows) {
  std::set<std::string> used;
  for (const Customer* customer : customers.of_row) {
    if (customer != nullptr) used.insert(customer->id);
  }
  for (const std::string& id : used) {
    ASSIGN_OR_RETURN(customers.by_id.at(id), store::Customers(scope.transaction).Lock(id));
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    if (customers.of_row[i] == nullptr || customers.of_row[i]->active) continue;
    AddFault(rows[i], "customer", "the id or the exact name of an active customer of the vendor");
    customers.of_row[i] = nullptr;
  }
  return absl::OkStatus();
}

}  // namespace

void AddFault(ImportRow& row, std::string_view column, std::string_view expected) {
  Add(row, fmt::format("line {}, column {}: {}", row.line, column, base::DescribeFault(expected)));
}

absl::Status AddFaults(const absl::Status& status, ImportRow& row) {
  if (status.ok()) return absl::OkStatus();
  if (!IsFaultOfRow(status)) return status;
  const base::ErrorDetail detail = base::DetailOf(status);
  // A cell that could not be read is a fault already, and what is missing of its field follows from that.
  const std::vector<std::string> known = row.faults;
  for (const base::FieldViolation& field : detail.fields) {
    const std::string column(ColumnOf(field.field));
    const std::string begin = fmt::format("line {}, column {}: ", row.line, column);
    const bool told = std::any_of(known.begin(), known.end(),
                                  [&](const std::string& fault) { return absl::StartsWith(fault, begin); });
    if (!told) AddFault(row, column, field.expected);
  }
  if (detail.fields.empty()) Add(row, fmt::format("line {}: {}", row.line, std::string(status.message())));
  return absl::OkStatus();
}

absl::StatusOr<CustomersOfRows> FindCustomers(const ImportScope& scope, std::vector<ImportRow>& rows) {
  std::set<std::string> names;
  for (const ImportRow& row : rows) {
    if (row.faults.empty()) names.insert(row.customer);
  }
  ASSIGN_OR_RETURN(std::vector<Customer> found,
                   store::Customers(scope.transaction).FindNamed(scope.vendor_id, {names.begin(), names.end()}));
  CustomersOfRows customers;
  for (Customer& customer : found) {
    std::string id = customer.id;
    customers.by_id.emplace(std::move(id), std::move(customer));
  }
  std::multimap<std::string, const Customer*> by_name;
  for (const auto& [id, customer] : customers.by_id) by_name.emplace(customer.name, &customer);
  for (ImportRow& row : rows) {
    customers.of_row.push_back(row.faults.empty() ? Named(customers, by_name, row) : nullptr);
  }
  if (scope.writing) RETURN_IF_ERROR(LockAll(scope, customers, rows));
  return customers;
}

void AddOverlaps(std::vector<DaysOfRow> days, std::vector<ImportRow>& rows) {
  std::sort(days.begin(), days.end(), [](const DaysOfRow& a, const DaysOfRow& b) {
    return std::tie(a.customer_id, a.period.first, a.row) < std::tie(b.customer_id, b.period.first, b.row);
  });
  const DaysOfRow* longest = nullptr;  // of this customer, the one that reaches furthest so far
  for (const DaysOfRow& next : days) {
    const bool is_same = longest != nullptr && longest->customer_id == next.customer_id;
    if (is_same && next.period.first <= longest->period.last) {
      const std::string expected = "days that no other row of the customer has; they are also in line ";
      AddFault(rows[next.row], "periodStart", expected + std::to_string(rows[longest->row].line));
      AddFault(rows[longest->row], "periodStart", expected + std::to_string(rows[next.row].line));
    }
    if (!is_same || longest->period.last < next.period.last) longest = &next;
  }
}

}  // namespace invoice::app
