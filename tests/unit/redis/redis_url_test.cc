#include "redis/redis_url.h"

#include "gmock/gmock.h"

namespace invoice::redis {
namespace {

TEST(RedisUrl, ReadsHostPortDatabaseAndLogIn) {
  const RedisAddress plain = ParseRedisUrl("redis://localhost").value();
  EXPECT_EQ(plain.host, "localhost");
  EXPECT_EQ(plain.port, 6379);
  EXPECT_EQ(plain.database, 0);
  EXPECT_TRUE(plain.password.empty());

  const RedisAddress full = ParseRedisUrl("redis://robot:p%40ss%3Aword@redis.example:6380/3").value();
  EXPECT_EQ(full.host, "redis.example");
  EXPECT_EQ(full.port, 6380);
  EXPECT_EQ(full.database, 3);
  EXPECT_EQ(full.username, "robot");
  EXPECT_EQ(full.password.Reveal(), "p@ss:word");

  EXPECT_EQ(ParseRedisUrl("redis://:secret@host").value().password.Reveal(), "secret");
  EXPECT_EQ(ParseRedisUrl("redis://[::1]:7000").value().host, "::1");
  EXPECT_EQ(ParseRedisUrl("redis://[::1]:7000").value().port, 7000);
  EXPECT_EQ(ParseRedisUrl("redis://host:1/").value().database, 0);
}

TEST(RedisUrl, ReadsASocket) {
  EXPECT_EQ(ParseRedisUrl("redis+unix:///run/redis.sock").value().socket_path, "/run/redis.sock");
}

TEST(RedisUrl, RefusesEverythingElseWithoutRepeatingIt) {
  for (const std::string url :
       {"", "localhost:6379", "http://hidden", "rediss://hidden", "redis://", "redis://hidden:0",
        "redis://hidden:65536", "redis://hidden:x", "redis://hidden/x", "redis://hidden/-1", "redis://hidden@host",
        "redis://a:hid%2den%4@host", "redis://[::1", "redis://[::1]x", "redis+unix://relative/hidden",
        "redis://hid den", "redis://hidden\n"}) {
    const auto address = ParseRedisUrl(url);
    EXPECT_EQ(address.status().code(), absl::StatusCode::kInvalidArgument) << url;
    EXPECT_THAT(std::string(address.status().message()), testing::Not(testing::HasSubstr("hidden")));
  }
  EXPECT_FALSE(ParseRedisUrl("redis+unix:///" + std::string(200, 'x')).ok());
}

}  // namespace
}  // namespace invoice::redis
