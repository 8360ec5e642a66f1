#include "mail/forbidden_address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <string>

namespace invoice::mail {
namespace {

std::string BytesOf(const char* text) {
  char bytes[sizeof(in6_addr)];
  if (inet_pton(AF_INET, text, bytes) == 1) return {bytes, sizeof(in_addr)};
  if (inet_pton(AF_INET6, text, bytes) == 1) return {bytes, sizeof(in6_addr)};
  ADD_FAILURE() << text << " is no address";
  return "";
}

class Forbidden : public ::testing::TestWithParam<const char*> {};
TEST_P(Forbidden, IsNotConnectedTo) { EXPECT_TRUE(IsForbiddenAddress(BytesOf(GetParam()))); }

INSTANTIATE_TEST_SUITE_P(LinkLocal, Forbidden,
                         ::testing::Values("169.254.0.0", "169.254.169.254", "169.254.170.2", "169.254.255.255",
                                           "fe80::", "fe80::1", "fe80::a9fe:a9fe", "febf:ffff::1"));
INSTANTIATE_TEST_SUITE_P(Metadata, Forbidden,
                         ::testing::Values("fd00:ec2::254", "fd00:ec2::253", "fd00:ec2:1::1", "fd20:ce::254",
                                           "fd00:c1::a9fe:a9fe", "fd00:42::42", "168.63.129.16", "100.100.100.200",
                                           "192.0.0.192"));
INSTANTIATE_TEST_SUITE_P(NoOneMachine, Forbidden,
                         ::testing::Values("0.0.0.0", "0.1.2.3", "224.0.0.1", "239.255.255.255", "255.255.255.255",
                                           "::", "ff02::1", "ff0e::1"));
INSTANTIATE_TEST_SUITE_P(
    Ipv4InsideOfIpv6, Forbidden,
    ::testing::Values("::ffff:169.254.169.254", "::ffff:a9fe:1", "::ffff:0.0.0.0", "::ffff:224.0.0.1",
                      "::169.254.169.254", "::a9fe:1", "::ffff:0:169.254.169.254", "64:ff9b::169.254.169.254",
                      "64:ff9b::a9fe:a9fe", "64:ff9b::a83f:8110", "64:ff9b:1::a9fe:a9fe", "64:ff9b:1:abcd::a9fe:1",
                      "64:ff9b:1:a9fe:a9:fe00::", "64:ff9b:1:fa9:fe:a9fe::", "64:ff9b:1:0:a9:fea9:fe00:0",
                      "2002:a9fe:a9fe::", "2002:a9fe:a9fe:1::1", "2002:a9fe:1::1", "2001:0:a9fe:a9fe::1",
                      "2001:0:102:304:0:0:5601:5601", "2001:db8::5efe:169.254.169.254", "2001:db8::200:5efe:a9fe:a9fe",
                      "2001:db8:64::169.254.169.254"));

class Allowed : public ::testing::TestWithParam<const char*> {};
TEST_P(Allowed, MayHaveAMailServer) { EXPECT_FALSE(IsForbiddenAddress(BytesOf(GetParam()))); }

INSTANTIATE_TEST_SUITE_P(Addresses, Allowed,
                         ::testing::Values("127.0.0.1", "10.0.0.25", "192.168.1.2", "172.16.0.1", "100.64.0.1",
                                           "8.8.8.8", "169.253.255.255", "169.255.0.0", "192.0.0.191", "::1",
                                           "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::8.8.8.8",
                                           "64:ff9b::10.0.0.1", "64:ff9b:1::10.0.0.1", "64:ff9b:1::808:808",
                                           "2002:808:808::1", "fd00::25", "fd00:42::25", "fd20:ce::25", "fc00::1",
                                           "fec0::1", "2001:db8::25", "2001:db8::a9fe:1", "2a00:1450:4001:830::2005",
                                           "2001:0:102:304:0:0:f7f7:f7f7", "2001:db8::5efe:10.0.0.1"));

TEST(IsForbiddenAddress, RefusesWhatIsNoAddress) {
  EXPECT_TRUE(IsForbiddenAddress(""));
  EXPECT_TRUE(IsForbiddenAddress(std::string(5, '\1')));
  EXPECT_TRUE(IsForbiddenAddress(std::string(17, '\1')));
}

}  // namespace
}  // namespace invoice::mail
