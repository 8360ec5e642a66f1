#include "gateway/http/trusted_proxies.h"

#include <strings.h>

#include <utility>
// Asio needs <utility> before itself.
#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include "base/text.h"
#include "fmt/format.h"
#include "fmt/ranges.h"

namespace invoice::gateway {
namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;

constexpr char kHeader[] = "X-Forwarded-For";

// An IPv4 address within an IPv6 one is the IPv4 address.
ip::address Plain(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  return address;
}

bool Parse(std::string_view text, ip::address* address) {
  error_code fault;
  *address = Plain(ip::make_address(std::string(text), fault));
  return !fault;
}

bool IsForwardedFor(const std::pair<std::string, std::string>& header) {
  return strcasecmp(header.first.c_str(), kHeader) == 0;
}

std::vector<std::string> HopsOf(const Headers& headers) {
  std::vector<std::string> hops;
  for (std::string_view value : HeaderValues(headers, kHeader)) {
    for (size_t end = 0; end != std::string_view::npos;) {
      end = value.find(',');
      hops.emplace_back(base::Trim(value.substr(0, end)));
      if (end != std::string_view::npos) value.remove_prefix(end + 1);
    }
  }
  return hops;
}

}  // namespace

struct TrustedProxies::Network {
  ip::network_v4 v4;
  ip::network_v6 v6;
  bool is_v4 = true;

  bool Contains(const ip::address& address) const {
    if (address.is_v4() != is_v4) return false;
    // Compared by the whole network of the same length, which works for single addresses too.
    if (is_v4) return ip::network_v4(address.to_v4(), v4.prefix_length()).canonical() == v4;
    return ip::network_v6(address.to_v6(), v6.prefix_length()).canonical() == v6;
  }
};

TrustedProxies::TrustedProxies() : networks_(std::make_shared<std::vector<Network>>()) {}

absl::StatusOr<TrustedProxies> TrustedProxies::Create(const std::vector<std::string>& networks) {
  auto parsed = std::make_shared<std::vector<Network>>();
  for (const std::string& text : networks) {
    const bool is_v4 = text.find(':') == std::string::npos;
    const std::string with_length = text.find('/') == std::string::npos ? text + (is_v4 ? "/32" : "/128") : text;
    error_code fault;
    Network network{{}, {}, is_v4};
    if (is_v4) {
      network.v4 = ip::make_network_v4(with_length, fault).canonical();
    } else {
      network.v6 = ip::make_network_v6(with_length, fault).canonical();
    }
    if (fault) return absl::InvalidArgumentError("addresses or networks as 10.0.0.7, 10.0.0.0/8 or fd00::/8");
    parsed->push_back(network);
  }
  TrustedProxies proxies;
  proxies.networks_ = std::move(parsed);
  return proxies;
}

bool TrustedProxies::Contains(std::string_view address) const {
  ip::address parsed;
  return !networks_->empty() && Parse(address, &parsed) &&
         std::any_of(networks_->begin(), networks_->end(), [&](const Network& one) { return one.Contains(parsed); });
}

std::string TrustedProxies::ClientOf(std::string_view peer, Headers* headers) const {
  std::string client(peer);
  if (!Contains(peer)) return client;
  std::vector<std::string> hops = HopsOf(*headers);
  while (!hops.empty()) {
    ip::address hop;
    // What is no address was not written by one of our proxies.
    if (!Parse(hops.back(), &hop)) break;
    client = hop.to_string();
    hops.pop_back();
    if (!Contains(client)) break;
  }
  std::erase_if(*headers, IsForwardedFor);
  if (!hops.empty()) headers->emplace_back(kHeader, fmt::format("{}", fmt::join(hops, ", ")));
  return client;
}

}  // namespace invoice::gateway
