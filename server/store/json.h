// Domain values in jsonb columns and in the audit trail. Reading aborts on text of another form: only this file writes
// it. Pure.
#pragma once

#include <string>
#include <vector>

#include "domain/invoice.h"
#include "domain/parties.h"

namespace invoice::store {

std::string ToJson(const domain::Address& address);
std::string ToJson(const domain::BankDetails& bank);
std::string ToJson(const std::vector<domain::Tax>& taxes);
std::string ToJson(const std::vector<std::string>& texts);
std::string ToJson(const std::vector<domain::Expense>& expenses);
std::string ToJson(const domain::VendorSnapshot& vendor);
std::string ToJson(const domain::CustomerSnapshot& customer);
// Records for the audit trail; nothing secret is in them.
std::string ToJson(const domain::Vendor& vendor);
std::string ToJson(const domain::Customer& customer);
std::string ToJson(const domain::Contract& contract);
std::string ToJson(const domain::Schedule& schedule);
std::string ToJson(const domain::Timesheet& timesheet);

domain::Address AddressFromJson(const std::string& text);
domain::BankDetails BankFromJson(const std::string& text);
std::vector<domain::Tax> TaxesFromJson(const std::string& text);
std::vector<std::string> TextsFromJson(const std::string& text);
std::vector<domain::Expense> ExpensesFromJson(const std::string& text);
domain::VendorSnapshot VendorSnapshotFromJson(const std::string& text);
domain::CustomerSnapshot CustomerSnapshotFromJson(const std::string& text);

}  // namespace invoice::store
