#include "gateway/upstream/response_headers.h"

#include <gmock/gmock.h>

#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::Pair;

ResponseHeaders Of(const Metadata& fields) {
  ResponseHeaders headers;
  for (const auto& [name, value] : fields) EXPECT_TRUE(headers.Add(name, value));
  return headers;
}

Metadata Good(const Metadata& further) {
  Metadata fields = {{":status", "200"}, {"content-type", "application/grpc+proto"}};
  fields.insert(fields.end(), further.begin(), further.end());
  return fields;
}

TEST(TimeoutText, HasAtMostEightDigits) {
  constexpr int64_t kMilli = 1'000'000;
  EXPECT_EQ(TimeoutText(30'000 * kMilli), "30000m");
  EXPECT_EQ(TimeoutText(30'000 * kMilli - 1), "30000m");
  EXPECT_EQ(TimeoutText(1), "1m");
  EXPECT_EQ(TimeoutText(0), "0m");
  EXPECT_EQ(TimeoutText(-5), "0m");
  EXPECT_EQ(TimeoutText(99'999'999 * kMilli), "99999999m");
  EXPECT_EQ(TimeoutText(100'000'000 * kMilli), "100000S");
}

TEST(ResponseHeaders, TheBackendsStatusDecides) {
  EXPECT_TRUE(Of(Good({{"grpc-status", "0"}})).Status().ok());
  const GrpcStatus status = Of(Good({{"grpc-status", "5"},
                                     {"grpc-message", "no %E2%82%AC, 100%, %zz"},
                                     {"grpc-status-details-bin", "AAEC/w"}}))
                                .Status();
  EXPECT_EQ(status.code, StatusCode::kNotFound);
  EXPECT_EQ(status.message, "no \u20ac, 100%, %zz");
  EXPECT_EQ(status.details, std::string("\0\1\2\xff", 4));
  EXPECT_EQ(Of(Good({{"grpc-status", "5"}, {"grpc-status-details-bin", "AAEC/w=="}})).Status().details,
            std::string("\0\1\2\xff", 4));
  EXPECT_EQ(Of(Good({{"grpc-status", "5"}, {"grpc-status-details-bin", "?"}})).Status().details, "");
}

TEST(ResponseHeaders, AStatusThatNobodyKnowsIsUnknown) {
  for (const char* status : {"17", "-1", "", "x", "0x0", "99999999999999"}) {
    EXPECT_EQ(Of(Good({{"grpc-status", status}})).Status().code, StatusCode::kUnknown) << status;
  }
}

TEST(ResponseHeaders, WithoutAStatusThatOfHttpDecides) {
  struct Row {
    const char* http;
    StatusCode code;
  };
  for (const Row& row : {Row{"400", StatusCode::kInternal}, Row{"401", StatusCode::kUnauthenticated},
                         Row{"403", StatusCode::kPermissionDenied}, Row{"404", StatusCode::kUnimplemented},
                         Row{"429", StatusCode::kUnavailable}, Row{"502", StatusCode::kUnavailable},
                         Row{"503", StatusCode::kUnavailable}, Row{"504", StatusCode::kUnavailable},
                         Row{"500", StatusCode::kUnknown}, Row{"200", StatusCode::kUnknown}}) {
    EXPECT_EQ(Of({{":status", row.http}, {"content-type", "text/html"}}).Status().code, row.code) << row.http;
  }
  EXPECT_EQ(Of({{":status", "503"}, {"grpc-status", "0"}}).Status().code, StatusCode::kUnavailable);
  EXPECT_EQ(Of({{":status", "503"}, {"grpc-status", "5"}}).Status().code, StatusCode::kNotFound);
}

TEST(ResponseHeaders, KeepsTextsOfTheBackendsMethods) {
  ResponseHeaders headers = Of(Good({{"grpc-encoding", "identity"},
                                     {"grpc-accept-encoding", "gzip"},
                                     {"idempotency-replayed", "true"},
                                     {"trace-bin", "AAAA"},
                                     {"x-late", "1"}}));
  EXPECT_THAT(headers.TakeMetadata(), ElementsAre(Pair("idempotency-replayed", "true"), Pair("x-late", "1")));
}

TEST(ResponseHeaders, HaveABoundOfAllTogether) {
  ResponseHeaders headers;
  EXPECT_TRUE(headers.empty());
  const std::string half(kMaxResponseHeaderBytes / 2 - 1, 'x');
  EXPECT_TRUE(headers.Add("a", half));
  EXPECT_TRUE(headers.Add("b", half));
  EXPECT_FALSE(headers.Add("c", ""));
  EXPECT_FALSE(headers.empty());
}

}  // namespace
}  // namespace invoice::gateway
