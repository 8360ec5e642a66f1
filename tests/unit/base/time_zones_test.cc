#include "base/time_zones.h"

#include <gtest/gtest.h>

#include "base/clock.h"

namespace invoice::base {
namespace {

TEST(TimeZones, KnowTheNamesOfTzdata) {
  const auto zones = TimeZones::Load();
  ASSERT_TRUE(zones.ok()) << zones.status();
  EXPECT_GT(zones->size(), 400u);
  for (const char* name : {"UTC", "America/Toronto", "Asia/Kolkata", "Asia/Calcutta", "Pacific/Apia", "Etc/GMT+12"}) {
    EXPECT_TRUE(zones->Find(name).has_value()) << name;
  }
  EXPECT_EQ(zones->Find("America/Toronto")->name(), "America/Toronto");
}

TEST(TimeZones, RefuseWhatALibraryMightAccept) {
  const auto zones = TimeZones::Load();
  ASSERT_TRUE(zones.ok());
  for (const char* name :
       {"", "localtime", "posixrules", "Factory", "Fixed/UTC+01:00:00", "utc", "america/toronto", "EST5", "UTC+1",
        "../../etc/passwd", "/usr/share/zoneinfo/UTC", "right/UTC", "posix/UTC", "America"}) {
    EXPECT_FALSE(zones->Find(name).has_value()) << name;
  }
}

TEST(TimeZones, SayWhereTheyLooked) {
  const auto zones = TimeZones::Load("/nowhere");
  EXPECT_EQ(zones.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(std::string(zones.status().message()).find("/nowhere/tzdata.zi"), std::string::npos);
}

TEST(FakeClock, MovesWhenTold) {
  FakeClock clock(absl::FromUnixSeconds(100));
  clock.Advance(absl::Seconds(5));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(105));
  clock.Set(absl::UnixEpoch());
  EXPECT_EQ(clock.Now(), absl::UnixEpoch());
}

}  // namespace
}  // namespace invoice::base
