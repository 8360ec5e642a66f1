#include "gateway/content/media_type.h"

#include <gtest/gtest.h>

namespace invoice::gateway {
namespace {

TEST(IsJson, AcceptsJsonInUtf8Only) {
  for (const char* good :
       {"application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;charset=UTF-8",
        "application/json; charset=\"utf-8\"", "application/json;"}) {
    EXPECT_TRUE(IsJson(good)) << good;
  }
  for (const char* bad :
       {"", "text/plain", "text/json", "application/jsonx", "application/json; charset=latin1",
        "application/json; charset=utf-16", "application/json; charset", "application/json; version=1",
        "application/x-www-form-urlencoded", "application/merge-patch+json", "application/json, text/plain"}) {
    EXPECT_FALSE(IsJson(bad)) << bad;
  }
}

TEST(AcceptsEventStream, ByNameOnly) {
  EXPECT_TRUE(AcceptsEventStream("text/event-stream"));
  EXPECT_TRUE(AcceptsEventStream("application/json, Text/Event-Stream;q=0.9"));
  EXPECT_FALSE(AcceptsEventStream(""));
  EXPECT_FALSE(AcceptsEventStream("*/*"));
  EXPECT_FALSE(AcceptsEventStream("text/*"));
  EXPECT_FALSE(AcceptsEventStream("text/event-streams"));
}

}  // namespace
}  // namespace invoice::gateway
