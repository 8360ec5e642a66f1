#include "app/api_keys.h"
#include "app/credit_notes.h"
#include "app/customers.h"
#include "app/dashboard.h"
#include "app/drafts.h"
#include "app/email_templates.h"
#include "app/emails.h"
#include "app/imports.h"
#include "app/invoice_life.h"
#include "app/invoices.h"
#include "app/logos.h"
#include "app/payments.h"
#include "app/periods.h"
#include "app/plans.h"
#include "app/run_watches.h"
#include "app/runs.h"
#include "app/smtp_configurations.h"
#include "app/smtp_trials.h"
#include "app/statements.h"
#include "app/vendors.h"
#include "base/descriptors.h"
#include "base/limits.h"
#include "base/metrics.h"
#include "base/shutdown.h"
#include "base/status.h"
#include "commands/commands.h"
#include "commands/house.h"
#include "commands/settings.h"
#include "commands/version.h"
#include "redis/signals.h"
#include "rpc/handlers.h"
#include "rpc/server.h"

namespace invoice::commands {
namespace {

// Ready is: the database answers and has the schema of this build. Redis is told, and missed by nobody.
rpc::Readiness ReadinessOf(store::Database& database, redis::Signals& signals) {
  rpc::Readiness readiness{.ready = true, .version = kVersion, .database = "connected", .migrations = "current"};
  readiness.redis = signals.Ping() ? "connected" : "unavailable";
  const absl::Status schema = database.CheckSchema();
  if (schema.ok()) return readiness;
  readiness.ready = false;
  readiness.problems.emplace_back(schema.message());
  if (absl::IsFailedPrecondition(schema)) {
    readiness.migrations = std::string(schema.message());
  } else {
    readiness.database = "unavailable";
    readiness.migrations = "unknown";
  }
  return readiness;
}

// The use cases and the API over them; lives as long as the server.
struct Rooms {
  explicit Rooms(app::Core& house_core, const base::Secret& secret_key, const base::Clock& clock)
      : core(house_core),
        api_keys(core),
        vendors(core),
        logos(core),
        customers(core),
        periods(core),
        imports(core),
        invoices(core),
        drafts(core),
        plans(core),
        invoice_life(core),
        credit_notes(core),
        payments(core),
        statements(core),
        runs(core),
        run_watches(core),
        emails(core),
        smtp_configurations(core),
        smtp_trials(core),
        email_templates(core),
        dashboard(core),
        tokens(secret_key, clock) {}

  void PutInto(rpc::Api& api, std::function<rpc::Readiness()> readiness) {
    rpc::ServeHealth(api, std::move(readiness));
    rpc::ServeApiKeys(api, api_keys, tokens);
    rpc::ServeVendors(api, vendors, tokens);
    rpc::ServeLogos(api, logos);
    rpc::ServeCustomers(api, customers, tokens);
    rpc::ServeBillingPeriods(api, periods, tokens);
    rpc::ServeInvoices(api, invoices, tokens);
    rpc::ServeDrafts(api, drafts, invoices);
    rpc::ServeImports(api, imports);
    rpc::ServeRuns(api, runs, run_watches, plans, tokens);
    rpc::ServeInvoiceLife(api, invoice_life, credit_notes, invoices);
    rpc::ServePayments(api, payments, tokens);
    rpc::ServeStatements(api, statements);
    rpc::ServeEmails(api, emails, tokens);
    rpc::ServeSmtpConfigs(api, smtp_configurations, smtp_trials, tokens);
    rpc::ServeEmailTemplates(api, email_templates);
    rpc::ServeDashboard(api, dashboard, tokens);
    rpc::ServeExport(api, core);
  }

  app::Core& core;
  app::ApiKeys api_keys;
  app::Vendors vendors;
  app::Logos logos;
  app::Customers customers;
  app::Periods periods;
  app::Imports imports;
  app::Invoices invoices;
  app::Drafts drafts;
  app::Plans plans;
  app::InvoiceLife invoice_life;
  app::CreditNotes credit_notes;
  app::Payments payments;
  app::Statements statements;
  app::Runs runs;
  app::RunWatches run_watches;
  app::Emails emails;
  app::SmtpConfigurations smtp_configurations;
  app::SmtpTrials smtp_trials;
  app::EmailTemplates email_templates;
  app::Dashboard dashboard;
  rpc::PageTokens tokens;
};

absl::Status ServeUntil(const base::ShutdownSignal& shutdown, const ServeSettings& settings) {
  ASSIGN_OR_RETURN(const std::unique_ptr<House> house, House::Build(settings.common));
  ASSIGN_OR_RETURN(const std::unique_ptr<redis::Signals> signals, redis::MakeSignals(settings.common.redis_url));
  base::Metrics metrics;
  ASSIGN_OR_RETURN(const auto admin, base::MetricsServer::Start(metrics, settings.admin_listen));
  Rooms rooms(house->core(), settings.secret_key, house->clock());
  const rpc::Door door{.authenticate = [&](std::string_view key) { return rooms.api_keys.Authenticate(key); },
                       .clock = &house->clock(),
                       .metrics = &metrics,
                       .proxies = settings.trusted_proxies,
                       .digest_key = settings.secret_key};
  const auto is_time_zone = [&](std::string_view name) { return house->time_zones().Find(name).has_value(); };
  ASSIGN_OR_RETURN(const std::unique_ptr<rpc::Api> api, rpc::Api::Create(door, is_time_zone, rpc::InvoiceServices()));
  // A session of its own with short waits, so that load on the pool does not look like a lost database.
  store::Database probe({.url = settings.common.database.url,
                         .pool_size = 1,
                         .wait = base::kReadinessWait / 2,
                         .statement_timeout = base::kReadinessWait / 2});
  rpc::SharedReadiness shared([&] { return ReadinessOf(probe, *signals); }, metrics);
  const auto readiness = [&] { return shared.Get(); };
  rooms.PutInto(*api, readiness);
  const rpc::ServerOptions options{
      .listen = settings.listen,
      .reflection = settings.reflection,
      .max_connections = base::ReserveDescriptors(rpc::kMaxConnections, rpc::kSpareDescriptors),
      .proxies = settings.trusted_proxies,
      .is_ready = [&] { return readiness().ready; }};
  ASSIGN_OR_RETURN(const std::unique_ptr<rpc::Server> server, rpc::Server::Start(options, *api));
  base::Log(base::Level::kInfo, "listening",
            {{"grpc_port", server->port()}, {"admin_port", admin->port()}, {"version", kVersion}});
  shutdown.Wait();
  rooms.run_watches.Stop();
  server->Stop();
  base::Log(base::Level::kInfo, "stopped");
  return absl::OkStatus();
}

}  // namespace

int Serve(const Arguments&) {
  const base::ShutdownSignal shutdown;
  const absl::StatusOr<ServeSettings> settings = ReadServeSettings();
  if (!settings.ok()) return Fatal(settings.status());
  base::ConfigureLog(settings->common.log_level, "serve");
  rpc::RouteLibraryLogs();
  const absl::Status status = ServeUntil(shutdown, *settings);
  return status.ok() ? 0 : Fatal(status);
}

}  // namespace invoice::commands
