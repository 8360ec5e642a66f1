// The local date of the clock's instant. Thread-safe.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "app/core.h"

namespace invoice::app {

// INVALID_ARGUMENT on timeZone where tzdata does not list the name.
absl::StatusOr<absl::CivilDay> LocalToday(const Core& core, const std::string& time_zone);

}  // namespace invoice::app
