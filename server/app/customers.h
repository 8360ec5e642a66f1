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

  // The record of a new customer of the vendor with its default contract and schedule, before the client's own fields
  // are merged in: monthly, the vendor's currency, NET 30, no taxes, no rate; billing day 1, anchored today, not
  // enabled.
  absl::StatusOr<domain::Customer> Defaults(const std::string& vendor_id);
  // Creates the customer with contract and schedule as given (start from Defaults). Ids, versions and times are set
  // here.
  absl::StatusOr<Outcome<domain::Customer>> Create(const Call& call, domain::Customer customer,
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
  // Creates or replaces the timesheet that begins on timesheet.period.first. An end before the start is refused.
  // FAILED_PRECONDITION where a day is invoiced already, ALREADY_EXISTS where another timesheet has one of the days.
  absl::StatusOr<Outcome<KeptTimesheet>> PutTimesheet(const Call& call, domain::Timesheet timesheet,
                                                      const std::string& etag, const Encode<KeptTimesheet>& encode);
  // Removes a timesheet of which no day is invoiced; answers it as it was.
  absl::StatusOr<Outcome<domain::Timesheet>> DeleteTimesheet(const Call& call, const std::string& customer_id,
                                                             absl::CivilDay period_start, const std::string& etag,
                                                             const Encode<domain::Timesheet>& encode);

 private:
  Core& core_;
};

}  // namespace invoice::app
