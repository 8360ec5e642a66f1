#include "base/encoding.h"

#include <gtest/gtest.h>

#include "base/secret.h"

namespace invoice::base {
namespace {

TEST(Encoding, KnowsTheVectorsOfTheStandard) {
  EXPECT_EQ(Base64Encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(Base64Encode("fo"), "Zm8=");
  EXPECT_EQ(Base64UrlEncode("fo"), "Zm8");
  EXPECT_EQ(Base64UrlEncode("\xfb\xff"), "-_8");
  EXPECT_EQ(HexEncode(std::string_view("\x00\xff", 2)), "00ff");
}

TEST(Encoding, ComesBack) {
  for (size_t size = 0; size < 70; ++size) {
    const std::string bytes = RandomBytes(size);
    EXPECT_EQ(Base64Decode(Base64Encode(bytes)), bytes);
    EXPECT_EQ(Base64UrlDecode(Base64UrlEncode(bytes)), bytes);
    EXPECT_EQ(HexDecode(HexEncode(bytes)), bytes);
  }
}

TEST(Encoding, RefusesOtherAlphabets) {
  for (const char* text : {"Zm8", "Zm8=\n", "Zm 8=", "Zm8==", "-_8=", "Z"})
    EXPECT_EQ(Base64Decode(text), std::nullopt) << text;
  for (const char* text : {"Zm8=", "+/8", "Zm8\n"}) EXPECT_EQ(Base64UrlDecode(text), std::nullopt) << text;
  for (const char* text : {"0", "0g", "00 "}) EXPECT_EQ(HexDecode(text), std::nullopt) << text;
}

}  // namespace
}  // namespace invoice::base
