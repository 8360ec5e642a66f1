#include "domain/iban.h"

#include <gtest/gtest.h>

namespace invoice::domain {
namespace {

TEST(Iban, IsKeptWithoutBlanksInCapitals) {
  EXPECT_EQ(CompactIban("de89 3704 0044 0532 0130 00"), "DE89370400440532013000");
  EXPECT_EQ(CompactIban("  "), "");
}

TEST(Iban, HasRightCheckDigits) {
  for (const char* iban : {"DE89370400440532013000", "GB82WEST12345698765432", "FR1420041010050500013M02606",
                           "NO9386011117947", "MT84MALT011000012345MTLCAST001S"}) {
    EXPECT_TRUE(IsIban(iban)) << iban;
  }
  for (const char* text : {"", "123", "DE89370400440532013001", "DE98370400440532013000", "89DE370400440532013000",
                           "de89370400440532013000", "DE89 370400440532013000", "DE89370400440532013000123456789012345",
                           "DEXX370400440532013000", "DE89-70400440532013000"}) {
    EXPECT_FALSE(IsIban(text)) << text;
  }
}

}  // namespace
}  // namespace invoice::domain
