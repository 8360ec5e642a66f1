#include "base/internet_names.h"

#include <gtest/gtest.h>

#include <string>

namespace invoice::base {
namespace {

const std::string kLabel63(63, 'b');

TEST(Addresses, OfPeopleAreTaken) {
  for (const std::string good :
       {"a@b.co", "first.last+tag@sub.example.com", "o'brien@example.ie", "x@1and1.com", "a@ab--cd.com",
        "a@xn--bcher-kva.example", "a@bücher.example", "a@BÜCHER.example", "rechnung@straße.de", "a@例え.テスト",
        "a@почта.рф", "a@b\u0308cher.example", "a@ｅｘａｍｐｌｅ.com", "a@نامه\u200cای.com"}) {
    EXPECT_EQ(FaultOfAddress(good), std::nullopt) << good;
  }
}

TEST(Addresses, OfOtherFormsAreRefused) {
  for (const std::string bad : {"",
                                "a",
                                "a@",
                                "@b.co",
                                "a@b",
                                "a@ü",
                                "a b@c.co",
                                "a@b..co",
                                "a@.b.co",
                                "a@b.co.",
                                "a@bücher.de.",
                                "a@-b.co",
                                "a@b-.co",
                                "a@b_c.co",
                                "a..b@c.co",
                                ".a@b.co",
                                "a.@b.co",
                                "a@b@c.co",
                                "\"a\"@b.co",
                                "a@[1.2.3.4]",
                                "a@b.co\n",
                                "Name <a@b.co>",
                                "a@bü cher.de",
                                "a@bü_cher.de",
                                "a@-bücher.de",
                                "a@b\xfc.de",
                                "a@exa\u200bmple.com",
                                "a@exa\ufe01mple.com",
                                "a@exa\U000e0101mple.com",
                                "a@exa\U0001bca0mple.com",
                                "a@exa\u00admple.com",
                                "a@bücher\u2060.de",
                                "a@ü<b>.de",
                                "a@ü\n.de",
                                "a@.ü.de",
                                "a@ü..de",
                                "a@ü@b.de",
                                "a@xn--bcher-kva\u0301.de"}) {
    EXPECT_NE(FaultOfAddress(bad), std::nullopt) << testing::PrintToString(bad);
  }
}

TEST(Addresses, SayWhatIsExpected) {
  EXPECT_EQ(FaultOfAddress("jürgen@example.de"), "an email address whose part before the @ is in ASCII");
  EXPECT_EQ(FaultOfAddress("nobody"), "an email address");
  EXPECT_EQ(FaultOfAddress("a@ü ü.de"),
            "an email address whose domain is one of IDNA 2008, of at most 254 bytes in all as it is sent");
}

TEST(Addresses, AreSentInALabels) {
  EXPECT_EQ(AddressOnWire("AP@bücher.example"), "AP@xn--bcher-kva.example");
  EXPECT_EQ(AddressOnWire("a@BÜCHER.Example"), "a@xn--bcher-kva.example");
  EXPECT_EQ(AddressOnWire("a@straße.de"), "a@xn--strae-oqa.de") << "IDNA 2008";
  EXPECT_EQ(AddressOnWire("a@почта.рф"), "a@xn--80a1acny.xn--p1ai");
  EXPECT_EQ(AddressOnWire("a@bücher。example"), "a@xn--bcher-kva.example") << "the full stop of ideographs";
  EXPECT_EQ(AddressOnWire("MiXed@Example.COM"), "MiXed@Example.COM") << "ASCII stays as it is";
  EXPECT_EQ(AddressOnWire("a@localhost"), "a@localhost");
}

TEST(Addresses, KeepTheLengthsOfTheStandardAsTheyAreSent) {
  EXPECT_EQ(FaultOfAddress(std::string(64, 'a') + "@b.co"), std::nullopt);
  EXPECT_NE(FaultOfAddress(std::string(65, 'a') + "@b.co"), std::nullopt);
  EXPECT_EQ(FaultOfAddress("a@" + kLabel63 + ".co"), std::nullopt);
  EXPECT_NE(FaultOfAddress("a@b" + kLabel63 + ".co"), std::nullopt);
  const std::string domain = kLabel63 + "." + kLabel63 + "." + kLabel63 + "." + std::string(60, 'b');  // 252 bytes
  EXPECT_EQ(AddressOnWire("a@" + domain), "a@" + domain);
  EXPECT_EQ(AddressOnWire("ab@" + domain), std::nullopt);
  // Short as it is typed, too long as it is sent: a label has at most 63 bytes.
  std::string label;
  for (int i = 0; i < 63; ++i) label += "ж";
  EXPECT_NE(FaultOfAddress("a@" + label + ".de"), std::nullopt);
  std::string labels;
  for (int i = 0; i < 20; ++i) labels += "длинныйдомен.";
  EXPECT_NE(FaultOfAddress("a@" + labels + "рф"), std::nullopt);
}

TEST(Addresses, HaveOneKeyWhateverTheirSpelling) {
  const std::string key = AddressKey("ap@bücher.example");
  for (const char* same : {"AP@bücher.example", "ap@BÜCHER.EXAMPLE", "ap@xn--bcher-kva.example",
                           "ap@XN--BCHER-KVA.example", "ap@bu\u0308cher.example"}) {
    EXPECT_EQ(AddressKey(same), key) << same;
  }
  EXPECT_NE(AddressKey("ap@bucher.example"), key);
  EXPECT_NE(AddressKey("a.p@bücher.example"), key);
  EXPECT_EQ(AddressKey("A@B.co"), "a@b.co");
  EXPECT_EQ(AddressKey("a@xn--99999999.x"), "a@xn--99999999.x");
  EXPECT_EQ(AddressKey("no address"), "no address");
}

TEST(Domains, HaveLabelsOfLettersDigitsAndHyphens) {
  EXPECT_EQ(CountLabels("a.b-c.d1"), 3);
  for (const std::string bad : {"", ".", "a.", "-a", "a-", "a_b", "ü.de"}) EXPECT_EQ(CountLabels(bad), 0) << bad;
}

}  // namespace
}  // namespace invoice::base
