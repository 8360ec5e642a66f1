#include "commands/settings.h"

#include "absl/strings/ascii.h"
#include "base/limits.h"
#include "base/status.h"
#include "mail/address.h"

namespace invoice::commands {
namespace {

constexpr size_t kMinSecretKeyBytes = 32;

void ReadMailBounds(base::EnvReader& env, app::MailRoute& route) {
  route.from_name = env.Text("SMTP_FROM_NAME");
  route.unknown_policy = env.Enum("SMTP_UNKNOWN_POLICY", "RETRY_ONCE", {"RETRY_ONCE", "HOLD"}) == "HOLD"
                             ? domain::UnknownPolicy::kHold
                             : domain::UnknownPolicy::kRetryOnce;
  const auto bound = [&env](const char* name, int fallback, int min, int max) {
    return static_cast<int>(env.Integer(name, fallback, min, max));
  };
  route.max_emails_per_run = bound("SMTP_MAX_EMAILS_PER_RUN", route.max_emails_per_run, 1, 100'000);
  route.max_emails_per_recipient_per_day =
      bound("SMTP_MAX_EMAILS_PER_RECIPIENT_PER_DAY", route.max_emails_per_recipient_per_day, 1, 10'000);
  route.max_connections = bound("SMTP_MAX_CONNECTIONS", route.max_connections, 1, base::kMaxSmtpConnections);
  route.max_emails_per_minute = bound("SMTP_MAX_EMAILS_PER_MINUTE", 0, 0, 1'000'000);
}

// The environment's SMTP configuration. SMTP_FROM without a host is a fault: email would wait for ever.
std::optional<app::MailRoute> ReadMailRoute(base::EnvReader& env, const app::MailHouse& house) {
  const std::string host = env.Text("SMTP_HOST");
  const int port = env.Port("SMTP_PORT", 25);
  const std::string security = env.Enum("SMTP_SECURITY", "STARTTLS", {"NONE", "STARTTLS", "TLS"});
  const std::string from = env.Text("SMTP_FROM");
  if (host.empty() != from.empty())
    env.AddFault(host.empty() ? "SMTP_HOST" : "SMTP_FROM", "SMTP_HOST and SMTP_FROM together");
  if (host.empty()) return std::nullopt;
  app::MailRoute route;
  route.smtp = {
      .id = app::kEnvironmentRoute,
      .host = host,
      .port = port,
      .security = security == "NONE"  ? mail::SmtpSecurity::kNone
                  : security == "TLS" ? mail::SmtpSecurity::kTls
                                      : mail::SmtpSecurity::kStartTls,
      .username = env.Text("SMTP_USERNAME"),
      .password = env.OptionalSecret("SMTP_PASSWORD"),
      .verify_certificate = env.Boolean("SMTP_VERIFY_CERTIFICATE", true),
      .ca_file = house.ca_file,
      .ehlo_name = house.ehlo_name,
  };
  route.from_address = from;
  if (!mail::IsMailAddress(from)) env.AddFault("SMTP_FROM", "an email address, without a name");
  for (const base::FieldViolation& fault : base::DetailOf(mail::CheckSettings(route.smtp)).fields) {
    env.AddFault("SMTP_" + absl::AsciiStrToUpper(fault.field), fault.expected);
  }
  ReadMailBounds(env, route);
  return route;
}

app::MailHouse ReadMailHouse(base::EnvReader& env) {
  app::MailHouse house{.ca_file = env.Text("SMTP_CA_FILE"), .ehlo_name = env.Text("SMTP_EHLO_NAME")};
  if (!house.ehlo_name.empty() && !mail::IsHostName(house.ehlo_name)) env.AddFault("SMTP_EHLO_NAME", "a host name");
  return house;
}

std::optional<base::SealingKey> ReadSealingKey(base::EnvReader& env, const char* name, const base::Secret& text) {
  const absl::StatusOr<base::SealingKey> key = base::SealingKey::FromBase64(text);
  if (key.ok()) return *key;
  env.AddFault(name, "the base64 of 32 bytes, 44 characters");
  return std::nullopt;
}

// Without a key everything works but configurations with a password.
app::SmtpPasswords ReadSmtpPasswords(base::EnvReader& env) {
  const base::Secret current = env.OptionalSecret("ENCRYPTION_KEY");
  const std::vector<std::string> previous = env.List("ENCRYPTION_KEY_PREVIOUS");
  if (current.empty()) {
    if (!previous.empty()) env.AddFault("ENCRYPTION_KEY", "required with ENCRYPTION_KEY_PREVIOUS");
    return {};
  }
  const std::optional<base::SealingKey> key = ReadSealingKey(env, "ENCRYPTION_KEY", current);
  if (!key) return {};
  base::KeyRing keys(*key);
  for (const std::string& text : previous) {
    const auto older = ReadSealingKey(env, "ENCRYPTION_KEY_PREVIOUS", base::Secret(text));
    if (older) keys.AddForOpening(*older);
  }
  return app::SmtpPasswords(std::move(keys));
}

// A production that could not keep a password would be noticed on the day somebody enters one.
void RequireEncryptionKey(base::EnvReader& env, const CommonSettings& settings) {
  if (settings.environment == "production") (void)env.RequiredSecret("ENCRYPTION_KEY");
}

// The gateway commonly stands on the same machine.
base::TrustedProxies ReadTrustedProxies(base::EnvReader& env) {
  std::vector<std::string> networks = env.List("TRUSTED_PROXIES");
  if (networks.empty()) networks = {"127.0.0.1", "::1"};
  const absl::StatusOr<base::TrustedProxies> proxies = base::TrustedProxies::Create(networks);
  if (proxies.ok()) return *proxies;
  env.AddFault("TRUSTED_PROXIES", std::string(proxies.status().message()));
  return {};
}

CommonSettings ReadCommon(base::EnvReader& env) {
  CommonSettings settings;
  settings.database.url = env.Required("DATABASE_URL");
  if (!settings.database.url.empty() && !store::IsDatabaseUrl(settings.database.url)) {
    env.AddFault("DATABASE_URL", "a libpq URI or conninfo");
  }
  settings.database.pool_size =
      static_cast<int>(env.Integer("DB_POOL_SIZE", base::kDefaultDbPoolSize, 1, base::kMaxDbPoolSize));
  settings.log_level = *base::ParseLevel(env.Enum("LOG_LEVEL", "info", {"debug", "info", "warning", "error"}));
  settings.environment = env.Enum("ENVIRONMENT", "production", {"development", "test", "production"});
  settings.font_folders = env.List("FONT_DIR");
  settings.redis_url = env.Text("REDIS_URL");
  settings.clock_file = env.Text("CLOCK_FILE");
  if (!settings.clock_file.empty() && settings.environment == "production") {
    env.AddFault("CLOCK_FILE", "nothing where ENVIRONMENT is production");
  }
  settings.run_chunk = static_cast<int>(env.Integer("RUN_CHUNK", base::kRunChunk, 1, base::kMaxRunChunk));
  settings.mail_house = ReadMailHouse(env);
  settings.mail_route = ReadMailRoute(env, settings.mail_house);
  settings.smtp_passwords = ReadSmtpPasswords(env);
  return settings;
}

}  // namespace

absl::StatusOr<CommonSettings> ReadCommonSettings() {
  base::EnvReader env;
  CommonSettings settings = ReadCommon(env);
  RETURN_IF_ERROR(env.Faults());
  return settings;
}

absl::StatusOr<ServeSettings> ReadServeSettings() {
  base::EnvReader env;
  ServeSettings settings;
  settings.common = ReadCommon(env);
  RequireEncryptionKey(env, settings.common);
  settings.listen = env.Address("GRPC_LISTEN", "127.0.0.1:50051");
  settings.admin_listen = env.Address("ADMIN_LISTEN", "127.0.0.1:9464");
  settings.secret_key = env.RequiredSecret("SECRET_KEY", kMinSecretKeyBytes);
  settings.reflection = env.Boolean("GRPC_REFLECTION", true);
  settings.trusted_proxies = ReadTrustedProxies(env);
  RETURN_IF_ERROR(env.Faults());
  return settings;
}

absl::StatusOr<WorkSettings> ReadWorkSettings() {
  base::EnvReader env;
  WorkSettings settings;
  settings.common = ReadCommon(env);
  RequireEncryptionKey(env, settings.common);
  settings.admin_listen = env.Address("ADMIN_LISTEN", "127.0.0.1:9466");
  settings.threads = static_cast<int>(env.Integer("WORKER_THREADS", base::kDefaultWorkerThreads, 1, 64));
  RETURN_IF_ERROR(env.Faults());
  // A thread holds a session only while it writes; one more fetches and one renews leases.
  settings.common.database.pool_size = std::max(settings.common.database.pool_size, settings.threads + 2);
  return settings;
}

absl::StatusOr<ScheduleSettings> ReadScheduleSettings() {
  base::EnvReader env;
  ScheduleSettings settings;
  settings.common = ReadCommon(env);
  settings.admin_listen = env.Address("ADMIN_LISTEN", "127.0.0.1:9467");
  RETURN_IF_ERROR(env.Faults());
  return settings;
}

}  // namespace invoice::commands
