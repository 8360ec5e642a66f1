#include "app/vendors.h"
#include "base/json.h"
#include "base/log.h"
#include "base/status.h"
#include "commands/commands.h"
#include "commands/demo_year.h"
#include "commands/house.h"
#include "commands/seed_data.h"
#include "commands/settings.h"

namespace invoice::commands {
namespace {

absl::Status SeedAll(app::Core& core, const std::string& database_url) {
  ASSIGN_OR_RETURN(const store::Page<domain::Vendor> there, app::Vendors(core).List({}, {.size = 1}));
  if (!there.records.empty()) {
    base::Log(base::Level::kInfo, "seed_not_needed");
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(DemoYear(core, core.clock.Now(), database_url).Make(nlohmann::json::parse(kSeedData)));
  base::Log(base::Level::kInfo, "seeded");
  return absl::OkStatus();
}

}  // namespace

// Demo data for an empty database; never in production. A second run finds it there and changes nothing.
int Seed(const Arguments&) {
  const absl::StatusOr<CommonSettings> settings = ReadCommonSettings();
  if (!settings.ok()) return Fatal(settings.status());
  if (settings->environment == "production") {
    return Fatal(absl::FailedPreconditionError("demo data is not for production (ENVIRONMENT=production)"));
  }
  const absl::StatusOr<std::unique_ptr<House>> house = House::Build(*settings);
  if (!house.ok()) return Fatal(house.status());
  const absl::Status status = SeedAll((*house)->core(), settings->database.url);
  return status.ok() ? 0 : Fatal(status);
}

}  // namespace invoice::commands
