// Schedules as the scheduler and batch runs look for them. Belongs to the transaction it was made with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/billing.h"
#include "store/database.h"

namespace invoice::store {

// When a customer of a time zone comes due next.
struct ZoneDue {
  std::string time_zone;
  absl::CivilDay next_run_date;
};

// What decides whether a customer is due on a date.
struct RuledCustomer {
  std::string customer_id;
  bool active = false;
  bool enabled = false;
  domain::ScheduleRule rule;
  std::optional<absl::CivilDay> next_run_date;
  std::optional<absl::CivilDay> transition_due;
};

// Which customers a batch looks at.
struct CustomerScope {
  std::string vendor_id;                  // empty: of all
  std::vector<std::string> customer_ids;  // empty: all
};

class DueSchedules {
 public:
  explicit DueSchedules(Transaction& transaction) : transaction_(transaction) {}

  // The earliest due date of each time zone that has one.
  absl::StatusOr<std::vector<ZoneDue>> NextOfZones();
  // Customers of the zone whose enabled schedules are due up to `today`, oldest due date first.
  absl::StatusOr<std::vector<std::string>> Find(const std::string& time_zone, absl::CivilDay today, int limit);
  // The schedules of customers, whose rows are held until the end of the transaction; those that are there, in the
  // order of their ids.
  absl::StatusOr<std::vector<domain::DueSchedule>> LockAll(const std::vector<std::string>& customer_ids);
  // Writes last and next run, what is handled and the transition; the version stays, as nobody changed the schedule.
  absl::Status Advance(const std::vector<domain::DueSchedule>& schedules);
  // The next customers in scope after that id, in the order of their ids.
  absl::StatusOr<std::vector<RuledCustomer>> Rules(const CustomerScope& scope, const std::string& after, int limit);

 private:
  Transaction& transaction_;
};

}  // namespace invoice::store
