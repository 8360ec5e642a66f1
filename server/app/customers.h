// Use cases of customers, their contracts, schedules and timesheets. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "app/call.h"
#include "app/core.h"
#include "app/vendors.h"
#include "domain/generation.h"
#include "store/customers.h"

namespace invoice::app {

// A timesheet as it was stored, and what should be looked at although it was.
struct KeptTimesheet {
  domain::Timesheet timesheet;
  std::vector<domain::Warning> warnings;
};

class Customers {
 public:
  explicit Customers(Core& core) : core_(core) {}

  // Creates the customer that `read` makes of a new customer of the vendor with its default contract and schedule:
  // monthly, the vendor's currency, NET 30, no taxes, no rate; billing day 1, anchored today, not enabled. Ids,
  // versions and times are set here. The vendor does not change meanwhile.
  absl::StatusOr<Outcome<domain::Customer>> Create(const Call& call, const std::string& vendor_id,
                                                   const ReadWith<domain::Customer, domain::Customer>& read,
                                                   const Encode<domain::Customer>& encode);
  absl::StatusOr<domain::Customer> Get(const std::string& id);
  absl::StatusOr<store::Page<domain::Customer>> List(const store::CustomerFilter& filter,
                                                     const store::PageRequest& page);
  // Changes fields of the customer itself; contract and schedule have their own calls and etags.
  absl::StatusOr<Outcome<domain::Customer>> Update(const Call& call, const std::string& id, const std::string& etag,
                                                   const Change<domain::Customer>& change,
                                                   const Encode<domain::Customer>& encode);
  absl::StatusOr<Outcome<domain::Customer>> SetActive(const Call& call, const std::string& id, const std::string& etag,
                                                      bool active, const Encode<domain::Customer>& encode);
  // Both recompute the schedule's next run date in the same transaction.
  absl::StatusOr<Outcome<domain::Contract>> UpdateContract(const Call& call, const std::string& customer_id,
                                                           const std::string& etag,
                                                           const Change<domain::Contract>& change,
                                                           const Encode<domain::Contract>& encode);
  absl::StatusOr<Outcome<domain::Schedule>> UpdateSchedule(const Call& call, const std::string& customer_id,
                                                           const std::string& etag,
                                                           const Change<domain::Schedule>& change,
                                                           const Encode<domain::Schedule>& encode);
  // NOT_FOUND where none was entered.
  absl::StatusOr<domain::Timesheet> GetTimesheet(const std::string& customer_id, absl::CivilDay period_start);
  // The latest first.
  absl::StatusOr<store::Page<domain::Timesheet>> ListTimesheets(const std::string& customer_id,
                                                                const store::PageRequest& page);
  // Creates or replaces the timesheet that `read` makes with the customer as it is now, who does not change meanwhile:
  // its amounts are in the currency of the contract. An end before the start is refused. FAILED_PRECONDITION where a
  // day is invoiced already, ALREADY_EXISTS where another timesheet has one of the days.
  absl::StatusOr<Outcome<KeptTimesheet>> PutTimesheet(const Call& call, const std::string& customer_id,
                                                      const std::string& etag,
                                                      const ReadWith<domain::Timesheet, domain::Customer>& read,
                                                      const Encode<KeptTimesheet>& encode);
  // Removes a timesheet of which no day is invoiced; answers it as it was.
  absl::StatusOr<Outcome<domain::Timesheet>> DeleteTimesheet(const Call& call, const std::string& customer_id,
                                                             absl::CivilDay period_start, const std::string& etag,
                                                             const Encode<domain::Timesheet>& encode);

 private:
  Core& core_;
};

}  // namespace invoice::app
