#include "app/run_work.h"
#include "app/scheduling.h"
#include "base/metrics.h"
#include "base/shutdown.h"
#include "commands/commands.h"
#include "commands/house.h"
#include "commands/settings.h"
#include "jobs/scheduler.h"

namespace invoice::commands {

int Schedule(const Arguments&) {
  const base::ShutdownSignal shutdown;
  const absl::StatusOr<ScheduleSettings> settings = ReadScheduleSettings();
  if (!settings.ok()) return Fatal(settings.status());
  base::ConfigureLog(settings->common.log_level, "scheduler");
  const absl::StatusOr<std::unique_ptr<House>> house = House::Build(settings->common);
  if (!house.ok()) return Fatal(house.status());
  base::Metrics metrics;
  const auto admin = base::MetricsServer::Start(metrics, settings->admin_listen);
  if (!admin.ok()) return Fatal(admin.status());

  app::RunWork work((*house)->core(), settings->common.run_chunk);
  app::Scheduling scheduling((*house)->core(), work);
  base::Log(base::Level::kInfo, "listening", {{"admin_port", (*admin)->port()}});
  jobs::Scheduler(scheduling, (*house)->clock(), metrics, settings->common.database.url).Run(shutdown);
  base::Log(base::Level::kInfo, "stopped");
  return 0;
}

}  // namespace invoice::commands
