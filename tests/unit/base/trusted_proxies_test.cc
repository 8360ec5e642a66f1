#include "base/trusted_proxies.h"

#include <gmock/gmock.h>

namespace invoice::base {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TrustedProxies With(const std::vector<std::string>& networks) { return TrustedProxies::Create(networks).value(); }

TEST(TrustedProxies, TakesAddressesAndNetworks) {
  const TrustedProxies proxies = With({"10.0.0.0/8", "192.0.2.7", "172.16.0.0/12", "fd00::/8", "2001:db8::1", "::1"});
  for (const char* inside : {"10.0.0.0", "10.255.255.255", "192.0.2.7", "172.31.255.255", "fd12::1", "2001:db8::1",
                             "::ffff:10.1.2.3", "::1"}) {
    EXPECT_TRUE(proxies.Contains(inside)) << inside;
  }
  for (const char* outside : {"11.0.0.0", "192.0.2.8", "172.32.0.0", "172.15.255.255", "fe00::1", "2001:db8::2", "",
                              "x", "10.0.0.1:80", "10.1", "::10.1.2.3", "unix"}) {
    EXPECT_FALSE(proxies.Contains(outside)) << outside;
  }
  EXPECT_TRUE(With({"0.0.0.0/0"}).Contains("203.0.113.9"));
  EXPECT_FALSE(With({"0.0.0.0/0"}).Contains("2001:db8::1"));
  EXPECT_TRUE(With({"::/0"}).Contains("2001:db8::1"));
  EXPECT_FALSE(TrustedProxies().Contains("127.0.0.1"));
}

TEST(TrustedProxies, RefusesWhatIsNoNetworkWithoutRepeatingIt) {
  for (const char* bad : {"proxy", "10.0.0.0/33", "10.0.0/8", "fd00::/129", "10.0.0.0/-1", "10.0.0.0/", "/8",
                          "10.0.0.0/8x", "10.0.0.0/+8"}) {
    const absl::Status status = TrustedProxies::Create({"192.0.2.1", bad}).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << bad;
    EXPECT_THAT(status.message(), HasSubstr("10.0.0.0/8 or fd00::/8"));
  }
}

TEST(TrustedProxies, TheClientIsTheLastAddressThatIsNoProxy) {
  const TrustedProxies proxies = With({"10.0.0.0/8", "127.0.0.1"});
  const auto client = proxies.ClientOf("10.0.0.1", {"198.51.100.1, 203.0.113.9", " 10.0.0.2 ,127.0.0.1"});
  EXPECT_EQ(client.address, "203.0.113.9");
  EXPECT_THAT(client.claimed, ElementsAre("198.51.100.1"));
  EXPECT_EQ(proxies.ClientOf("::ffff:10.0.0.1", {"2001:DB8::1"}).address, "2001:db8::1");
  EXPECT_EQ(proxies.ClientOf("10.0.0.1", {"10.0.0.2, 10.0.0.3"}).address, "10.0.0.2") << "all are proxies";
  EXPECT_EQ(proxies.ClientOf("10.0.0.1", {}).address, "10.0.0.1");
}

TEST(TrustedProxies, BelievesNobodyElse) {
  const TrustedProxies proxies = With({"10.0.0.0/8"});
  EXPECT_EQ(proxies.ClientOf("192.0.2.1", {"198.51.100.1"}).address, "192.0.2.1");
  EXPECT_EQ(proxies.ClientOf("192.0.2.1", {"198.51.100.1, 10.0.0.1"}).address, "192.0.2.1");
  EXPECT_EQ(proxies.ClientOf("unix", {"198.51.100.1"}).address, "unix");
  for (const char* nonsense : {"198.51.100.1, unknown", "198.51.100.1,", "198.51.100.1, <script>"}) {
    EXPECT_EQ(proxies.ClientOf("10.0.0.1", {nonsense}).address, "10.0.0.1") << nonsense;
  }
}

}  // namespace
}  // namespace invoice::base
