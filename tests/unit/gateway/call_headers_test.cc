#include "gateway/call_headers.h"

#include <gmock/gmock.h>

namespace invoice::gateway {
namespace {

using ::testing::Contains;
using ::testing::Not;
using ::testing::Pair;

HttpRequest With(Headers headers) {
  HttpRequest request;
  request.headers = std::move(headers);
  request.client_address = "192.0.2.1";
  return request;
}

TEST(RequestIdOf, KeepsASaneOneAndReplacesAnyOther) {
  EXPECT_EQ(RequestIdOf(With({{"x-request-ID", "aB-9_.z"}})), "aB-9_.z");
  EXPECT_EQ(RequestIdOf(With({{"X-Request-Id", std::string(64, 'a')}})), std::string(64, 'a'));
  for (const std::string& bad :
       {std::string(), std::string(65, 'a'), std::string("a b"), std::string("a\"b"), std::string("\xc3\xa9")}) {
    const std::string made = RequestIdOf(With({{"X-Request-Id", bad}}));
    EXPECT_EQ(made.size(), 36u);
    EXPECT_NE(made, bad);
  }
  EXPECT_NE(RequestIdOf(With({})), RequestIdOf(With({})));
}

TEST(MetadataOf, PassesTheClosedListOnly) {
  const auto metadata = MetadataOf(With({{"Authorization", "Bearer K"},
                                         {"IDEMPOTENCY-KEY", "k1"},
                                         {"X-Forwarded-For", "198.51.100.7"},
                                         {"User-Agent", "curl"},
                                         {"Cookie", "c=1"},
                                         {"grpc-timeout", "1S"},
                                         {"X-Other", "o"}}),
                                   "rid");
  ASSERT_TRUE(metadata.ok());
  EXPECT_THAT(*metadata,
              ::testing::UnorderedElementsAre(Pair("authorization", "Bearer K"), Pair("idempotency-key", "k1"),
                                              Pair("x-forwarded-for", "192.0.2.1"),
                                              Pair("x-forwarded-user-agent", "curl"), Pair("x-request-id", "rid")));
}

TEST(MetadataOf, RefusesWhatCouldBeReadInTwoWays) {
  for (const Headers& headers :
       {Headers{{"Authorization", "Bearer A"}, {"authorization", "Bearer B"}},
        Headers{{"Idempotency-Key", "a"}, {"Idempotency-Key", "a"}}, Headers{{"Authorization", "Bearer \xc3\xa9"}},
        Headers{{"Idempotency-Key", "a\tb"}}, Headers{{"Authorization", std::string(3000, 'a')}}}) {
    EXPECT_EQ(MetadataOf(With(headers), "rid").status().code(), absl::StatusCode::kInvalidArgument);
  }
  const auto metadata = MetadataOf(With({{"User-Agent", "\xff"}}), "rid");
  ASSERT_TRUE(metadata.ok());
  EXPECT_THAT(*metadata, Not(Contains(Pair("x-forwarded-user-agent", ::testing::_))));
}

TEST(HeadersOf, ShowsReplaysOnly) {
  EXPECT_THAT(
      HeadersOf(
          {{"idempotency-replayed", "true"}, {"idempotency-replayed", "true"}, {"server", "x"}, {"grpc-status", "0"}}),
      ::testing::ElementsAre(Pair("Idempotency-Replayed", "true")));
}

TEST(ContentDisposition, IsSafeForEveryName) {
  EXPECT_EQ(ContentDisposition(""), "attachment");
  EXPECT_EQ(ContentDisposition("INV-1.pdf"), "attachment; filename=\"INV-1.pdf\"");
  EXPECT_EQ(ContentDisposition("R\u00e9sum\u00e9 \"x\".pdf"),
            "attachment; filename=\"R__sum__ _x_.pdf\"; filename*=UTF-8''R%C3%A9sum%C3%A9%20%22x%22.pdf");
  EXPECT_EQ(ContentDisposition("a\r\nSet-Cookie: b"),
            "attachment; filename=\"a__Set-Cookie: b\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20b");
  EXPECT_EQ(ContentDisposition("../a\\b%"), "attachment; filename=\".._a_b_\"; filename*=UTF-8''..%2Fa%5Cb%25");
}

}  // namespace
}  // namespace invoice::gateway
