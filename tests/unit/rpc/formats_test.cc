#include "rpc/formats.h"

#include <gtest/gtest.h>

#include <string>

namespace invoice::rpc {
namespace {

TEST(Formats, DatesAreRealDaysFrom1970To2199) {
  for (const char* good : {"1970-01-01", "2199-12-31", "2024-02-29", "2000-02-29", "2026-04-30"})
    EXPECT_TRUE(IsDate(good)) << good;
  for (const char* bad :
       {"1969-12-31", "2200-01-01", "2023-02-29", "2100-02-29", "2026-04-31", "2026-00-10", "2026-13-01", "2026-1-01",
        "2026-01-1", "20260101", "2026/01/01", "2026-01-01T00:00:00Z", " 2026-01-01", ""}) {
    EXPECT_FALSE(IsDate(bad)) << bad;
  }
}

TEST(Formats, DecimalsAreInPlainNotation) {
  for (const char* good : {"0", "0.0", "-1", "12345678901234", "0.123456789012345678", "-0.5"}) {
    EXPECT_TRUE(ParsePlainDecimal(good).has_value()) << good;
  }
  for (const char* bad : {"", "-", "+1", ".5", "5.", "1e3", "1,5", "1 ", "00", "01.5", "123456789012345",
                          "0.1234567890123456789", "--1", "NaN", "0x10", "1.2.3"}) {
    EXPECT_FALSE(ParsePlainDecimal(bad).has_value()) << bad;
  }
  EXPECT_EQ(ParsePlainDecimal("1.50")->decimals, 2);
  EXPECT_TRUE(ParsePlainDecimal("1.50")->units == ParsePlainDecimal("1.5")->units);
  EXPECT_TRUE(ParsePlainDecimal("-2")->units < ParsePlainDecimal("0.000001")->units);
}

TEST(Formats, CountriesAreThoseOfIso3166) {
  for (const char* good : {"CA", "AD", "ZW", "DE", "SS"}) EXPECT_TRUE(IsCountryCode(good)) << good;
  for (const char* bad : {"ca", "XX", "C", "CAN", "A ", " A", "", "DA", "UK"}) EXPECT_FALSE(IsCountryCode(bad)) << bad;
}

TEST(Formats, LocalesAreLanguageTags) {
  for (const char* good : {"en", "en-CA", "sr-Latn-RS", "es-419", "de-DE-1996"}) EXPECT_TRUE(IsLocale(good)) << good;
  for (const char* bad : {"", "e", "en_CA", "en-", "english", "en-C", "-CA"}) EXPECT_FALSE(IsLocale(bad)) << bad;
}

TEST(Formats, HostsAndUrls) {
  for (const char* good : {"localhost", "smtp.example.com", "10.0.0.1", "::1", "2001:db8::2"})
    EXPECT_TRUE(IsHostName(good)) << good;
  for (const char* bad : {"", "a..b", "-a.com", "256.1.1.1", "a b", "host:25", "[::1]", "a_b.com"})
    EXPECT_FALSE(IsHostName(bad)) << bad;
  for (const char* good : {"http://a", "https://a.example:8443/x?y=1#z", "http://[::1]:80/", "https://a?b"}) {
    EXPECT_TRUE(IsHttpUrl(good)) << good;
  }
  for (const char* bad :
       {"ftp://a", "http://", "http://u:p@a/", "http://a:99999/", "http://a/ b", "//a", "http://a\n"}) {
    EXPECT_FALSE(IsHttpUrl(bad)) << bad;
  }
}

TEST(Formats, ColorsDigestsAndEtags) {
  EXPECT_TRUE(IsColor("#1f4E79"));
  EXPECT_FALSE(IsColor("1f4e79"));
  EXPECT_FALSE(IsColor("#1f4e7g"));
  EXPECT_TRUE(IsSha256(std::string(64, 'a')));
  EXPECT_FALSE(IsSha256(std::string(64, 'A')));
  EXPECT_FALSE(IsSha256(std::string(63, 'a')));
  EXPECT_TRUE(IsEtag("\"7\""));
  EXPECT_FALSE(IsEtag("a b"));
}

}  // namespace
}  // namespace invoice::rpc
