#include "gateway/cors.h"

#include <algorithm>
#include <utility>

#include "absl/time/time.h"
#include "fmt/format.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

constexpr char kAllowedHeaders[] =
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, X-Request-Id";
constexpr char kExposedHeaders[] = "X-Request-Id, Idempotency-Replayed, Retry-After, Content-Disposition, Allow, ETag";

bool IsOrigin(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!text.starts_with(scheme)) continue;
    const std::string_view host = text.substr(scheme.size());
    return !host.empty() && host.find_first_of("/?#@* ,") == std::string_view::npos;
  }
  return false;
}

}  // namespace

absl::StatusOr<Cors> Cors::Create(std::vector<std::string> origins) {
  const bool any = origins.size() == 1 && origins.front() == "*";
  if (!any && !std::all_of(origins.begin(), origins.end(), IsOrigin)) {
    return absl::InvalidArgumentError("origins as https://host or http://host:port, without a path, or * alone");
  }
  return Cors(std::move(origins));
}

bool Cors::Allows(std::string_view origin) const {
  if (origin.empty()) return false;
  return std::any_of(origins_.begin(), origins_.end(),
                     [&](const std::string& known) { return known == "*" || known == origin; });
}

void Cors::AddTo(const HttpRequest& request, Headers* headers) const {
  if (origins_.empty()) return;
  // Also where the origin is refused: a cache must not give its answer to another origin.
  headers->emplace_back("Vary", "Origin");
  const std::string_view origin = HeaderValue(request.headers, "Origin");
  if (!Allows(origin)) return;
  headers->emplace_back("Access-Control-Allow-Origin", origin);
  headers->emplace_back("Access-Control-Expose-Headers", kExposedHeaders);
}

bool Cors::IsPreflight(const HttpRequest& request) {
  return request.method == "OPTIONS" && !HeaderValue(request.headers, "Origin").empty() &&
         !HeaderValue(request.headers, "Access-Control-Request-Method").empty();
}

void Cors::AddPreflight(const HttpRequest& request, std::string_view methods, Headers* headers) const {
  if (!Allows(HeaderValue(request.headers, "Origin"))) return;
  headers->emplace_back("Access-Control-Allow-Methods", methods);
  headers->emplace_back("Access-Control-Allow-Headers", kAllowedHeaders);
  headers->emplace_back("Access-Control-Max-Age", fmt::to_string(absl::ToInt64Seconds(kPreflightKeep)));
}

}  // namespace invoice::gateway
