#include "gateway/http/trusted_proxies.h"

#include <gmock/gmock.h>

namespace invoice::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TrustedProxies With(const std::vector<std::string>& networks) { return TrustedProxies::Create(networks).value(); }

TEST(TrustedProxies, TakesAddressesAndNetworks) {
  const TrustedProxies proxies = With({"10.0.0.0/8", "192.0.2.7", "fd00::/8", "2001:db8::1"});
  for (const char* inside : {"10.0.0.0", "10.255.255.255", "192.0.2.7", "fd12::1", "2001:db8::1", "::ffff:10.1.2.3"}) {
    EXPECT_TRUE(proxies.Contains(inside)) << inside;
  }
  for (const char* outside : {"11.0.0.0", "192.0.2.8", "fe00::1", "2001:db8::2", "", "x", "10.0.0.1:80"}) {
    EXPECT_FALSE(proxies.Contains(outside)) << outside;
  }
  EXPECT_TRUE(With({"10.1.2.3/8"}).Contains("10.9.9.9")) << "bits behind the length do not count";
  EXPECT_TRUE(With({"0.0.0.0/0"}).Contains("203.0.113.9"));
  EXPECT_FALSE(TrustedProxies().Contains("127.0.0.1"));
}

TEST(TrustedProxies, RefusesWhatIsNoNetwork) {
  for (const char* bad : {"proxy", "10.0.0.0/33", "10.0.0/8", "fd00::/129", "10.0.0.0/-1", "10.0.0.0/", "/8"}) {
    EXPECT_EQ(TrustedProxies::Create({bad}).status().code(), absl::StatusCode::kInvalidArgument) << bad;
  }
}

TEST(TrustedProxies, NamesTheClientBehindAProxy) {
  const TrustedProxies proxies = With({"10.0.0.0/8"});
  Headers headers = {{"A", "b"}, {"x-forwarded-for", "198.51.100.1, 203.0.113.9"}, {"X-Forwarded-For", "10.0.0.2"}};
  EXPECT_EQ(proxies.ClientOf("10.0.0.1", &headers), "203.0.113.9");
  EXPECT_THAT(headers, ElementsAre(Pair("A", "b"), Pair("X-Forwarded-For", "198.51.100.1")));
  Headers alone = {{"X-Forwarded-For", "2001:DB8::1"}};
  EXPECT_EQ(proxies.ClientOf("10.0.0.1", &alone), "2001:db8::1");
  EXPECT_TRUE(alone.empty());
}

TEST(TrustedProxies, BelievesNobodyElse) {
  const TrustedProxies proxies = With({"10.0.0.0/8"});
  Headers headers = {{"X-Forwarded-For", "198.51.100.1"}};
  EXPECT_EQ(proxies.ClientOf("192.0.2.1", &headers), "192.0.2.1");
  EXPECT_THAT(headers, ElementsAre(Pair("X-Forwarded-For", "198.51.100.1")));
  Headers nonsense = {{"X-Forwarded-For", "198.51.100.1, unknown"}};
  EXPECT_EQ(proxies.ClientOf("10.0.0.1", &nonsense), "10.0.0.1");
  Headers none;
  EXPECT_EQ(proxies.ClientOf("10.0.0.1", &none), "10.0.0.1");
}

}  // namespace
}  // namespace invoice::gateway
