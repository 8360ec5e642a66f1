#include "base/config.h"

#include <gmock/gmock.h>

#include <map>

namespace invoice::base {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

EnvReader ReaderOf(std::map<std::string, std::string> variables) {
  return EnvReader([variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

TEST(EnvReader, ReadsWhatIsThere) {
  EnvReader env = ReaderOf({{"DATABASE_URL", "postgresql://localhost/invoice"},
                            {"DB_POOL_SIZE", "25"},
                            {"HTTP_PORT", "0"},
                            {"HTTP_LISTEN", "127.0.0.1:8000"},
                            {"ENVIRONMENT", "test"},
                            {"CORS_ORIGINS", "http://a, http://b,,"},
                            {"TLS", "true"},
                            {"WAIT", "7"}});
  EXPECT_EQ(env.Required("DATABASE_URL"), "postgresql://localhost/invoice");
  EXPECT_EQ(env.Integer("DB_POOL_SIZE", 10, 1, 200), 25);
  EXPECT_EQ(env.Port("HTTP_PORT", 8000), 0);
  EXPECT_EQ(env.Address("HTTP_LISTEN", "").ToString(), "127.0.0.1:8000");
  EXPECT_EQ(env.Enum("ENVIRONMENT", "", {"development", "test", "production"}), "test");
  EXPECT_THAT(env.List("CORS_ORIGINS"), ElementsAre("http://a", "http://b"));
  EXPECT_TRUE(env.Boolean("TLS", false));
  EXPECT_EQ(env.Seconds("WAIT", absl::Seconds(1), absl::Seconds(60)), absl::Seconds(7));
  EXPECT_TRUE(env.Faults().ok());
}

TEST(EnvReader, FallsBackWhereAVariableIsAbsentOrEmpty) {
  EnvReader env = ReaderOf({{"LOG_LEVEL", ""}});
  EXPECT_EQ(env.Enum("LOG_LEVEL", "info", {"info", "debug"}), "info");
  EXPECT_EQ(env.Integer("DB_POOL_SIZE", 10, 1, 200), 10);
  EXPECT_THAT(env.List("CORS_ORIGINS"), IsEmpty());
  EXPECT_TRUE(env.OptionalSecret("SMTP_PASSWORD").empty());
  EXPECT_TRUE(env.Faults().ok());
}

TEST(EnvReader, ReportsAllFaultsTogetherAndNoValue) {
  EnvReader env = ReaderOf({{"DB_POOL_SIZE", "201"},
                            {"PORT", "80x"},
                            {"LISTEN", "nowhere"},
                            {"ENVIRONMENT", "staging-42"},
                            {"SECRET_KEY", "hunter2"}});
  env.Required("DATABASE_URL");
  env.Integer("DB_POOL_SIZE", 10, 1, 200);
  env.Port("PORT", 80);
  env.Address("LISTEN", "");
  env.Enum("ENVIRONMENT", "", {"test", "production"});
  env.RequiredSecret("SECRET_KEY", 32);
  env.AddFault("ENCRYPTION_KEY", "the base64 of 32 bytes");

  const std::string message(env.Faults().message());
  EXPECT_THAT(message, HasSubstr("7 faults"));
  EXPECT_THAT(message, HasSubstr("DATABASE_URL: required"));
  EXPECT_THAT(message, HasSubstr("DB_POOL_SIZE: an integer of 1 to 200"));
  EXPECT_THAT(message, HasSubstr("PORT: an integer of 0 to 65535"));
  EXPECT_THAT(message, HasSubstr("LISTEN: host:port"));
  EXPECT_THAT(message, HasSubstr("ENVIRONMENT: one of test, production"));
  EXPECT_THAT(message, HasSubstr("SECRET_KEY: at least 32 characters"));
  EXPECT_THAT(message, HasSubstr("ENCRYPTION_KEY: the base64 of 32 bytes"));
  for (const char* value : {"201", "80x", "nowhere", "staging-42", "hunter2"}) {
    EXPECT_THAT(message, Not(HasSubstr(value)));
  }
}

TEST(HostPort, ReadsNamesAndAddresses) {
  EXPECT_EQ(ParseHostPort("localhost:80"), (HostPort{"localhost", 80}));
  EXPECT_EQ(ParseHostPort("[::1]:50051"), (HostPort{"::1", 50051}));
  EXPECT_EQ(ParseHostPort("[::1]:50051")->ToString(), "[::1]:50051");
  for (const char* text :
       {"", ":80", "host", "host:", "host:-1", "host:65536", "::1:80", "[]:80", "[::1]", "host:8 0"}) {
    EXPECT_EQ(ParseHostPort(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace invoice::base
