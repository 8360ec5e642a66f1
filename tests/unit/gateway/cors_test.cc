#include "gateway/cors.h"

#include <gmock/gmock.h>

namespace invoice::gateway {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

HttpRequest From(std::string origin, std::string method = "GET", bool preflight = false) {
  HttpRequest request;
  request.method = std::move(method);
  if (!origin.empty()) request.headers.emplace_back("Origin", std::move(origin));
  if (preflight) request.headers.emplace_back("Access-Control-Request-Method", "POST");
  return request;
}

Headers HeadersFor(const Cors& cors, const HttpRequest& request) {
  Headers headers;
  cors.AddTo(request, &headers);
  return headers;
}

TEST(Cors, KnownOriginsAreAllowedByName) {
  const Cors cors = Cors::Create({"http://localhost:3000", "https://console.example.com"}).value();
  const Headers headers = HeadersFor(cors, From("https://console.example.com"));
  EXPECT_THAT(headers, Contains(Pair("Access-Control-Allow-Origin", "https://console.example.com")));
  EXPECT_THAT(headers, Contains(Pair("Access-Control-Expose-Headers", HasSubstr("Idempotency-Replayed"))));
  EXPECT_THAT(headers, Contains(Pair("Vary", "Origin")));
}

TEST(Cors, OthersAreNot) {
  const Cors cors = Cors::Create({"https://console.example.com"}).value();
  for (const char* origin : {"", "null", "http://console.example.com", "https://console.example.com:8443",
                             "https://console.example.com.evil.test", "https://CONSOLE.example.com"}) {
    const Headers headers = HeadersFor(cors, From(origin));
    EXPECT_THAT(headers, Contains(Pair("Vary", "Origin")));
    EXPECT_THAT(headers, Not(Contains(Pair("Access-Control-Allow-Origin", ::testing::_)))) << origin;
  }
}

TEST(Cors, WithoutOriginsItIsSilent) {
  EXPECT_THAT(HeadersFor(Cors::Create({}).value(), From("http://localhost:3000")), IsEmpty());
}

TEST(Cors, AStarAllowsEveryOrigin) {
  EXPECT_THAT(HeadersFor(Cors::Create({"*"}).value(), From("http://any.test")),
              Contains(Pair("Access-Control-Allow-Origin", "http://any.test")));
}

TEST(Cors, AnswersPreflights) {
  const Cors cors = Cors::Create({"http://localhost:3000"}).value();
  EXPECT_TRUE(Cors::IsPreflight(From("http://localhost:3000", "OPTIONS", true)));
  EXPECT_FALSE(Cors::IsPreflight(From("http://localhost:3000", "OPTIONS")));
  EXPECT_FALSE(Cors::IsPreflight(From("", "OPTIONS", true)));
  EXPECT_FALSE(Cors::IsPreflight(From("http://localhost:3000", "POST", true)));
  Headers headers;
  cors.AddPreflight(From("http://localhost:3000", "OPTIONS", true), "GET, POST", &headers);
  EXPECT_THAT(headers, Contains(Pair("Access-Control-Allow-Methods", "GET, POST")));
  EXPECT_THAT(headers, Contains(Pair("Access-Control-Allow-Headers", HasSubstr("Authorization"))));
  EXPECT_THAT(headers, Contains(Pair("Access-Control-Max-Age", "600")));
  headers.clear();
  cors.AddPreflight(From("http://evil.test", "OPTIONS", true), "GET, POST", &headers);
  EXPECT_THAT(headers, IsEmpty());
}

TEST(Cors, RefusesWhatIsNoOrigin) {
  for (const char* bad : {"localhost:3000", "https://", "https://a.test/", "https://a.test/x", "https://*.a.test",
                          "ftp://a.test", "https://u@a.test", "https://a.test b"}) {
    EXPECT_FALSE(Cors::Create({bad}).ok()) << bad;
  }
  EXPECT_FALSE(Cors::Create({"*", "https://a.test"}).ok());
}

}  // namespace
}  // namespace invoice::gateway
