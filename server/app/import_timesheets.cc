#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "app/import_kinds.h"
#include "app/timesheet_steps.h"
#include "base/status.h"
#include "domain/calendar.h"
#include "store/customers.h"
#include "store/vendors.h"

namespace invoice::app {
namespace {

using domain::Customer;
using domain::ImportRow;
using domain::Timesheet;

// The customers of the file with the first days of their rows: a timesheet that begins on one of these is replaced.
using StartsOfRows = std::set<std::pair<std::string, absl::CivilDay>>;

// What a timesheet of its own would be refused for, and the timesheets that are there.
absl::Status JudgeOne(const ImportScope& scope, const StartsOfRows& starts, TimesheetImport::Record& record,
                      ImportRow& row) {
  const domain::Period& period = record.timesheet.period;
  RETURN_IF_ERROR(CheckTimesheet(scope.core, record.timesheet));
  ASSIGN_OR_RETURN(const std::vector<Timesheet> others,
                   store::Customers(scope.transaction).FindTimesheets(record.customer.id, period));
  for (const Timesheet& other : others) {
    if (other.period.first == period.first) {
      record.before = other;
      row.warnings.push_back({"TIMESHEET_REPLACED", "the timesheet of this period that is there is replaced"});
    } else if (!starts.contains({record.customer.id, other.period.first})) {
      AddFault(row, "periodStart",
               absl::StrCat("days that no other timesheet has; there is one from ",
                            domain::FormatDate(other.period.first), " to ", domain::FormatDate(other.period.last)));
    }
  }
  RETURN_IF_ERROR(CheckNotInvoiced(scope.transaction, record.timesheet, record.before));
  ASSIGN_OR_RETURN(const std::vector<domain::Warning> warnings,
                   WarningsOf(scope.transaction, record.customer, record.timesheet));
  row.warnings.insert(row.warnings.end(), warnings.begin(), warnings.end());
  return absl::OkStatus();
}

}  // namespace

Judged<TimesheetImport::Record> TimesheetImport::Judge(const ImportScope& scope, std::vector<ImportRow>& rows,
                                                       const ReadRow<Timesheet>& read) {
  RETURN_IF_ERROR(store::Vendors(scope.transaction).Get(scope.vendor_id).status());
  ASSIGN_OR_RETURN(const CustomersOfRows customers, FindCustomers(scope, rows));
  std::vector<std::optional<Record>> records(rows.size());
  std::vector<DaysOfRow> days;
  StartsOfRows starts;
  for (size_t i = 0; i < rows.size(); ++i) {
    const Customer* customer = customers.of_row[i];
    if (customer == nullptr) continue;
    absl::StatusOr<Timesheet> timesheet = read(rows[i].content, *customer);
    RETURN_IF_ERROR(AddFaults(timesheet.status(), rows[i]));
    if (!timesheet.ok()) continue;
    days.push_back({.row = i, .customer_id = customer->id, .period = timesheet->period});
    starts.emplace(customer->id, timesheet->period.first);
    records[i] = Record{.customer = *customer, .timesheet = *std::move(timesheet)};
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    if (records[i]) RETURN_IF_ERROR(AddFaults(JudgeOne(scope, starts, *records[i], rows[i]), rows[i]));
  }
  AddOverlaps(std::move(days), rows);
  return records;
}

// Those that become shorter come first: others may have the days that they leave.
Written TimesheetImport::Write(const ImportScope& scope, const std::vector<std::optional<Record>>& records) {
  std::vector<const Record*> order;
  for (const std::optional<Record>& record : records) order.push_back(&*record);
  std::stable_partition(order.begin(), order.end(), [](const Record* record) {
    return record->before && record->timesheet.period.last < record->before->period.last;
  });
  std::vector<std::string> customer_ids;
  for (const Record* record : order) {
    RETURN_IF_ERROR(
        StoreTimesheet(scope.core, scope.transaction, scope.call, record->customer, record->timesheet, record->before)
            .status());
    customer_ids.push_back(record->customer.id);
  }
  return customer_ids;
}

}  // namespace invoice::app
