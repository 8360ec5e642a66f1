// The failed email of the demo data.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "app/core.h"

namespace invoice::commands {

// Attempts the queued emails once, as the worker does, with a mail server that refuses every recipient for good: they
// are FAILED with an attempt, a reply and an event, all written by app::Delivery. The mail catcher of a development
// system accepts every recipient, so no real server refuses one. Nothing is sent. If the environment names no mail
// server, the emails stay QUEUED.
absl::Status RefuseQueuedEmails(app::Core& core, const std::string& database_url);

}  // namespace invoice::commands
