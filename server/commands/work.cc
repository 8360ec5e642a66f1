#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "app/delivery.h"
#include "app/documents.h"
#include "app/run_work.h"
#include "base/limits.h"
#include "base/metrics.h"
#include "base/shutdown.h"
#include "commands/commands.h"
#include "commands/house.h"
#include "commands/settings.h"
#include "jobs/worker.h"
#include "mail/smtp_mailer.h"

namespace invoice::commands {
namespace {

std::string WorkerName() {
  char host[256] = "unknown";
  ::gethostname(host, sizeof(host) - 1);
  return std::string(host) + ":" + std::to_string(::getpid());
}

}  // namespace

int Work(const Arguments&) {
  const base::ShutdownSignal shutdown;
  const absl::StatusOr<WorkSettings> settings = ReadWorkSettings();
  if (!settings.ok()) return Fatal(settings.status());
  base::ConfigureLog(settings->common.log_level, "worker");
  const absl::StatusOr<std::unique_ptr<House>> house = House::Build(settings->common);
  if (!house.ok()) return Fatal(house.status());
  base::Metrics metrics;
  const auto admin = base::MetricsServer::Start(metrics, settings->admin_listen);
  if (!admin.ok()) return Fatal(admin.status());

  app::Documents documents((*house)->core());
  app::RunWork run_work((*house)->core(), settings->common.run_chunk);
  store::SmtpPlaces places(settings->common.database.url);
  app::Delivery delivery((*house)->core(), places, [] { return std::make_unique<mail::SmtpMailer>(); });
  jobs::Worker worker(
      (*house)->database(), metrics,
      {.name = WorkerName(), .url = settings->common.database.url, .threads = settings->threads},
      {{"START_RUN",
        {.run = [&](const store::Job& job) { return run_work.Start(job); },
         .give_up = [&](const store::Job& job, const absl::Status& why) { return run_work.GiveUpStart(job, why); }}},
       {"RUN_CHUNK",
        {.run = [&](const store::Job& job) { return run_work.Work(job); },
         .give_up = [&](const store::Job& job, const absl::Status& why) { return run_work.GiveUpChunk(job, why); }}},
       {"RENDER_DOCUMENT", {.run = [&](const store::Job& job) { return documents.Run(job); }}},
       {"SEND_EMAIL",
        {.give_up = [&](const store::Job& job, const absl::Status& why) { return delivery.GiveUp(job, why); },
         .batch = base::kEmailBatch,
         .most_threads = std::max(1, settings->threads - 1),  // servers that hang must not take the runs with them
         .run_all = [&](const auto& jobs, const auto& ended,
                        const auto& hand_back) { delivery.RunAll(jobs, {.ended = ended, .hand_back = hand_back}); }}}});
  delivery.Start();
  std::thread run([&worker] { worker.Run(); });
  base::Log(base::Level::kInfo, "listening", {{"admin_port", (*admin)->port()}, {"threads", settings->threads}});
  shutdown.Wait();
  delivery.Stop();
  const bool ended = worker.Stop(base::kShutdownWait);
  base::Log(base::Level::kInfo, "stopped", {{"all_work_ended", ended}});
  if (!ended) std::_Exit(0);  // a handler is stuck in a send; its lease runs out and another worker goes on
  run.join();
  return 0;
}

}  // namespace invoice::commands
