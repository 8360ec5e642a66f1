#include "gateway/transcode/error_reply.h"

#include <gmock/gmock.h>
#include <google/rpc/error_details.pb.h>

#include <nlohmann/json.hpp>

#include "base/status.h"
#include "gateway/transcode/error_info.h"

namespace invoice::gateway {
namespace {

using Json = nlohmann::json;

google::rpc::Status Make(int code, std::string message) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message(std::move(message));
  return status;
}

TEST(MakeErrorReply, FollowsTheTableOfCodes) {
  struct Row {
    int code;
    const char* name;
    int http;
  };
  for (const Row& row :
       {Row{1, "CANCELLED", 499}, Row{2, "UNKNOWN", 500}, Row{3, "INVALID_ARGUMENT", 400},
        Row{4, "DEADLINE_EXCEEDED", 504}, Row{5, "NOT_FOUND", 404}, Row{6, "ALREADY_EXISTS", 409},
        Row{7, "PERMISSION_DENIED", 403}, Row{8, "RESOURCE_EXHAUSTED", 429}, Row{9, "FAILED_PRECONDITION", 400},
        Row{10, "ABORTED", 409}, Row{11, "OUT_OF_RANGE", 400}, Row{12, "UNIMPLEMENTED", 501}, Row{13, "INTERNAL", 500},
        Row{14, "UNAVAILABLE", 503}, Row{15, "DATA_LOSS", 500}, Row{16, "UNAUTHENTICATED", 401},
        Row{99, "UNKNOWN", 500}, Row{-1, "UNKNOWN", 500}}) {
    const ErrorReply reply = MakeErrorReply(Make(row.code, "m"));
    EXPECT_EQ(reply.http_status, row.http) << row.code;
    const Json error = Json::parse(reply.body)["error"];
    EXPECT_EQ(error["code"], row.http);
    EXPECT_EQ(error["status"], row.name);
    EXPECT_EQ(error["message"], "m");
    EXPECT_EQ(error["details"], Json::array());
  }
}

TEST(MakeErrorReply, HttpAloneMayDecideTheStatus) {
  const ErrorReply reply = MakeErrorReply(Make(3, "m"), 413);
  EXPECT_EQ(reply.http_status, 413);
  EXPECT_EQ(Json::parse(reply.body)["error"]["code"], 413);
}

TEST(MakeErrorReply, ShowsDetailsWithTheirTypes) {
  google::rpc::Status status = Make(9, "no \"rate\"\n");
  *status.add_details() = PackErrorInfo({"CONTRACT_INCOMPLETE", "invoice-enterprise", {{"missing", "ratePerHour"}}});
  google::rpc::BadRequest bad;
  bad.add_field_violations()->set_field("payment_terms.days_of_grace[3].per_cent");
  bad.add_field_violations()->set_field("paymentTerms.days");
  status.add_details()->PackFrom(bad);
  google::rpc::ResourceInfo resource;
  resource.set_resource_type("customer");
  status.add_details()->PackFrom(resource);
  google::protobuf::Any unknown;
  unknown.set_type_url("type.googleapis.com/no.such.Type");
  unknown.set_value("x");
  *status.add_details() = unknown;

  const Json details = Json::parse(MakeErrorReply(status).body)["error"]["details"];

  ASSERT_EQ(details.size(), 3u);
  EXPECT_EQ(details[0],
            Json::parse(R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"CONTRACT_INCOMPLETE",
                                        "domain":"invoice-enterprise","metadata":{"missing":"ratePerHour"}})"));
  EXPECT_EQ(details[1]["@type"], "type.googleapis.com/google.rpc.BadRequest");
  EXPECT_EQ(details[1]["fieldViolations"][0]["field"], "paymentTerms.daysOfGrace[3].perCent");
  EXPECT_EQ(details[1]["fieldViolations"][1]["field"], "paymentTerms.days");
  EXPECT_EQ(details[2]["resourceType"], "customer");
}

TEST(MakeErrorReply, DamagedDetailsSayNothing) {
  google::rpc::Status status = Make(3, "m");
  for (const char* url : {kErrorInfoUrl, "type.googleapis.com/google.rpc.BadRequest", ""}) {
    google::protobuf::Any detail;
    detail.set_type_url(url);
    detail.set_value("\xff\xff\xff");
    *status.add_details() = detail;
  }
  const Json details = Json::parse(MakeErrorReply(status).body)["error"]["details"];
  for (const Json& detail : details) {
    EXPECT_EQ(detail.size(), 1u) << "only the type may be left";
  }
}

TEST(MakeErrorReply, WritesEveryFieldInAFixedOrder) {
  google::rpc::Status status = Make(9, "m <b>");
  *status.add_details() = PackErrorInfo({"R", "d", {{"z", "1"}, {"a", "\u00e9"}, {"m", ""}}});
  *status.add_details() = PackErrorInfo({"R", "", {}});
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_nanos(500'000'000);
  status.add_details()->PackFrom(retry);
  EXPECT_EQ(MakeErrorReply(status).body,
            R"({"error":{"code":400,"status":"FAILED_PRECONDITION","message":"m \u003cb\u003e","details":[)"
            R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"R","domain":"d",)"
            "\"metadata\":{\"a\":\"\u00e9\",\"m\":\"\",\"z\":\"1\"}},"
            R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"R","domain":"","metadata":{}},)"
            R"({"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"0.500s"}]}})");
}

TEST(HasReason, LooksIntoAllDetails) {
  google::rpc::Status status = Make(10, "m");
  EXPECT_FALSE(HasReason(status, "STALE_ETAG"));
  status.add_details()->PackFrom(google::rpc::RetryInfo());
  *status.add_details() = PackErrorInfo({"STALE_ETAG", "d", {}});
  EXPECT_TRUE(HasReason(status, "STALE_ETAG"));
  EXPECT_FALSE(HasReason(status, "STALE"));
}

TEST(MakeErrorReply, RetryAfterOfOverloadAndOutageOnly) {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(1);
  retry.mutable_retry_delay()->set_nanos(500'000'000);
  for (const int code : {8, 14}) {
    google::rpc::Status status = Make(code, "m");
    EXPECT_EQ(MakeErrorReply(status).retry_after, std::nullopt);
    status.add_details()->PackFrom(retry);
    EXPECT_EQ(MakeErrorReply(status).retry_after, absl::Milliseconds(1500));
  }
  google::rpc::Status aborted = Make(10, "m");
  aborted.add_details()->PackFrom(retry);
  EXPECT_EQ(MakeErrorReply(aborted).retry_after, std::nullopt);
}

TEST(ToRpcStatus, CarriesReasonFieldsAndWait) {
  const google::rpc::Status fields = ToRpcStatus(base::InvalidFields({{"a.b", "x"}, {"c", "y"}}));
  const Json details = Json::parse(MakeErrorReply(fields).body)["error"]["details"];
  EXPECT_EQ(details[0]["reason"], "INVALID_FIELD");
  EXPECT_EQ(details[1]["fieldViolations"][1], Json::parse(R"({"field":"c","description":"expected y"})"));
  const google::rpc::Status wait = ToRpcStatus(base::Unavailable(base::Reason::kOverloaded, "busy", absl::Seconds(3)));
  EXPECT_EQ(MakeErrorReply(wait).retry_after, absl::Seconds(3));
}

TEST(MakeErrorReply, TextsThatAreNotUtf8DoNotBreakTheForm) {
  EXPECT_TRUE(Json::accept(MakeErrorReply(Make(3, "a\xff\x01 b")).body));
}

}  // namespace
}  // namespace invoice::gateway
