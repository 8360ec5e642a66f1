#include "commands/house.h"

#include "base/status.h"

namespace invoice::commands {

absl::StatusOr<std::unique_ptr<House>> House::Build(const CommonSettings& settings) {
  ASSIGN_OR_RETURN(base::TimeZones time_zones, base::TimeZones::Load());
  ASSIGN_OR_RETURN(std::unique_ptr<pdf::PangoInvoiceRenderer> renderer,
                   pdf::PangoInvoiceRenderer::Create(settings.font_folders));
  return std::unique_ptr<House>(new House(settings, std::move(time_zones), std::move(renderer)));
}

int Fatal(const absl::Status& status) {
  base::Log(base::Level::kError, "cannot_start", {{"error", std::string(status.message())}});
  return 1;
}

}  // namespace invoice::commands
