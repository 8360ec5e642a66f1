// The proxies in front of a process, whose X-Forwarded-For is believed. Immutable; safe to share between threads.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace invoice::base {

// An IPv4 address within an IPv6 one is written as the IPv4 address. Empty where the text is no address.
std::string NormalAddress(std::string_view text);

class TrustedProxies {
 public:
  struct Client {
    std::string address;
    std::vector<std::string> claimed;  // what stands before it in the header; only the client said it
  };

  // None.
  TrustedProxies();
  // Addresses and networks: "10.0.0.7", "10.0.0.0/8", "fd00::/8". INVALID_ARGUMENT says what is expected.
  static absl::StatusOr<TrustedProxies> Create(const std::vector<std::string>& networks);

  bool Contains(std::string_view address) const;

  // The client behind a peer: the peer itself, or, where that is a proxy, the last address of the header's values that
  // is none.
  Client ClientOf(std::string_view peer, const std::vector<std::string_view>& forwarded_for) const;

 private:
  struct Network;
  std::shared_ptr<const std::vector<Network>> networks_;
};

}  // namespace invoice::base
