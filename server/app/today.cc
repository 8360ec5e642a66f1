#include "app/today.h"

#include "base/status.h"

namespace invoice::app {

absl::StatusOr<absl::CivilDay> LocalToday(const Core& core, const std::string& time_zone) {
  const std::optional<absl::TimeZone> zone = core.time_zones.Find(time_zone);
  if (!zone) return base::InvalidField("timeZone", "a time zone of the IANA database, such as America/Toronto");
  return absl::ToCivilDay(core.clock.Now(), *zone);
}

}  // namespace invoice::app
