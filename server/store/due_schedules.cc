#include "store/due_schedules.h"

#include "base/status.h"
#include "store/copy_rows.h"
#include "store/customers.h"
#include "store/statements.h"

namespace invoice::store {

absl::StatusOr<std::vector<ZoneDue>> DueSchedules::NextOfZones() {
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kScheduleNextDue, {}));
  std::vector<ZoneDue> zones;
  for (const Row& row : rows) {
    zones.push_back({.time_zone = row.Text("time_zone"), .next_run_date = row.Day("next_run_on")});
  }
  return zones;
}

absl::StatusOr<std::vector<std::string>> DueSchedules::Find(const std::string& time_zone, absl::CivilDay today,
                                                            int limit) {
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kScheduleDueFind,
                                                       {{"time_zone", time_zone}, {"today", today}, {"limit", limit}}));
  std::vector<std::string> ids;
  for (const Row& row : rows) ids.push_back(row.Text("customer_id"));
  return ids;
}

absl::StatusOr<std::vector<domain::DueSchedule>> DueSchedules::LockAll(const std::vector<std::string>& customer_ids) {
  RETURN_IF_ERROR(Customers(transaction_).LockAll(customer_ids));
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kScheduleGetAll, {{"ids", ArrayText(customer_ids)}}));
  std::vector<domain::DueSchedule> schedules;
  schedules.reserve(rows.size());
  for (const Row& row : rows) {
    schedules.push_back({.customer_id = row.Text("id"),
                         .active = row.Bool("active"),
                         .frequency = domain::Parse<domain::Frequency>(row.Text("frequency")).value(),
                         .start_date = row.OptionalDay("start_on"),
                         .end_date = row.OptionalDay("end_on"),
                         .schedule = ReadSchedule(row)});
  }
  return schedules;
}

absl::Status DueSchedules::Advance(const std::vector<domain::DueSchedule>& schedules) {
  if (schedules.empty()) return absl::OkStatus();
  std::vector<std::string> ids;
  std::vector<std::optional<absl::CivilDay>> last;
  std::vector<std::optional<absl::CivilDay>> next;
  std::vector<std::optional<absl::CivilDay>> handled;
  std::vector<bool> keeps_transition;
  for (const domain::DueSchedule& due : schedules) {
    ids.push_back(due.customer_id);
    last.push_back(due.schedule.last_run_date);
    next.push_back(due.schedule.next_run_date);
    handled.push_back(due.schedule.handled_through);
    keeps_transition.push_back(due.schedule.transition.has_value());
  }
  return transaction_
      .Execute(sql::kScheduleAdvanceAll, {{"ids", ArrayText(ids)},
                                          {"last", ArrayText(last)},
                                          {"next", ArrayText(next)},
                                          {"handled", ArrayText(handled)},
                                          {"keeps_transition", ArrayText(keeps_transition)}})
      .status();
}

absl::StatusOr<std::vector<RuledCustomer>> DueSchedules::Rules(const CustomerScope& scope, const std::string& after,
                                                               int limit) {
  const auto ids = scope.customer_ids.empty() ? std::nullopt : std::optional(ArrayText(scope.customer_ids));
  ASSIGN_OR_RETURN(
      const Rows rows,
      transaction_.Query(
          sql::kScheduleRules,
          {{"vendor_id", NullIfEmpty(scope.vendor_id)}, {"ids", ids}, {"after", after}, {"limit", limit}}));
  std::vector<RuledCustomer> customers;
  customers.reserve(rows.size());
  for (const Row& row : rows) {
    customers.push_back({.customer_id = row.Text("id"),
                         .active = row.Bool("active"),
                         .enabled = row.Bool("enabled"),
                         .rule = {.frequency = domain::Parse<domain::Frequency>(row.Text("frequency")).value(),
                                  .billing_weekday = static_cast<int>(row.Int("billing_weekday")),
                                  .anchor = row.Day("anchor_on"),
                                  .billing_day = static_cast<int>(row.Int("billing_day"))},
                         .next_run_date = row.OptionalDay("next_run_on"),
                         .transition_due = row.OptionalDay("transition_due_on")});
  }
  return customers;
}

}  // namespace invoice::store
