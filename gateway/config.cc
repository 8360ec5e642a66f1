#include "gateway/config.h"

#include "base/status.h"
#include "gateway/http/trusted_proxies.h"

namespace invoice::gateway {

absl::StatusOr<GatewayConfig> ReadConfig(base::EnvReader env) {
  GatewayConfig config;
  config.http_listen = env.Address("HTTP_LISTEN", "127.0.0.1:8000");
  config.admin_listen = env.Address("ADMIN_LISTEN", "127.0.0.1:9465");
  config.backend_address = env.Address("BACKEND_ADDRESS", "127.0.0.1:50051").ToString();
  config.cors_origins = env.List("CORS_ORIGINS");
  config.trusted_proxies = env.List("TRUSTED_PROXIES");
  config.openapi_file = env.Text("OPENAPI_FILE");
  config.api_docs_dir = env.Text("API_DOCS_DIR");
  const std::string level = env.Enum("LOG_LEVEL", "info", {"debug", "info", "warning", "error"});
  config.log_level = base::ParseLevel(level).value_or(base::Level::kInfo);
  if (const auto cors = Cors::Create(config.cors_origins); !cors.ok()) {
    env.AddFault("CORS_ORIGINS", std::string(cors.status().message()));
  }
  if (const auto proxies = TrustedProxies::Create(config.trusted_proxies); !proxies.ok()) {
    env.AddFault("TRUSTED_PROXIES", std::string(proxies.status().message()));
  }
  RETURN_IF_ERROR(env.Faults());
  return config;
}

}  // namespace invoice::gateway
