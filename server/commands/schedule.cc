#include "app/run_work.h"
#include "app/scheduling.h"
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
  const absl::StatusOr<std::unique_ptr<House>> house = House::Build(*settings);
  if (!house.ok()) return Fatal(house.status());
  app::RunWork work((*house)->core(), settings->run_chunk);
  app::Scheduling scheduling((*house)->core(), work);
  base::Log(base::Level::kInfo, "listening");
  jobs::Scheduler(scheduling, (*house)->clock(), settings->database.url).Run(shutdown);
  base::Log(base::Level::kInfo, "stopped");
  return 0;
}

}  // namespace invoice::commands
