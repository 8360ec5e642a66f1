#include "app/customers.h"

#include <map>

#include "app/customer_steps.h"
#include "app/once.h"
#include "app/printed_fields.h"
#include "app/timesheet_steps.h"
#include "app/today.h"
#include "base/id.h"
#include "base/limits.h"
#include "domain/billing.h"
#include "domain/calendar.h"
#include "domain/numbers.h"
#include "domain/schedule.h"
#include "domain/totals.h"
#include "store/invoices.h"
#include "store/json.h"
#include "store/vendors.h"

namespace invoice::app {
namespace {

using domain::Contract;
using domain::Customer;
using domain::Schedule;
using domain::Timesheet;

// Whether a change moves the next run.
bool SameRuns(const Customer& a, const Customer& b) {
  return domain::SameDueDates(domain::RuleOf(a), domain::RuleOf(b)) && a.schedule.enabled == b.schedule.enabled &&
         a.schedule.time_zone == b.schedule.time_zone && a.contract.end_date == b.contract.end_date;
}

// The customer as if its schedule had been off until now.
Customer Off(Customer customer) {
  customer.schedule.enabled = false;
  return customer;
}

// The end of the last period that was billed by the schedule or by hand for it; none where there was none.
absl::StatusOr<std::optional<absl::CivilDay>> LastBilled(store::Transaction& transaction, const Customer& customer,
                                                         absl::CivilDay today) {
  if (customer.schedule.handled_through) return customer.schedule.handled_through;
  return store::Invoices(transaction).LastClaimedDay(customer.id, today);
}

absl::Status RescheduleFrom(const Core& core, store::Transaction& transaction, const Customer& before,
                            Customer& after) {
  ASSIGN_OR_RETURN(const absl::CivilDay today, LocalToday(core, after.schedule.time_zone));
  ASSIGN_OR_RETURN(const std::optional<absl::CivilDay> last_billed, LastBilled(transaction, before, today));
  domain::Reschedule(before, after, today, last_billed);
  return absl::OkStatus();
}

absl::Status CheckContract(const Contract& contract) {
  if (!contract.number_pattern.empty()) {
    const absl::Status status = domain::NumberPattern::Parse(contract.number_pattern).status();
    if (!status.ok()) return base::InvalidField("contract.numberPattern", std::string(status.message()));
  }
  if (contract.start_date && contract.end_date && *contract.end_date < *contract.start_date) {
    return base::InvalidField("contract.endDate", "a date on or after startDate");
  }
  if (contract.taxes.size() > base::kMaxTaxesPerInvoice) {
    return base::InvalidField("contract.taxes", "at most " + std::to_string(base::kMaxTaxesPerInvoice) + " taxes");
  }
  return domain::CheckTaxes(contract.taxes, "contract.taxes");
}

absl::Status CheckCustomerActive(const Customer& customer) {
  if (customer.active) return absl::OkStatus();
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kCustomerInactive,
                       "the customer is deactivated; undelete it first", {{"customerId", customer.id}});
}

// A schedule can only run over a contract that can be billed.
absl::Status CheckEnabled(const Customer& customer) {
  if (!customer.schedule.enabled || customer.contract.rate_per_hour) return absl::OkStatus();
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kContractIncomplete,
                       "the contract has no rate; give it one before the schedule is enabled",
                       {{"missing", "ratePerHour"}});
}

// A fault inside the contract, named as the caller of contract methods sees it.
absl::Status WithoutPrefix(absl::Status status) {
  if (status.ok()) return status;
  std::vector<base::FieldViolation> fields = base::DetailOf(status).fields;
  constexpr std::string_view kPrefix = "contract.";
  for (base::FieldViolation& field : fields) {
    if (field.field.starts_with(kPrefix)) field.field.erase(0, kPrefix.size());
  }
  return base::InvalidFields(std::move(fields));
}

// Whether a change of the contract can change what is to be said about timesheets.
bool SameForTimesheets(const Contract& a, const Contract& b) {
  return a.start_date == b.start_date && a.end_date == b.end_date && a.currency_code == b.currency_code &&
         a.require_timesheet == b.require_timesheet;
}

