#include "gateway/upstream/call_status.h"

#include <gmock/gmock.h>
#include <google/rpc/error_details.pb.h>

#include "gateway/transcode/error_info.h"

namespace invoice::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ToRpcStatus, KeepsWhatTheBackendSaid) {
  google::rpc::Status said;
  said.set_code(14);
  said.set_message("the database is away");
  *said.add_details() = PackErrorInfo({"DATABASE_UNAVAILABLE", "invoice-enterprise", {}});
  std::string log_detail;
  const google::rpc::Status result =
      ToRpcStatus(GrpcStatus{absl::StatusCode::kUnavailable, "x", said.SerializeAsString()}, &log_detail);
  EXPECT_EQ(result.message(), "the database is away");
  ASSERT_EQ(result.details_size(), 1);
  EXPECT_EQ(log_detail, "");
}

TEST(ToRpcStatus, ReplacesTheTextsOfGrpcItself) {
  struct Row {
    absl::StatusCode code;
    int result;
    const char* reason;
  };
  for (const Row& row :
       {Row{absl::StatusCode::kUnavailable, 14, "BACKEND_UNREACHABLE"},
        Row{absl::StatusCode::kDeadlineExceeded, 4, "DEADLINE_EXCEEDED"},
        Row{absl::StatusCode::kCancelled, 14, "BACKEND_UNREACHABLE"}, Row{absl::StatusCode::kInternal, 13, "INTERNAL"},
        Row{absl::StatusCode::kUnknown, 13, "INTERNAL"}, Row{absl::StatusCode::kUnimplemented, 12, "NOT_IMPLEMENTED"},
        Row{absl::StatusCode::kResourceExhausted, 13, "INTERNAL"}}) {
    std::string log_detail;
    const google::rpc::Status result = ToRpcStatus(GrpcStatus{row.code, "ipv4:10.0.0.7:50051 secret", ""}, &log_detail);
    EXPECT_EQ(result.code(), row.result);
    EXPECT_THAT(result.message(), Not(HasSubstr("secret")));
    ASSERT_GE(result.details_size(), 1);
    EXPECT_EQ(UnpackErrorInfo(result.details(0))->reason, row.reason);
    EXPECT_THAT(log_detail, HasSubstr("secret"));
  }
}

TEST(ToRpcStatus, AServerWithoutAFreeThreadMayBeTriedAgain) {
  std::string log_detail;
  const google::rpc::Status result =
      ToRpcStatus(GrpcStatus{absl::StatusCode::kResourceExhausted, "Server Threadpool Exhausted", ""}, &log_detail);
  EXPECT_EQ(result.code(), 14);
  ASSERT_EQ(result.details_size(), 2);
  EXPECT_EQ(UnpackErrorInfo(result.details(0))->reason, "OVERLOADED");
  EXPECT_TRUE(result.details(1).Is<google::rpc::RetryInfo>());
}

TEST(ToRpcStatus, DamagedDetailsDoNotCount) {
  std::string log_detail;
  google::rpc::Status other;
  other.set_code(3);
  other.set_message("of another call");
  for (const std::string& details : {std::string("\xff\xff"), other.SerializeAsString()}) {
    const google::rpc::Status result =
        ToRpcStatus(GrpcStatus{absl::StatusCode::kNotFound, "plain", details}, &log_detail);
    EXPECT_EQ(result.code(), 5);
    EXPECT_EQ(result.message(), "plain");
    EXPECT_EQ(result.details_size(), 0);
  }
}

}  // namespace
}  // namespace invoice::gateway
