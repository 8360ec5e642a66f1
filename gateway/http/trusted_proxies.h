// The proxies in front of the gateway, whose X-Forwarded-For is believed. Immutable; safe to share between threads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "base/trusted_proxies.h"
#include "gateway/http/message.h"

namespace invoice::gateway {

class TrustedProxies {
 public:
  // None.
  TrustedProxies() = default;
  // Addresses and networks: "10.0.0.7", "10.0.0.0/8", "fd00::/8". INVALID_ARGUMENT says what is expected.
  static absl::StatusOr<TrustedProxies> Create(const std::vector<std::string>& networks);

  bool Contains(std::string_view address) const { return proxies_.Contains(address); }

  // The address of the client behind a peer: the peer itself, or, where that is a proxy, the last address in
  // X-Forwarded-For that is none. Leaves in that header what stands before it, which is only said by the client.
  std::string ClientOf(std::string_view peer, Headers* headers) const;

 private:
  base::TrustedProxies proxies_;
};

}  // namespace invoice::gateway
