#include "gateway/config.h"

#include <gmock/gmock.h>

#include <map>

namespace invoice::gateway {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

base::EnvReader With(std::map<std::string, std::string> values) {
  return base::EnvReader([values = std::move(values)](const std::string& name) {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional<std::string>(found->second);
  });
}

TEST(ReadConfig, HasDefaultsForEverything) {
  const auto config = ReadConfig(With({}));
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->http_listen.ToString(), "127.0.0.1:8000");
  EXPECT_EQ(config->backend_address, "127.0.0.1:50051");
  EXPECT_TRUE(config->cors_origins.empty());
  EXPECT_TRUE(config->trusted_proxies.empty());
}

TEST(ReadConfig, ReportsAllFaultsAtOnceWithoutValues) {
  const auto config = ReadConfig(With({{"HTTP_LISTEN", "secret"},
                                       {"LOG_LEVEL", "secret"},
                                       {"CORS_ORIGINS", "secret.test"},
                                       {"TRUSTED_PROXIES", "10.0.0.1, secret"}}));
  ASSERT_FALSE(config.ok());
  EXPECT_THAT(std::string(config.status().message()),
              AllOf(HasSubstr("HTTP_LISTEN"), HasSubstr("LOG_LEVEL"), HasSubstr("CORS_ORIGINS"),
                    HasSubstr("TRUSTED_PROXIES"), Not(HasSubstr("secret"))));
}

}  // namespace
}  // namespace invoice::gateway