// Ids and dates of a customer that is not stored yet.
absl::Status PrepareNew(Core& core, Customer& customer) {
  ASSIGN_OR_RETURN(const absl::CivilDay today, LocalToday(core, customer.schedule.time_zone));
  customer.id = base::NewId(core.clock);
  customer.active = true;
  if (customer.schedule.anchor_date == absl::CivilDay()) customer.schedule.anchor_date = today;
  customer.schedule.last_run_date.reset();
  customer.schedule.handled_through.reset();
  customer.schedule.transition.reset();
  domain::Reschedule(Off(customer), customer, today, std::nullopt);
  return absl::OkStatus();
}

}  // namespace

Customer NewCustomerOf(const domain::Vendor& vendor) {
  Customer customer;
  customer.vendor_id = vendor.id;
  customer.contract.currency_code = vendor.currency_code;
  return customer;
}

absl::Status CheckNewCustomer(const Core& core, const Customer& customer) {
  RETURN_IF_ERROR(CheckPrintedFields(core, customer));
  RETURN_IF_ERROR(CheckPrintedFields(core, customer.contract, "contract."));
  RETURN_IF_ERROR(CheckContract(customer.contract));
  return CheckEnabled(customer);
}

absl::StatusOr<std::vector<Customer>> StoreNewCustomers(Core& core, store::Transaction& transaction, const Call& call,
                                                        std::vector<Customer> customers) {
  std::vector<std::string> ids;
  for (Customer& customer : customers) {
    RETURN_IF_ERROR(PrepareNew(core, customer));
    ids.push_back(customer.id);
  }
  store::Customers store(transaction);
  RETURN_IF_ERROR(store.InsertAll(customers, core.clock.Now()));
  ASSIGN_OR_RETURN(const std::vector<Customer> stored, store.GetAll(ids));
  std::map<std::string, const Customer*> by_id;
  for (const Customer& customer : stored) by_id[customer.id] = &customer;
  std::vector<Customer> created;
  std::vector<Audited> changes;
  for (const std::string& id : ids) {
    const Customer& customer = *by_id.at(id);
    changes.push_back({customer.vendor_id, "create", "customer", id, "", store::ToJson(customer)});
    created.push_back(customer);
  }
  RETURN_IF_ERROR(AuditAll(core, transaction, call, changes));
  return created;
}

absl::StatusOr<Outcome<Customer>> Customers::Create(const Call& call, const std::string& vendor_id,
                                                    const ReadWith<Customer, Customer>& read,
                                                    const Encode<Customer>& encode) {
  return Once<Customer>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<Customer> {
    ASSIGN_OR_RETURN(const domain::Vendor vendor, store::Vendors(transaction).Share(vendor_id));
    RETURN_IF_ERROR(CheckActive(vendor));
    ASSIGN_OR_RETURN(const Customer customer, read(NewCustomerOf(vendor)));
    RETURN_IF_ERROR(CheckNewCustomer(core_, customer));
    ASSIGN_OR_RETURN(std::vector<Customer> created, StoreNewCustomers(core_, transaction, call, {customer}));
    return std::move(created.front());
  });
}

absl::StatusOr<Customer> Customers::Get(const std::string& id) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  return store::Customers(transaction).Get(id);
}

absl::StatusOr<store::Page<Customer>> Customers::List(const store::CustomerFilter& filter,
                                                      const store::PageRequest& page) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  return store::Customers(transaction).List(filter, page);
}

absl::StatusOr<Outcome<Customer>> Customers::Update(const Call& call, const std::string& id, const std::string& etag,
                                                    const Change<Customer>& change, const Encode<Customer>& encode) {
  return Once<Customer>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<Customer> {
    store::Customers customers(transaction);
    ASSIGN_OR_RETURN(const Customer before, customers.Lock(id));
    RETURN_IF_ERROR(CheckEtag(etag, before.version));
    RETURN_IF_ERROR(CheckCustomerActive(before));
    Customer after = before;
    RETURN_IF_ERROR(change(after));
    RETURN_IF_ERROR(CheckPrintedFields(core_, after));
    RETURN_IF_ERROR(customers.Update(after, core_.clock.Now()));
    ASSIGN_OR_RETURN(Customer updated, customers.Get(id));
    RETURN_IF_ERROR(Audit(core_, transaction, call,
                          {before.vendor_id, "update", "customer", id, store::ToJson(before), store::ToJson(updated)}));
    return updated;
  });
}

