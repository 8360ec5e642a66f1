#include "base/trusted_proxies.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>

#include "base/status.h"
#include "base/text.h"

namespace invoice::base {
namespace {

constexpr size_t kMaxAddressBytes = 45;
constexpr int kMappedBits = 96;  // of an IPv6 address before the IPv4 address within it

// All addresses as IPv6 ones.
using AddressBytes = std::array<uint8_t, 16>;

struct Address {
  AddressBytes bytes{};
  bool is_v4 = false;
};

std::optional<Address> Parse(std::string_view text) {
  if (text.size() > kMaxAddressBytes) return std::nullopt;
  const std::string copy(text);
  Address address{.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, .is_v4 = true};
  if (inet_pton(AF_INET, copy.c_str(), &address.bytes[kMappedBits / 8]) == 1) return address;
  const AddressBytes mapped = address.bytes;
  if (inet_pton(AF_INET6, copy.c_str(), address.bytes.data()) != 1) return std::nullopt;
  address.is_v4 = std::equal(mapped.begin(), mapped.begin() + kMappedBits / 8, address.bytes.begin());
  return address;
}

std::string TextOf(const Address& address) {
  char text[INET6_ADDRSTRLEN];
  return address.is_v4 ? inet_ntop(AF_INET, &address.bytes[kMappedBits / 8], text, sizeof(text))
                       : inet_ntop(AF_INET6, address.bytes.data(), text, sizeof(text));
}

std::vector<std::string> HopsOf(const std::vector<std::string_view>& values) {
  std::vector<std::string> hops;
  for (std::string_view value : values) {
    for (size_t end = 0; end != std::string_view::npos;) {
      end = value.find(',');
      hops.emplace_back(Trim(value.substr(0, end)));
      if (end != std::string_view::npos) value.remove_prefix(end + 1);
    }
  }
  return hops;
}

}  // namespace

struct TrustedProxies::Network {
  AddressBytes bytes{};
  int bits = 0;  // that count

  bool Contains(const Address& address) const {
    const int whole = bits / 8;
    if (!std::equal(bytes.begin(), bytes.begin() + whole, address.bytes.begin())) return false;
    const int rest = bits % 8;
    return rest == 0 || ((bytes[whole] ^ address.bytes[whole]) >> (8 - rest)) == 0;
  }

  static std::optional<Network> Parse(std::string_view text) {
    const size_t slash = text.find('/');
    const std::optional<Address> address = base::Parse(text.substr(0, slash));
    if (!address) return std::nullopt;
    const int most = address->is_v4 ? 32 : 128;
    int length = most;
    if (slash != std::string_view::npos) {
      const std::string_view digits = text.substr(slash + 1);
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
      if (error != std::errc() || end != digits.data() + digits.size() || length < 0 || length > most)
        return std::nullopt;
    }
    return Network{.bytes = address->bytes, .bits = address->is_v4 ? kMappedBits + length : length};
  }
};

std::string NormalAddress(std::string_view text) {
  const std::optional<Address> address = Parse(text);
  return address ? TextOf(*address) : "";
}

TrustedProxies::TrustedProxies() : networks_(std::make_shared<std::vector<Network>>()) {}

absl::StatusOr<TrustedProxies> TrustedProxies::Create(const std::vector<std::string>& networks) {
  auto parsed = std::make_shared<std::vector<Network>>();
  for (const std::string& text : networks) {
    const std::optional<Network> network = Network::Parse(text);
    if (!network) return absl::InvalidArgumentError("addresses or networks as 10.0.0.7, 10.0.0.0/8 or fd00::/8");
    parsed->push_back(*network);
  }
  TrustedProxies proxies;
  proxies.networks_ = std::move(parsed);
  return proxies;
}

bool TrustedProxies::Contains(std::string_view address) const {
  const std::optional<Address> parsed = Parse(address);
  return parsed && std::any_of(networks_->begin(), networks_->end(),
                               [&](const Network& network) { return network.Contains(*parsed); });
}

TrustedProxies::Client TrustedProxies::ClientOf(std::string_view peer,
                                                const std::vector<std::string_view>& forwarded_for) const {
  Client client{.address = std::string(peer), .claimed = HopsOf(forwarded_for)};
  while (!client.claimed.empty() && Contains(client.address)) {
    std::string hop = NormalAddress(client.claimed.back());
    // What is no address was not written by one of our proxies.
    if (hop.empty()) break;
    client.address = std::move(hop);
    client.claimed.pop_back();
  }
  return client;
}

}  // namespace invoice::base
