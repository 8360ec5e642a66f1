#include "domain/calendar.h"

#include <gtest/gtest.h>

#include "base/time_zones.h"
#include "tests/unit/domain/vectors.h"

namespace invoice::domain {
namespace {

using absl::CivilDay;

TEST(LocalDate, AgreesWithEveryVector) {
  const auto zones = base::TimeZones::Load();
  ASSERT_TRUE(zones.ok()) << zones.status();
  for (const VectorRow& row : ReadVectors("local_date.csv")) {
    SCOPED_TRACE(ToText(row));
    absl::Time instant;
    std::string fault;
    ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, row.at("instant_utc"), &instant, &fault)) << fault;
    const auto zone = zones->Find(row.at("time_zone"));
    ASSERT_TRUE(zone.has_value());
    EXPECT_EQ(FormatDate(LocalDate(instant, *zone)), row.at("local_date"));
  }
}

TEST(LocalDate, SkipsTheDayThatSamoaSkipped) {
  const auto zone = *base::TimeZones::Load()->Find("Pacific/Apia");
  const absl::Time before = absl::FromCivil(absl::CivilSecond(2011, 12, 29, 23, 59, 59), zone);
  EXPECT_EQ(LocalDate(before, zone), CivilDay(2011, 12, 29));
  EXPECT_EQ(LocalDate(before + absl::Seconds(1), zone), CivilDay(2011, 12, 31));
}

TEST(ParseDate, ReadsDaysThatExist) {
  EXPECT_EQ(ParseDate("1970-01-01"), CivilDay(1970, 1, 1));
  EXPECT_EQ(ParseDate("2028-02-29"), CivilDay(2028, 2, 29));
  EXPECT_EQ(ParseDate("2199-12-31"), CivilDay(2199, 12, 31));
}

TEST(ParseDate, RefusesTheRest) {
  for (const char* text : {"",
                           "2026-1-1",
                           "2026-02-30",
                           "2027-02-29",
                           "2100-02-29",
                           "2026-13-01",
                           "2026-00-01",
                           "2026-01-00",
                           "1969-12-31",
                           "2200-01-01",
                           "0000-01-01",
                           "2026/01/01",
                           "20260101",
                           "2026-01-01T00:00:00Z",
                           " 2026-01-01",
                           "2026-01-01 ",
                           "+026-01-01",
                           "2026-+1-01",
                           "2026-01--1",
                           "٢٠٢٦-٠١-٠١"}) {
    EXPECT_EQ(ParseDate(text), std::nullopt) << text;
  }
}

TEST(ParseDate, ComesBackFromItsOwnText) {
  for (CivilDay day = kFirstDay; day <= kLastDay; ++day) {
    ASSERT_EQ(ParseDate(FormatDate(day)), day);
    ASSERT_TRUE(IsAccepted(day));
  }
  EXPECT_FALSE(IsAccepted(kFirstDay - 1));
  EXPECT_FALSE(IsAccepted(kLastDay + 1));
}

TEST(EndOfMonth, KnowsLeapYears) {
  EXPECT_EQ(EndOfMonth(CivilDay(2028, 2, 1)), CivilDay(2028, 2, 29));
  EXPECT_EQ(EndOfMonth(CivilDay(2100, 2, 28)), CivilDay(2100, 2, 28));
  EXPECT_EQ(EndOfMonth(CivilDay(2026, 12, 31)), CivilDay(2026, 12, 31));
}

}  // namespace
}  // namespace invoice::domain