absl::StatusOr<Outcome<Customer>> Customers::SetActive(const Call& call, const std::string& id, const std::string& etag,
                                                       bool active, const Encode<Customer>& encode) {
  return Once<Customer>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<Customer> {
    store::Customers customers(transaction);
    ASSIGN_OR_RETURN(const Customer before, customers.Lock(id));
    RETURN_IF_ERROR(CheckEtag(etag, before.version));
    if (before.active == active) return before;
    if (active) {
      ASSIGN_OR_RETURN(const domain::Vendor vendor, store::Vendors(transaction).Get(before.vendor_id));
      RETURN_IF_ERROR(CheckActive(vendor));
    }
    Customer after = before;
    after.active = active;
    RETURN_IF_ERROR(customers.Update(after, core_.clock.Now()));
    if (before.schedule.enabled) {
      // While it is deactivated nothing is due; what would have been due meanwhile is not made up for.
      after.schedule.enabled = active;
      RETURN_IF_ERROR(RescheduleFrom(core_, transaction, Off(before), after));
      after.schedule.enabled = true;
      RETURN_IF_ERROR(customers.UpdateSchedule(after, core_.clock.Now()));
    }
    ASSIGN_OR_RETURN(Customer updated, customers.Get(id));
    RETURN_IF_ERROR(Audit(core_, transaction, call,
                          {before.vendor_id, active ? "undelete" : "delete", "customer", id, store::ToJson(before),
                           store::ToJson(updated)}));
    return updated;
  });
}

absl::StatusOr<Outcome<Contract>> Customers::UpdateContract(const Call& call, const std::string& customer_id,
                                                            const std::string& etag, const Change<Contract>& change,
                                                            const Encode<Contract>& encode) {
  return Once<Contract>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<Contract> {
    store::Customers customers(transaction);
    ASSIGN_OR_RETURN(const Customer before, customers.Lock(customer_id));
    RETURN_IF_ERROR(CheckEtag(etag, before.contract.version));
    RETURN_IF_ERROR(CheckCustomerActive(before));
    Customer after = before;
    RETURN_IF_ERROR(change(after.contract));
    RETURN_IF_ERROR(WithoutPrefix(CheckContract(after.contract)));
    RETURN_IF_ERROR(CheckPrintedFields(core_, after.contract, ""));
    RETURN_IF_ERROR(CheckEnabled(after));
    const absl::Time now = core_.clock.Now();
    RETURN_IF_ERROR(customers.UpdateContract(after, now));
    if (!SameRuns(before, after)) {
      RETURN_IF_ERROR(RescheduleFrom(core_, transaction, before, after));
      RETURN_IF_ERROR(customers.UpdateSchedule(after, now));
    }
    ASSIGN_OR_RETURN(const Customer updated, customers.Get(customer_id));
    if (!SameForTimesheets(before.contract, updated.contract)) {
      RETURN_IF_ERROR(RejudgeHeld(core_, transaction, call, updated, {domain::kFirstDay, domain::kLastDay}));
    }
    if (updated.schedule.version != before.schedule.version) {
      RETURN_IF_ERROR(Audit(core_, transaction, call,
                            {before.vendor_id, "update", "schedule", customer_id, store::ToJson(before.schedule),
                             store::ToJson(updated.schedule)}));
    }
    RETURN_IF_ERROR(Audit(core_, transaction, call,
                          {before.vendor_id, "update", "contract", customer_id, store::ToJson(before.contract),
                           store::ToJson(updated.contract)}));
    return updated.contract;
  });
}

