#include "app/printed_fields.h"
#include "rpc/change.h"
#include "rpc/convert.h"
#include "rpc/convert_parties.h"
#include "rpc/convert_records.h"
#include "rpc/handlers.h"
#include "rpc/list.h"
#include "rpc/update_mask.h"

namespace invoice::rpc {
namespace {

// The answer to a change, with what should be looked at.
v1::Customer SavedCustomerToProto(const domain::Customer& customer) {
  v1::Customer message = CustomerToProto(customer);
  AddWarnings(app::WarningsOfLocale(customer.locale), message.mutable_warnings());
  return message;
}

absl::StatusOr<v1::Customer> CreateCustomer(app::Customers& customers, Context& context, const v1::Customer& given) {
  const auto read = [&](const domain::Customer& defaults) { return NewCustomerFromProto(given, defaults); };
  return Answer<domain::Customer>(context, SavedCustomerToProto, [&](const auto& encode) {
    return customers.Create(context.call(), given.vendor_id(), read, encode);
  });
}

absl::StatusOr<v1::ListCustomersResponse> ListCustomers(app::Customers& customers, const PageTokens& tokens,
                                                        const v1::ListCustomersRequest& request) {
  ASSIGN_OR_RETURN(const store::PageRequest page, PageOf(tokens, request));
  store::CustomerFilter filter{.vendor_id = request.vendor_id(), .active = {}, .q = request.q()};
  if (request.has_active()) filter.active = request.active();
  ASSIGN_OR_RETURN(const auto found, customers.List(filter, page));
  v1::ListCustomersResponse response;
  for (const domain::Customer& customer : found.records) *response.add_customers() = CustomerToProto(customer);
  SetPage(tokens, request, found, &response);
  return response;
}

// Contract and schedule have methods and etags of their own; "*" means all but them.
absl::Status RefuseParts(const v1::UpdateCustomerRequest& request) {
  constexpr char kExpected[] = "nothing here: it has a method of its own";
  if (request.customer().has_contract()) return base::InvalidField("contract", kExpected);
  if (request.customer().has_schedule()) return base::InvalidField("schedule", kExpected);
  for (const std::string& path : request.update_mask().paths()) {
    const std::string part = path.substr(0, path.find('.'));
    if (part == "contract" || part == "schedule") {
      return base::InvalidField("updateMask", "no path of contract or schedule, which have methods of their own");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Customer> UpdateCustomer(app::Customers& customers, Context& context,
                                            const v1::UpdateCustomerRequest& request) {
  const v1::Customer& given = request.customer();
  RETURN_IF_ERROR(RefuseParts(request));
  ASSIGN_OR_RETURN(const UpdateMask mask, UpdateMask::Read(request.update_mask(), given));
  const auto change = [&](domain::Customer& customer) -> absl::Status {
    v1::Customer merged = CustomerToProto(customer);
    RETURN_IF_ERROR(mask.Merge(given, &merged));
    ApplyCustomer(merged, &customer);  // leaves contract and schedule alone, whatever the mask
    return absl::OkStatus();
  };
  return Answer<domain::Customer>(context, SavedCustomerToProto, [&](const auto& encode) {
    return customers.Update(context.call(), given.id(), given.etag(), change, encode);
  });
}

absl::StatusOr<v1::Customer> SetCustomerActive(app::Customers& customers, Context& context, const std::string& id,
                                               const std::string& etag, bool active) {
  return Answer<domain::Customer>(context, CustomerToProto, [&](const auto& encode) {
    return customers.SetActive(context.call(), id, etag, active, encode);
  });
}

absl::StatusOr<v1::Contract> UpdateContract(app::Customers& customers, Context& context,
                                            const v1::UpdateContractRequest& request) {
  const v1::Contract& given = request.contract();
  ASSIGN_OR_RETURN(const UpdateMask mask, UpdateMask::Read(request.update_mask(), given));
  const auto change = [&](domain::Contract& contract) -> absl::Status {
    v1::Contract merged = ContractToProto(contract);
    RETURN_IF_ERROR(mask.Merge(given, &merged));
    DropOldDays(given, &merged);
    KeepExtraFees(contract, &merged);
    return ApplyContract(merged, "", &contract);
  };
  return Answer<domain::Contract>(context, ContractToProto, [&](const auto& encode) {
    return customers.UpdateContract(context.call(), given.customer_id(), given.etag(), change, encode);
  });
}

absl::StatusOr<v1::Schedule> UpdateSchedule(app::Customers& customers, Context& context,
                                            const v1::UpdateScheduleRequest& request) {
  const v1::Schedule& given = request.schedule();
  ASSIGN_OR_RETURN(const UpdateMask mask, UpdateMask::Read(request.update_mask(), given));
  const auto change = [&](domain::Schedule& schedule) -> absl::Status {
    v1::Schedule merged = ScheduleToProto(schedule);
    RETURN_IF_ERROR(mask.Merge(given, &merged));
    ApplySchedule(merged, &schedule);
    return absl::OkStatus();
  };
  return Answer<domain::Schedule>(context, ScheduleToProto, [&](const auto& encode) {
    return customers.UpdateSchedule(context.call(), given.customer_id(), given.etag(), change, encode);
  });
}

absl::StatusOr<v1::Timesheet> GetTimesheet(app::Customers& customers, const v1::GetTimesheetRequest& request) {
  const absl::CivilDay start = DateIn(request.period_start()).value_or(absl::CivilDay());
  ASSIGN_OR_RETURN(const domain::Timesheet timesheet, customers.GetTimesheet(request.customer_id(), start));
  return TimesheetToProto(timesheet);
}

absl::StatusOr<v1::Timesheet> PutTimesheet(app::Customers& customers, Context& context, const v1::Timesheet& given) {
  const auto read = [&](const domain::Customer& customer) { return TimesheetFromProto(given, customer.contract); };
  const auto convert = [](const app::KeptTimesheet& kept) {
    v1::Timesheet message = TimesheetToProto(kept.timesheet);
    AddWarnings(kept.warnings, message.mutable_warnings());
    return message;
  };
  return Answer<app::KeptTimesheet>(context, convert, [&](const auto& encode) {
    return customers.PutTimesheet(context.call(), given.customer_id(), given.etag(), read, encode);
  });
}

absl::StatusOr<v1::ListTimesheetsResponse> ListTimesheets(app::Customers& customers, const PageTokens& tokens,
                                                          const v1::ListTimesheetsRequest& request) {
  ASSIGN_OR_RETURN(const store::PageRequest page, PageOf(tokens, request));
  ASSIGN_OR_RETURN(const auto found, customers.ListTimesheets(request.customer_id(), page));
  v1::ListTimesheetsResponse response;
  for (const domain::Timesheet& timesheet : found.records) *response.add_timesheets() = TimesheetToProto(timesheet);
  SetPage(tokens, request, found, &response);
  return response;
}

absl::StatusOr<v1::Timesheet> DeleteTimesheet(app::Customers& customers, Context& context,
                                              const v1::DeleteTimesheetRequest& request) {
  const absl::CivilDay start = DateIn(request.period_start()).value_or(absl::CivilDay());
  return Answer<domain::Timesheet>(context, TimesheetToProto, [&](const auto& encode) {
    return customers.DeleteTimesheet(context.call(), request.customer_id(), start, request.etag(), encode);
  });
}

void ServeTimesheets(Api& api, app::Customers& customers, const PageTokens& tokens) {
  api.On("CustomerService/GetTimesheet",
         [&](Context&, const v1::GetTimesheetRequest& request) { return GetTimesheet(customers, request); });
  api.On("CustomerService/PutTimesheet", [&](Context& context, const v1::PutTimesheetRequest& request) {
    return PutTimesheet(customers, context, request.timesheet());
  });
  api.On("CustomerService/ListTimesheets", [&](Context&, const v1::ListTimesheetsRequest& request) {
    return ListTimesheets(customers, tokens, request);
  });
  api.On("CustomerService/DeleteTimesheet", [&](Context& context, const v1::DeleteTimesheetRequest& request) {
    return DeleteTimesheet(customers, context, request);
  });
}

void ServeParts(Api& api, app::Customers& customers) {
  api.On("CustomerService/GetContract",
         [&](Context&, const v1::GetContractRequest& request) -> absl::StatusOr<v1::Contract> {
           ASSIGN_OR_RETURN(const domain::Customer customer, customers.Get(request.customer_id()));
           return ContractToProto(customer.contract);
         });
  api.On("CustomerService/UpdateContract", [&](Context& context, const v1::UpdateContractRequest& request) {
    return UpdateContract(customers, context, request);
  });
  api.On("CustomerService/GetSchedule",
         [&](Context&, const v1::GetScheduleRequest& request) -> absl::StatusOr<v1::Schedule> {
           ASSIGN_OR_RETURN(const domain::Customer customer, customers.Get(request.customer_id()));
           return ScheduleToProto(customer.schedule);
         });
  api.On("CustomerService/UpdateSchedule", [&](Context& context, const v1::UpdateScheduleRequest& request) {
    return UpdateSchedule(customers, context, request);
  });
}

}  // namespace

void ServeCustomers(Api& api, app::Customers& customers, const PageTokens& tokens) {
  api.On("CustomerService/CreateCustomer", [&](Context& context, const v1::CreateCustomerRequest& request) {
    return CreateCustomer(customers, context, request.customer());
  });
  api.On("CustomerService/GetCustomer",
         [&](Context&, const v1::GetCustomerRequest& request) -> absl::StatusOr<v1::Customer> {
           ASSIGN_OR_RETURN(const domain::Customer customer, customers.Get(request.id()));
           return CustomerToProto(customer);
         });
  api.On("CustomerService/ListCustomers",
         [&](Context&, const v1::ListCustomersRequest& request) { return ListCustomers(customers, tokens, request); });
  api.On("CustomerService/UpdateCustomer", [&](Context& context, const v1::UpdateCustomerRequest& request) {
    return UpdateCustomer(customers, context, request);
  });
  api.On("CustomerService/DeleteCustomer", [&](Context& context, const v1::DeleteCustomerRequest& request) {
    return SetCustomerActive(customers, context, request.id(), request.etag(), false);
  });
  api.On("CustomerService/UndeleteCustomer", [&](Context& context, const v1::UndeleteCustomerRequest& request) {
    return SetCustomerActive(customers, context, request.id(), "", true);
  });
  ServeParts(api, customers);
  ServeTimesheets(api, customers, tokens);
}

}  // namespace invoice::rpc
