// PostgreSQL's errors as statuses, by SQLSTATE and the name of the constraint. Pure.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/reasons.h"

namespace invoice::store {

// The constraint that no two documents of a vendor have one number. Its violation is told with the number.
inline constexpr char kNumberKey[] = "invoices_vendor_id_number_key";

// `state` is the SQLSTATE, `message` the server's text (it names the constraint), `statement` the name of ours.
absl::Status StatusOfPostgresError(std::string_view state, std::string_view message, std::string_view statement);

// UNAVAILABLE of work that could not be begun, so that the work is not the reason: no session was free or the database
// could not be reached, or the process stops.
absl::Status NotBegun(base::Reason reason, std::string_view message, absl::Duration retry_after);
bool IsNotBegun(const absl::Status& status);

// True for the states after which the session is of no use: shutdown, crash, lost connection.
bool IsConnectionLoss(std::string_view state);

}  // namespace invoice::store
