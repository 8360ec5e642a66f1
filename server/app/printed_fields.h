// Whether what a person saves can be printed later: refused when it is entered, not when the invoice is due.
// Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "app/core.h"
#include "domain/generation.h"
#include "domain/parties.h"

namespace invoice::app {

// INVALID_ARGUMENT with the path of the first field that holds a character which no font has.
absl::Status CheckPrintedFields(const Core& core, const domain::Vendor& vendor);
// Without the contract.
absl::Status CheckPrintedFields(const Core& core, const domain::Customer& customer);
// `path` stands before the names of fields: "contract." or nothing.
absl::Status CheckPrintedFields(const Core& core, const domain::Contract& contract, const std::string& path);
absl::Status CheckPrintedFields(const Core& core, const domain::Timesheet& timesheet);

// What should be looked at where a vendor or a customer is saved with the locale: LOCALE_WITHOUT_WORDS where documents
// do not speak its language. Nothing for an empty one, which stands for another.
std::vector<domain::Warning> WarningsOfLocale(const std::string& locale);

}  // namespace invoice::app
