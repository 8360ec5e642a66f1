#include "rpc/status.h"

#include <gmock/gmock.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <gtest/gtest.h>

#include "base/status.h"

namespace invoice::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

google::rpc::Status Details(const grpc::Status& status) {
  google::rpc::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  return details;
}

template <typename Detail>
std::optional<Detail> Find(const google::rpc::Status& details) {
  for (const auto& any : details.details()) {
    Detail detail;
    if (any.Is<Detail>() && any.UnpackTo(&detail)) return detail;
  }
  return std::nullopt;
}

// The raw bytes of ErrorInfo hold its texts as they are.
std::string InfoBytes(const google::rpc::Status& details) {
  for (const auto& any : details.details()) {
    if (any.type_url() == "type.googleapis.com/google.rpc.ErrorInfo") return any.value();
  }
  return "";
}

TEST(Status, OkIsOk) { EXPECT_TRUE(ToGrpc(absl::OkStatus(), "r1").ok()); }

TEST(Status, FieldsAtFaultBecomeABadRequest) {
  const grpc::Status status =
      ToGrpc(base::InvalidFields({{"contract.taxes[1].rate", "a decimal"}, {"name", "a value"}}), "r1");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const google::rpc::Status details = Details(status);
  EXPECT_EQ(details.code(), 3);
  EXPECT_EQ(details.message(), status.error_message());
  EXPECT_THAT(InfoBytes(details), HasSubstr("INVALID_FIELD"));
  EXPECT_THAT(InfoBytes(details), HasSubstr("invoice-enterprise"));
  const auto bad = Find<google::rpc::BadRequest>(details);
  ASSERT_TRUE(bad.has_value());
  ASSERT_EQ(bad->field_violations_size(), 2);
  EXPECT_EQ(bad->field_violations(0).field(), "contract.taxes[1].rate");
  EXPECT_EQ(bad->field_violations(0).description(), "expected a decimal");
}

TEST(Status, AWaitBecomesRetryInfo) {
  const grpc::Status status = ToGrpc(
      base::Unavailable(base::Reason::kDatabaseUnavailable, "the database is away", absl::Milliseconds(2500)), "r1");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  const auto retry = Find<google::rpc::RetryInfo>(Details(status));
  ASSERT_TRUE(retry.has_value());
  EXPECT_EQ(retry->retry_delay().seconds(), 2);
  EXPECT_EQ(retry->retry_delay().nanos(), 500'000'000);
}

TEST(Status, WhatIsNotThereIsNamed) {
  const auto resource = Find<google::rpc::ResourceInfo>(Details(ToGrpc(base::NotFound("customer", "c1"), "r1")));
  ASSERT_TRUE(resource.has_value());
  EXPECT_EQ(resource->resource_type(), "customer");
  EXPECT_EQ(resource->resource_name(), "c1");
}

TEST(Status, FaultsOfOursAreHidden) {
  const std::vector<absl::Status> faults = {
      absl::InternalError("SELECT secret"), absl::UnknownError("SELECT secret"), absl::NotFoundError("SELECT secret"),
      absl::UnavailableError("SELECT secret"),
      base::Failure(absl::StatusCode::kInternal, base::Reason::kInternal, "SELECT secret", {{"sql", "SELECT secret"}})};
  for (const absl::Status& fault : faults) {
    EXPECT_TRUE(IsFaultOfOurs(fault));
    const grpc::Status status = ToGrpc(fault, "request-7");
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
    EXPECT_THAT(status.error_message(), HasSubstr("request-7"));
    EXPECT_THAT(status.error_message() + status.error_details(), Not(HasSubstr("secret")));
    EXPECT_EQ(Find<google::rpc::RequestInfo>(Details(status))->request_id(), "request-7");
  }
}

TEST(Status, CancellationAndDeadlinesNeedNoReason) {
  EXPECT_EQ(ToGrpc(absl::CancelledError("x"), "r").error_code(), grpc::StatusCode::CANCELLED);
  const grpc::Status late = ToGrpc(absl::DeadlineExceededError("x"), "r");
  EXPECT_EQ(late.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_THAT(InfoBytes(Details(late)), HasSubstr("DEADLINE_EXCEEDED"));
}

TEST(Status, LongFaultsFitTheMetadata) {
  std::vector<base::FieldViolation> many;
  for (int i = 0; i < 20; ++i) many.push_back({std::string(400, 'p'), std::string(400, 'e')});
  const grpc::Status status = ToGrpc(base::InvalidFields(many), "r");
  EXPECT_LT(status.error_details().size() * 4 / 3 + status.error_message().size(), 8192u);
  EXPECT_GT(Find<google::rpc::BadRequest>(Details(status))->field_violations_size(), 0);
}

}  // namespace
}  // namespace invoice::rpc
