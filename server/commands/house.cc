#include "commands/house.h"

#include "base/status.h"

namespace invoice::commands {

namespace {

absl::StatusOr<std::unique_ptr<base::Clock>> ClockOf(const CommonSettings& settings) {
  if (settings.clock_file.empty()) return std::make_unique<base::SystemClock>();
  return base::FileClock::Open(settings.clock_file);
}

}  // namespace

absl::StatusOr<std::unique_ptr<House>> House::Build(const CommonSettings& settings) {
  ASSIGN_OR_RETURN(base::TimeZones time_zones, base::TimeZones::Load());
  ASSIGN_OR_RETURN(std::unique_ptr<pdf::PangoInvoiceRenderer> renderer,
                   pdf::PangoInvoiceRenderer::Create(settings.font_folders));
  ASSIGN_OR_RETURN(std::unique_ptr<base::Clock> clock, ClockOf(settings));
  return std::unique_ptr<House>(new House(settings, std::move(clock), std::move(time_zones), std::move(renderer)));
}

int Fatal(const absl::Status& status) {
  base::Log(base::Level::kError, "cannot_start", {{"error", std::string(status.message())}});
  return 1;
}

}  // namespace invoice::commands
