#include "base/decimal.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace invoice::base {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

TEST(DivideRounded, RoundsHalfAwayFromZero) {
  const struct {
    int64_t dividend, divisor, expected;
  } rows[] = {{5, 2, 3}, {-5, 2, -3}, {4, 3, 1},    {5, 3, 2},    {-4, 3, -1}, {-5, 3, -2}, {0, 7, 0},
              {1, 2, 1}, {-1, 2, -1}, {49, 100, 0}, {50, 100, 1}, {7, 1, 7},   {-7, 1, -7}};
  for (const auto& row : rows) {
    EXPECT_EQ(static_cast<int64_t>(DivideRounded(row.dividend, row.divisor)), row.expected)
        << row.dividend << "/" << row.divisor;
  }
}

TEST(DivideRounded, HoldsAtTheEndsOf128Bits) {
  const Int128 largest = (Int128{kMax} << 64) | Int128{std::numeric_limits<uint64_t>::max()};
  EXPECT_TRUE(DivideRounded(largest, largest) == 1);
  EXPECT_TRUE(DivideRounded(largest, 1) == largest);
  EXPECT_TRUE(DivideRounded(largest - 1, largest) == 1);
}

TEST(Narrow, RefusesWhatDoesNotFit) {
  EXPECT_EQ(Narrow(Int128{kMax}), kMax);
  EXPECT_EQ(Narrow(Int128{kMin}), kMin);
  EXPECT_EQ(Narrow(Int128{kMax} + 1), std::nullopt);
  EXPECT_EQ(Narrow(Int128{kMin} - 1), std::nullopt);
}

TEST(ParseFixed, ReadsPlainDecimals) {
  EXPECT_EQ(ParseFixed("0", 4), 0);
  EXPECT_EQ(ParseFixed("7.5", 4), 75000);
  EXPECT_EQ(ParseFixed("-12.5", 2), -1250);
  EXPECT_EQ(ParseFixed("0.0001", 4), 1);
  EXPECT_EQ(ParseFixed("1250", 0), 1250);
  EXPECT_EQ(ParseFixed("9223372036854775807", 0), kMax);
  EXPECT_EQ(ParseFixed("-9223372036854775808", 0), kMin);
  EXPECT_EQ(ParseFixed("922337203685477.5807", 4), kMax);
}

TEST(ParseFixed, RefusesEverythingElse) {
  for (const char* text : {"",
                           "-",
                           ".",
                           "1.",
                           ".5",
                           "-.5",
                           "+1",
                           " 1",
                           "1 ",
                           "01",
                           "00",
                           "-01",
                           "1e3",
                           "1,5",
                           "0x1",
                           "1.2.3",
                           "--1",
                           "NaN",
                           "1.00000",
                           "922337203685477.5808",
                           "99999999999999999999999999999999999999999999",
                           "1\n",
                           "٣"}) {
    EXPECT_EQ(ParseFixed(text, 4), std::nullopt) << '"' << text << '"';
  }
  EXPECT_EQ(ParseFixed("1.0", 0), std::nullopt);
}

TEST(FormatFixed, KeepsTheDecimalsAskedForAndNoZerosBeyond) {
  EXPECT_EQ(FormatFixed(12500, 4, 0), "1.25");
  EXPECT_EQ(FormatFixed(10000, 4, 0), "1");
  EXPECT_EQ(FormatFixed(10000, 4, 2), "1.00");
  EXPECT_EQ(FormatFixed(125000, 2, 2), "1250.00");
  EXPECT_EQ(FormatFixed(-5, 2, 2), "-0.05");
  EXPECT_EQ(FormatFixed(7, 0, 0), "7");
  EXPECT_EQ(FormatFixed(kMin, 4, 0), "-922337203685477.5808");
}

TEST(Fixed, ComesBackFromItsOwnText) {
  std::mt19937_64 random(20261001);
  for (int i = 0; i < 20000; ++i) {
    const int64_t units = static_cast<int64_t>(random()) >> (random() % 60);
    const auto value = Fixed<4>::FromUnits(units);
    EXPECT_EQ(Fixed<4>::Parse(value.ToString()), value);
  }
}

}  // namespace
}  // namespace invoice::base
