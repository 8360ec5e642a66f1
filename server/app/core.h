// What every use case stands on. Made once in main; all parts are thread-safe and outlive the use cases.
#pragma once

#include <functional>
#include <memory>

#include "absl/time/clock.h"
#include "app/flights.h"
#include "app/logo_files.h"
#include "app/mail_routes.h"
#include "base/clock.h"
#include "base/time_zones.h"
#include "pdf/logo_drawer.h"
#include "pdf/renderer.h"
#include "store/database.h"

namespace invoice::app {

struct Core {
  store::Database& database;
  const base::Clock& clock;
  const base::TimeZones& time_zones;
  pdf::InvoiceRenderer& renderer;
  Flights& flights;
  const MailRoutes& mail_routes;
  pdf::LogoDrawer& logo_drawer;
  // Waits in the middle of a use case; false where the process stops meanwhile.
  std::function<bool(absl::Duration)> pause = [](absl::Duration wait) {
    absl::SleepFor(wait);
    return true;
  };
  std::shared_ptr<LogoFiles> logo_files = std::make_shared<LogoFiles>();
};

}  // namespace invoice::app
