#include "base/time_zones.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "fmt/format.h"

namespace invoice::base {
namespace {

// The name on a line "Z America/Toronto -5:17:32 ..." or "L America/Toronto America/Montreal"; empty on any other.
std::string NameOf(const std::string& line) {
  std::istringstream words(line);
  std::string kind, first, second;
  words >> kind >> first >> second;
  if (kind == "Z") return first;
  if (kind == "L") return second;
  return "";
}

}  // namespace

absl::StatusOr<TimeZones> TimeZones::Load(const std::string& folder) {
  const std::string path = folder + "/tzdata.zi";
  std::ifstream file(path);
  if (!file) return absl::UnavailableError(fmt::format("cannot read {}; is tzdata installed?", path));
  TimeZones loaded;
  for (std::string line; std::getline(file, line);) {
    const std::string name = NameOf(line);
    absl::TimeZone zone;
    // "Factory" is tzdata's placeholder for a machine without a zone.
    if (name.empty() || name == "Factory" || !absl::LoadTimeZone(name, &zone)) continue;
    loaded.zones_.emplace(name, zone);
  }
  if (loaded.zones_.empty()) return absl::UnavailableError(fmt::format("{} names no zone that can be loaded", path));
  return loaded;
}

std::optional<absl::TimeZone> TimeZones::Find(std::string_view name) const {
  const auto found = zones_.find(name);
  return found == zones_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace invoice::base
