// Rows of customers with their contract and schedule, and of timesheets. Belongs to the transaction it was made with.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "domain/parties.h"
#include "store/database.h"
#include "store/page.h"

namespace invoice::store {

struct CustomerFilter {
  std::string vendor_id;  // empty: of all vendors
  std::optional<bool> active;
  std::string q;  // part of the name or the email address; empty: all
};

// Rows with the columns of a timesheet, of a schedule.
domain::Timesheet ReadTimesheet(const Row& row);
domain::Schedule ReadSchedule(const Row& row);

class Customers {
 public:
  explicit Customers(Transaction& transaction) : transaction_(transaction) {}

  // With their contracts and schedules.
  absl::Status InsertAll(const std::vector<domain::Customer>& customers, absl::Time now);
  // Each writes all columns of its own row and the next version; the customer must be locked by this transaction.
  absl::Status Update(const domain::Customer& customer, absl::Time now);
  absl::Status UpdateContract(const domain::Customer& customer, absl::Time now);
  absl::Status UpdateSchedule(const domain::Customer& customer, absl::Time now);

  // NOT_FOUND where there is none.
  absl::StatusOr<domain::Customer> Get(const std::string& id);
  // The same, holding the rows of customer, contract and schedule until the end of the transaction.
  absl::StatusOr<domain::Customer> Lock(const std::string& id);
  // Holds the customers' rows, which every change of contract or schedule locks first, until the end of the
  // transaction. Those that are there; read afterwards, which sees what others did until then.
  absl::Status LockAll(const std::vector<std::string>& ids);
  // For calls, before LockAll: bounds how many of them wait for one customer (store/row_gates.h). Lock does it itself.
  absl::Status EnterGates(const std::vector<std::string>& ids);
  // The same without waiting: the ids of those that no other transaction holds.
  absl::StatusOr<std::set<std::string>> LockFree(const std::vector<std::string>& ids);
  // By id, how many bytes of long texts their documents of about that day may print.
  absl::StatusOr<std::map<std::string, int64_t>> Weights(const std::vector<std::string>& ids, absl::CivilDay day);
  // Those that are there, in the order of their ids.
  absl::StatusOr<std::vector<domain::Customer>> GetAll(const std::vector<std::string>& ids);
  // By name.
  absl::StatusOr<Page<domain::Customer>> List(const CustomerFilter& filter, const PageRequest& page);

  // The active ones of the vendor whose id or exact name is among the texts.
  absl::StatusOr<std::vector<domain::Customer>> FindNamed(const std::string& vendor_id,
                                                          const std::vector<std::string>& names);
  // Those of the names and email addresses that a customer of the vendor has, active or not, whatever the case.
  absl::StatusOr<std::vector<std::string>> FindAlike(const std::string& vendor_id,
                                                     const std::vector<std::string>& names,
                                                     const std::vector<std::string>& emails);
  // Active customers whose schedule is enabled, the one that is billed next first. An empty vendor is all of them.
  absl::StatusOr<Page<domain::Customer>> ListUpcoming(const std::string& vendor_id, const PageRequest& page);
  // By customer, the timesheets that have a day of its period, in order.
  absl::StatusOr<std::map<std::string, std::vector<domain::Timesheet>>> FindTimesheets(
      const std::map<std::string, domain::Period>& periods);

  absl::StatusOr<std::optional<domain::Timesheet>> FindTimesheet(const std::string& customer_id, absl::CivilDay start);
  // Those that hold a day of the period, in order.
  absl::StatusOr<std::vector<domain::Timesheet>> FindTimesheets(const std::string& customer_id,
                                                                const domain::Period& period);
  // The latest first.
  absl::StatusOr<Page<domain::Timesheet>> ListTimesheets(const std::string& customer_id, const PageRequest& page);
  absl::Status DeleteTimesheet(const std::string& customer_id, absl::CivilDay start);
  absl::Status PutTimesheet(const std::string& vendor_id, const domain::Timesheet& timesheet, absl::Time now);

 private:
  Transaction& transaction_;
};

}  // namespace invoice::store
