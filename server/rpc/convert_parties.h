// Vendors, customers, contracts, schedules and timesheets between the domain and the API. `...ToProto` makes the
// message that answers carry; `Apply...` takes over from a whole message what a client may set, with the defaults of
// the API where a field is empty. `path` is what stands before a field's name in an error ("contract."). Pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "domain/parties.h"
#include "invoice/v1/common.pb.h"
#include "invoice/v1/customers.pb.h"
#include "invoice/v1/vendors.pb.h"

namespace invoice::rpc {

v1::Address AddressToProto(const domain::Address& address);
domain::Address AddressFromProto(const v1::Address& address);
v1::BankDetails BankToProto(const domain::BankDetails& bank);
domain::BankDetails BankFromProto(const v1::BankDetails& bank);
v1::Tax TaxToProto(const domain::Tax& tax);
v1::PaymentTerms TermsToProto(const domain::PaymentTerms& terms);

// INVALID_ARGUMENT where a STANDARD tax has no rate.
absl::StatusOr<std::vector<domain::Tax>> TaxesFromProto(const google::protobuf::RepeatedPtrField<v1::Tax>& taxes,
                                                        std::string_view path);
// INVALID_ARGUMENT where another kind than NET has days.
absl::StatusOr<domain::PaymentTerms> TermsFromProto(const v1::PaymentTerms& terms, std::string_view path);

v1::Vendor VendorToProto(const domain::Vendor& vendor);
void ApplyVendor(const v1::Vendor& message, domain::Vendor* vendor);

v1::Customer CustomerToProto(const domain::Customer& customer);
// The customer itself; contract and schedule have their own functions.
void ApplyCustomer(const v1::Customer& message, domain::Customer* customer);

// Terms of another kind than NET have no days: those of the terms before do not stay behind when only the kind is
// given.
void DropOldDays(const v1::Contract& given, v1::Contract* merged);
// Extra fees that nobody named keep their decimal meaning where the currency becomes another: "10.00" CAD is "10" JPY.
// What the new currency cannot express is left for ApplyContract to refuse.
void KeepExtraFees(const domain::Contract& before, v1::Contract* merged);
// The defaults of a new customer with what the client gave on top, contract and schedule too.
absl::StatusOr<domain::Customer> NewCustomerFromProto(const v1::Customer& given, domain::Customer customer);

v1::Contract ContractToProto(const domain::Contract& contract);
absl::Status ApplyContract(const v1::Contract& message, const std::string& path, domain::Contract* contract);

v1::Schedule ScheduleToProto(const domain::Schedule& schedule);
void ApplySchedule(const v1::Schedule& message, domain::Schedule* schedule);

// Amounts are in the timesheet's own currency.
v1::Timesheet TimesheetToProto(const domain::Timesheet& timesheet);
// A timesheet in the contract's currency; where no period end is given it is the frequency's.
absl::StatusOr<domain::Timesheet> TimesheetFromProto(const v1::Timesheet& message, const domain::Contract& contract);

}  // namespace invoice::rpc
