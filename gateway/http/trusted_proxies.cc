#include "gateway/http/trusted_proxies.h"

#include <strings.h>

#include <utility>

#include "fmt/format.h"
#include "fmt/ranges.h"

namespace invoice::gateway {
namespace {

constexpr char kHeader[] = "X-Forwarded-For";

bool IsForwardedFor(const std::pair<std::string, std::string>& header) {
  return strcasecmp(header.first.c_str(), kHeader) == 0;
}

}  // namespace

absl::StatusOr<TrustedProxies> TrustedProxies::Create(const std::vector<std::string>& networks) {
  absl::StatusOr<base::TrustedProxies> created = base::TrustedProxies::Create(networks);
  if (!created.ok()) return created.status();
  TrustedProxies proxies;
  proxies.proxies_ = *std::move(created);
  return proxies;
}

std::string TrustedProxies::ClientOf(std::string_view peer, Headers* headers) const {
  if (!Contains(peer)) return std::string(peer);
  base::TrustedProxies::Client client = proxies_.ClientOf(peer, HeaderValues(*headers, kHeader));
  std::erase_if(*headers, IsForwardedFor);
  if (!client.claimed.empty()) headers->emplace_back(kHeader, fmt::format("{}", fmt::join(client.claimed, ", ")));
  return std::move(client.address);
}

}  // namespace invoice::gateway
