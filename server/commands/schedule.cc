#include "base/metrics.h"
#include "base/shutdown.h"
#include "commands/commands.h"
#include "commands/house.h"
#include "commands/settings.h"
#include "jobs/scheduler.h"

namespace invoice::commands {

int Schedule(const Arguments&) {
  const base::ShutdownSignal shutdown;
  const absl::StatusOr<CommonSettings> settings = ReadCommonSettings();
  if (!settings.ok()) return Fatal(settings.status());
  base::ConfigureLog(settings->log_level, "scheduler");
  store::Database database(settings->database);
  const base::SystemClock clock;
  base::Log(base::Level::kInfo, "listening");
  jobs::Scheduler(database, clock).Run(shutdown);
  base::Log(base::Level::kInfo, "stopped");
  return 0;
}

}  // namespace invoice::commands
