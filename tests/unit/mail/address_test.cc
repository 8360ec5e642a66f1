#include "mail/address.h"

#include <string>

#include "gmock/gmock.h"
#include "mail/smtp_types.h"

namespace invoice::mail {
namespace {

TEST(MailAddress, TakesWhatReceiversTake) {
  for (const char* address : {"a@b.ca", "billing+2026@mail.example.com", "o'neil@example.ie", "x@localhost",
                              "first.last@xn--bcher-kva.example", "a=b_c@1and1.example"}) {
    EXPECT_TRUE(IsMailAddress(address)) << address;
  }
}

TEST(MailAddress, RefusesWhatCouldBeReadOtherwise) {
  for (const char* address : {"",
                              "a",
                              "@b.ca",
                              "a@",
                              "a b@c.ca",
                              "a@b@c.ca",
                              "a@b.ca\r\nRCPT TO:<x@y.z>",
                              "a@b.ca>",
                              "<a@b.ca>",
                              "a@b..ca",
                              ".a@b.ca",
                              "a.@b.ca",
                              "a@-b.ca",
                              "a@b.ca,c@d.ca",
                              "\"a b\"@c.ca",
                              "a@[127.0.0.1]",
                              "j\xc3\xbcrg@example.de",
                              "a@b\xc3\xbc.de\r\n",
                              "a\t@b.ca",
                              "a@b.ca SIZE=1",
                              "a(comment)@b.ca",
                              "a@b.ca."}) {
    EXPECT_FALSE(IsMailAddress(address)) << address;
  }
  EXPECT_FALSE(IsMailAddress(std::string("a\0b@c.ca", 8)));
}

TEST(MailAddress, KeepsTheLengthsOfTheStandard) {
  EXPECT_TRUE(IsMailAddress(std::string(64, 'a') + "@b.ca"));
  EXPECT_FALSE(IsMailAddress(std::string(65, 'a') + "@b.ca"));
  const std::string long_domain =
      std::string(60, 'a') + "." + std::string(60, 'b') + "." + std::string(60, 'c') + "." + std::string(60, 'd');
  EXPECT_TRUE(IsMailAddress("me@" + long_domain));
  EXPECT_FALSE(IsMailAddress("much-longer-me@" + long_domain));
  EXPECT_FALSE(IsMailAddress("me@" + std::string(64, 'a') + ".ca"));
}

TEST(MailAddress, MayHaveAnInternationalDomain) {
  EXPECT_TRUE(IsMailAddress("ap@bücher.example"));
  EXPECT_FALSE(CheckMailAddress("to", "ap@bü cher.example").ok());
}

TEST(MessageId, HasRoomForTheLongestDomain) {
  const std::string label(63, 'b');
  const std::string sender = "a@" + label + "." + label + "." + label + "." + std::string(60, 'b');
  ASSERT_TRUE(IsMailAddress(sender));
  const std::string id = MessageIdOf("0190c0de-0000-7000-8000-000000000001", sender);
  EXPECT_TRUE(IsMessageId(id));
  EXPECT_EQ(id.size(), 1 + 36 + 1 + 252 + 1);
  EXPECT_EQ(MessageIdOf("1", "ap@bücher.example"), "<1@xn--bcher-kva.example>");
  EXPECT_EQ(MessageIdOf("1", ""), "<1@localhost>");
  for (const char* bad : {"", "<>", "<a@b", "a@b.ca", "<a@b.ca\r\n>", "<a@>", "<@b>", "<a b@c>", "<a@bü.de>"}) {
    EXPECT_FALSE(IsMessageId(bad)) << bad;
  }
}

TEST(HostName, TakesNamesAndAddresses) {
  for (const char* host : {"localhost", "mail.example.com", "mail.example.com.", "127.0.0.1", "::1", "smtp_relay"}) {
    EXPECT_TRUE(IsHostName(host)) << host;
  }
  for (const char* host : {"", "a b", "a\n", "mail..com", "http://x", "a/b", "-a", "[::1]", "x:y"}) {
    EXPECT_FALSE(IsHostName(host)) << host;
  }
}

TEST(Settings, NameEveryFaultTogether) {
  SmtpSettings settings;
  settings.host = "mail.example\r\n";
  settings.port = 0;
  settings.password = base::Secret("a\nb");
  const std::string message(CheckSettings(settings).message());
  EXPECT_EQ(CheckSettings(settings).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(message, testing::HasSubstr("host"));
  EXPECT_THAT(message, testing::Not(testing::HasSubstr("mail.example")));
  settings.host = "mail.example";
  settings.password = base::Secret();
  for (const int port : {0, -1, 65536}) {
    settings.port = port;
    EXPECT_FALSE(CheckSettings(settings).ok()) << port;
  }
  settings.port = 65535;
  EXPECT_TRUE(CheckSettings(settings).ok());
}

}  // namespace
}  // namespace invoice::mail
