// invoice-gateway: HTTP and JSON in front of the gRPC backend. Configured by its environment alone; see
// gateway/config.h.
#include <google/protobuf/stubs/logging.h>
#include <malloc.h>

#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/shutdown.h"
#include "base/status.h"
#include "gateway/config.h"
#include "gateway/gateway.h"
#include "gateway/http/server.h"
#include "gateway/io/io_threads.h"
#include "gateway/openapi.h"
#include "gateway/static_pages.h"

namespace invoice::gateway {
namespace {

constexpr char kPackage[] = "invoice.v1";
constexpr int kKeptFreeBytes = 1024 * 1024;
constexpr int kReturnedBytes = 256 * 1024;

// The library's own lines in the form of all others.
void TakeOverLogs() {
  google::protobuf::SetLogHandler([](google::protobuf::LogLevel, const char*, int, const std::string& message) {
    base::Log(base::Level::kWarning, "protobuf", {{"detail", message}});
  });
}

absl::StatusOr<std::vector<StaticPage>> MakePages(const GatewayConfig& config) {
  std::vector<StaticPage> pages;
  std::string document(OpenApiDocument());
  if (!config.openapi_file.empty()) {
    ASSIGN_OR_RETURN(document, ReadFile(config.openapi_file));
  }
  if (!document.empty()) {
    if (!config.api_docs_dir.empty()) {
      ASSIGN_OR_RETURN(pages, ApiDocsPages(config.api_docs_dir));
    }
    pages.push_back(OpenApiPage(std::move(document)));
  }
  for (StaticPage& page : IndexPages(pages)) pages.push_back(std::move(page));
  return pages;
}

absl::Status Serve(const GatewayConfig& config, const base::ShutdownSignal& shutdown) {
  ASSIGN_OR_RETURN(auto routes, Routes::Build(kPackage));
  ASSIGN_OR_RETURN(Cors cors, Cors::Create(config.cors_origins));
  ASSIGN_OR_RETURN(std::vector<StaticPage> pages, MakePages(config));
  const size_t route_count = routes->all().size();
  base::Metrics metrics;
  const auto io = std::make_shared<IoThreads>();
  auto backend = std::make_unique<Backend>(config.backend_address, *io);
  Gateway gateway({std::move(routes), std::move(cors), std::move(pages)}, {*backend}, metrics);
  ASSIGN_OR_RETURN(const auto admin, base::MetricsServer::Start(metrics, config.admin_listen));
  ASSIGN_OR_RETURN(TrustedProxies proxies, TrustedProxies::Create(config.trusted_proxies));
  ASSIGN_OR_RETURN(
      auto server,
      HttpServer::Start({.listen = config.http_listen, .proxies = std::move(proxies), .io = io},
                        [&gateway](std::shared_ptr<Exchange> exchange) { gateway.Handle(std::move(exchange)); }));
  base::Log(base::Level::kInfo, "listening",
            {{"http", base::HostPort{config.http_listen.host, server->port()}.ToString()},
             {"admin", base::HostPort{config.admin_listen.host, admin->port()}.ToString()},
             {"backend", config.backend_address},
             {"routes", route_count}});
  shutdown.Wait();
  server->Stop(base::kShutdownWait);
  server.reset();
  // Calls that still end tell the gateway, so both the backend and the threads go before it.
  backend.reset();
  io->Stop();
  base::Log(base::Level::kInfo, "stopped");
  return absl::OkStatus();
}

int Main() {
  const absl::StatusOr<GatewayConfig> config = ReadConfig(base::EnvReader());
  if (!config.ok()) {
    std::cerr << "invoice-gateway: " << config.status().message() << "\n";
    return 2;
  }
  base::ConfigureLog(config->log_level, "gateway");
  // What a list is written into is kept for the next one, which otherwise takes the same pages from the system again.
  mallopt(M_TRIM_THRESHOLD, kKeptFreeBytes);
  // Bodies and answers go back to the system when they are freed. By itself the library would keep what was freed once.
  mallopt(M_MMAP_THRESHOLD, kReturnedBytes);
  // Debian's Abseil is built to look for cycles at every lock.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  TakeOverLogs();
  const base::ShutdownSignal shutdown;
  const absl::Status status = Serve(*config, shutdown);
  if (status.ok()) return 0;
  base::Log(base::Level::kError, "cannot start", {{"detail", std::string(status.message())}});
  return 1;
}

}  // namespace
}  // namespace invoice::gateway

int main() { return invoice::gateway::Main(); }