absl::StatusOr<Outcome<Schedule>> Customers::UpdateSchedule(const Call& call, const std::string& customer_id,
                                                            const std::string& etag, const Change<Schedule>& change,
                                                            const Encode<Schedule>& encode) {
  return Once<Schedule>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<Schedule> {
    store::Customers customers(transaction);
    ASSIGN_OR_RETURN(const Customer before, customers.Lock(customer_id));
    RETURN_IF_ERROR(CheckEtag(etag, before.schedule.version));
    RETURN_IF_ERROR(CheckCustomerActive(before));
    Customer after = before;
    RETURN_IF_ERROR(change(after.schedule));
    RETURN_IF_ERROR(CheckEnabled(after));
    const absl::Time now = core_.clock.Now();
    if (!SameRuns(before, after)) RETURN_IF_ERROR(RescheduleFrom(core_, transaction, before, after));
    RETURN_IF_ERROR(customers.UpdateSchedule(after, now));
    ASSIGN_OR_RETURN(const Customer updated, customers.Get(customer_id));
    RETURN_IF_ERROR(Audit(core_, transaction, call,
                          {before.vendor_id, "update", "schedule", customer_id, store::ToJson(before.schedule),
                           store::ToJson(updated.schedule)}));
    return updated.schedule;
  });
}

absl::StatusOr<Timesheet> Customers::GetTimesheet(const std::string& customer_id, absl::CivilDay period_start) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  store::Customers customers(transaction);
  RETURN_IF_ERROR(customers.Get(customer_id).status());
  ASSIGN_OR_RETURN(const std::optional<Timesheet> timesheet, customers.FindTimesheet(customer_id, period_start));
  if (!timesheet) return base::NotFound("timesheet", customer_id + "/" + store::ToText(period_start));
  return *timesheet;
}

absl::StatusOr<store::Page<Timesheet>> Customers::ListTimesheets(const std::string& customer_id,
                                                                 const store::PageRequest& page) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  store::Customers customers(transaction);
  RETURN_IF_ERROR(customers.Get(customer_id).status());
  return customers.ListTimesheets(customer_id, page);
}

absl::StatusOr<Outcome<KeptTimesheet>> Customers::PutTimesheet(const Call& call, const std::string& customer_id,
                                                               const std::string& etag,
                                                               const ReadWith<Timesheet, Customer>& read,
                                                               const Encode<KeptTimesheet>& encode) {
  return Once<KeptTimesheet>(
      core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<KeptTimesheet> {
        store::Customers customers(transaction);
        ASSIGN_OR_RETURN(const Customer customer, customers.Lock(customer_id));
        ASSIGN_OR_RETURN(const Timesheet timesheet, read(customer));
        RETURN_IF_ERROR(CheckTimesheet(core_, timesheet));
        ASSIGN_OR_RETURN(const std::optional<Timesheet> before,
                         customers.FindTimesheet(customer.id, timesheet.period.first));
        RETURN_IF_ERROR(CheckEtag(etag, before ? before->version : 0));
        RETURN_IF_ERROR(CheckNotInvoiced(transaction, timesheet, before));
        RETURN_IF_ERROR(CheckNoOverlap(transaction, timesheet));
        KeptTimesheet kept;
        ASSIGN_OR_RETURN(kept.warnings, WarningsOf(transaction, customer, timesheet));
        ASSIGN_OR_RETURN(kept.timesheet, StoreTimesheet(core_, transaction, call, customer, timesheet, before));
        return kept;
      });
}

absl::StatusOr<Outcome<Timesheet>> Customers::DeleteTimesheet(const Call& call, const std::string& customer_id,
                                                              absl::CivilDay period_start, const std::string& etag,
                                                              const Encode<Timesheet>& encode) {
  return Once<Timesheet>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<Timesheet> {
    store::Customers customers(transaction);
    ASSIGN_OR_RETURN(const Customer customer, customers.Lock(customer_id));
    ASSIGN_OR_RETURN(const std::optional<Timesheet> found, customers.FindTimesheet(customer_id, period_start));
    if (!found) return base::NotFound("timesheet", customer_id + "/" + store::ToText(period_start));
    RETURN_IF_ERROR(CheckEtag(etag, found->version));
    RETURN_IF_ERROR(CheckNotInvoiced(transaction, *found, std::nullopt));
    RETURN_IF_ERROR(RemoveTimesheet(core_, transaction, call, customer, *found));
    return *found;
  });
}

}  // namespace invoice::app
