// PostgreSQL's errors as statuses, by SQLSTATE and the name of the constraint. Pure.
#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace invoice::store {

// `state` is the SQLSTATE, `message` the server's text (it names the constraint), `statement` the name of ours.
absl::Status StatusOfPostgresError(std::string_view state, std::string_view message, std::string_view statement);

// True for the states after which the session is of no use: shutdown, crash, lost connection.
bool IsConnectionLoss(std::string_view state);

}  // namespace invoice::store
