// What every process of the server is made of: crypto, log, database, time zones, fonts, the core of the use cases.
// Made once in main.
#pragma once

#include <memory>

#include "app/core.h"
#include "base/clock.h"
#include "base/memory_trimmer.h"
#include "base/time_zones.h"
#include "commands/commands.h"
#include "commands/settings.h"
#include "pdf/logo_drawer.h"
#include "pdf/pango_renderer.h"
#include "store/database.h"

namespace invoice::commands {

class House {
 public:
  // Fails where fonts or time zones are missing; a database that is down is no fault here.
  static absl::StatusOr<std::unique_ptr<House>> Build(const CommonSettings& settings);

  app::Core& core() { return *core_; }
  store::Database& database() { return database_; }
  const base::Clock& clock() const { return *clock_; }
  const base::TimeZones& time_zones() const { return time_zones_; }

 private:
  House(const CommonSettings& settings, std::unique_ptr<base::Clock> clock, base::TimeZones time_zones,
        std::unique_ptr<pdf::PangoInvoiceRenderer> renderer)
      : database_(settings.database),
        clock_(std::move(clock)),
        time_zones_(std::move(time_zones)),
        renderer_(std::move(renderer)),
        mail_routes_(settings.mail_route, settings.smtp_passwords, settings.mail_house) {
    core_.emplace(app::Core{database_, *clock_, time_zones_, *renderer_, flights_, mail_routes_, logo_drawer_});
  }

  base::MemoryTrimmer memory_trimmer_;
  store::Database database_;
  std::unique_ptr<base::Clock> clock_;
  base::TimeZones time_zones_;
  std::unique_ptr<pdf::PangoInvoiceRenderer> renderer_;
  app::Flights flights_;
  app::MailRoutes mail_routes_;
  pdf::LogoDrawer logo_drawer_{{"/proc/self/exe", kDrawLogo}};
  std::optional<app::Core> core_;
};

// Says on the log why the process ends, and answers its exit code.
int Fatal(const absl::Status& status);

}  // namespace invoice::commands
