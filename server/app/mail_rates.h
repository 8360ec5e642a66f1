// The rate limits of SMTP configurations, of all workers together: each message takes its turn just before it is sent,
// so that no turn is lost to one that is not; those that have to wait get turns of their own. Thread-safe.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "app/core.h"
#include "app/mail_routes.h"
#include "store/jobs.h"

namespace invoice::app {

// Whether a message may go now by a route that has a limit.
absl::StatusOr<bool> TakeTurn(Core& core, const MailRoute& route);

// Puts the jobs off, each to the next turn that nobody waits for; their emails say so.
absl::Status WaitForTurns(Core& core, const MailRoute& route, const std::vector<store::Job>& jobs);

}  // namespace invoice::app
