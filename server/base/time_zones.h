// The time zones a user may name: the Zone and Link names of tzdata, nothing else. Abseil alone would also load
// "localtime", "posixrules", "Fixed/UTC+01:00:00" or a path. Loaded once at start; immutable and safe to share between
// threads.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace invoice::base {

class TimeZones {
 public:
  static constexpr char kDefaultFolder[] = "/usr/share/zoneinfo";

  // Reads the names from `folder`/tzdata.zi and the zones by Abseil. UNAVAILABLE where the file cannot be read or names
  // no zone.
  static absl::StatusOr<TimeZones> Load(const std::string& folder = kDefaultFolder);

  // The zone of an exact name ("America/Toronto"); nothing for any other text.
  std::optional<absl::TimeZone> Find(std::string_view name) const;
  size_t size() const { return zones_.size(); }

 private:
  std::map<std::string, absl::TimeZone, std::less<>> zones_;
};

}  // namespace invoice::base
