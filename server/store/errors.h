// PostgreSQL's errors as statuses, by SQLSTATE and the name of the constraint. Pure.
#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace invoice::store {

// The constraint that no two documents of a vendor have one number. Its violation is told with the number.
inline constexpr char kNumberKey[] = "invoices_vendor_id_number_key";

// `state` is the SQLSTATE, `message` the server's text (it names the constraint), `statement` the name of ours.
absl::Status StatusOfPostgresError(std::string_view state, std::string_view message, std::string_view statement);

// Whether a status of an unavailable database came of a statement, so that the transaction may be the reason. False if
// no transaction could be begun.
bool WasBegun(const absl::Status& status);

// True for the states after which the session is of no use: shutdown, crash, lost connection.
bool IsConnectionLoss(std::string_view state);

}  // namespace invoice::store
