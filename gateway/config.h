// What the gateway is told by its environment, read once at start. Plain data.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/config.h"
#include "base/log.h"
#include "gateway/cors.h"

namespace invoice::gateway {

struct GatewayConfig {
  base::HostPort http_listen;
  base::HostPort admin_listen;
  std::string backend_address;
  std::vector<std::string> cors_origins;
  std::vector<std::string> trusted_proxies;  // addresses and networks
  std::string openapi_file;                  // empty for the document that was compiled in
  std::string api_docs_dir;                  // npm's swagger-ui-dist; empty for no GET /api/docs
  base::Level log_level = base::Level::kInfo;
};

// All faults together.
absl::StatusOr<GatewayConfig> ReadConfig(base::EnvReader env);

}  // namespace invoice::gateway
