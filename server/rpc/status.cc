#include "rpc/status.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/error_info.pb.h>
#include <google/rpc/status.pb.h>

#include <algorithm>
#include <string>

#include "base/field_fault.h"
#include "base/status.h"
#include "base/text.h"
#include "fmt/format.h"

namespace invoice::rpc {
namespace {

using base::ErrorDetail;
using base::Reason;

// gRPC clients refuse metadata above 8 KiB, and the details travel in base64.
constexpr size_t kMaxDetailBytes = 4096;
constexpr size_t kMaxMessageBytes = 500;

// The shortest end of the text is cut off that leaves it well formed.
std::string Shortened(std::string_view text) {
  if (text.size() <= kMaxMessageBytes) return std::string(text);
  size_t size = kMaxMessageBytes;
  while (size > 0 && (text[size] & 0xC0) == 0x80) --size;
  return std::string(text.substr(0, size)) + "...";
}

// What the client is told: a code, a sentence, a reason.
struct StatusAnswer {
  absl::StatusCode code;
  std::string message;
  ErrorDetail detail;
};

StatusAnswer StatusAnswerTo(const absl::Status& status, std::string_view request_id) {
  ErrorDetail detail = base::DetailOf(status);
  if (IsFaultOfOurs(status)) {
    detail = ErrorDetail{.reason = Reason::kInternal, .metadata = {{"requestId", std::string(request_id)}}};
    return {
        absl::StatusCode::kInternal,
        fmt::format("The server failed to handle the request. Please report it with the request id {}.", request_id),
        detail};
  }
  if (detail.reason == Reason::kUnknown) {
    const bool cancelled = status.code() == absl::StatusCode::kCancelled;
    detail.reason = cancelled ? Reason::kCancelled : Reason::kDeadlineExceeded;
    return {status.code(), cancelled ? "The call was cancelled." : "The call took longer than its deadline.", detail};
  }
  return {status.code(), Shortened({status.message().data(), status.message().size()}), std::move(detail)};
}

google::rpc::ErrorInfo InfoOf(const ErrorDetail& detail) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(base::ReasonName(detail.reason)));
  info.set_domain(kErrorDomain);
  for (const auto& [key, value] : detail.metadata) (*info.mutable_metadata())[key] = Shortened(value);
  return info;
}

google::rpc::BadRequest BadRequestOf(const std::vector<base::FieldViolation>& violations) {
  google::rpc::BadRequest bad;
  for (const base::FieldViolation& violation : violations) {
    auto* added = bad.add_field_violations();
    added->set_field(violation.field);
    added->set_description(base::DescribeFault(violation.expected));
    if (bad.ByteSizeLong() > kMaxDetailBytes) {
      bad.mutable_field_violations()->RemoveLast();
      break;
    }
  }
  return bad;
}

std::string DetailsOf(const StatusAnswer& answer, std::string_view request_id) {
  google::rpc::Status details;
  details.set_code(static_cast<int>(answer.code));
  details.set_message(answer.message);
  const ErrorDetail& detail = answer.detail;
  details.add_details()->PackFrom(InfoOf(detail));
  if (!detail.fields.empty()) details.add_details()->PackFrom(BadRequestOf(detail.fields));
  if (detail.retry_after) {
    google::rpc::RetryInfo retry;
    const int64_t wait_ms = std::max<int64_t>(0, absl::ToInt64Milliseconds(*detail.retry_after));
    retry.mutable_retry_delay()->set_seconds(wait_ms / 1000);
    retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(wait_ms % 1000) * 1'000'000);
    details.add_details()->PackFrom(retry);
  }
  if (detail.reason == Reason::kNotFound && detail.metadata.contains("resource")) {
    google::rpc::ResourceInfo resource;
    resource.set_resource_type(detail.metadata.at("resource"));
    if (detail.metadata.contains("id")) resource.set_resource_name(detail.metadata.at("id"));
    details.add_details()->PackFrom(resource);
  }
  if (answer.code == absl::StatusCode::kInternal) {
    google::rpc::RequestInfo request;
    request.set_request_id(std::string(request_id));
    details.add_details()->PackFrom(request);
  }
  return details.SerializeAsString();
}

}  // namespace

bool IsFaultOfOurs(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return false;
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return true;
    // gRPC, SQL or a wait may say these without one of our reasons.
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kDeadlineExceeded:
      return false;
    default:
      return base::DetailOf(status).reason == Reason::kUnknown;
  }
}

grpc::Status ToGrpc(const absl::Status& status, std::string_view request_id) {
  if (status.ok()) return grpc::Status::OK;
  const StatusAnswer answer = StatusAnswerTo(status, request_id);
  return grpc::Status(static_cast<grpc::StatusCode>(answer.code), answer.message, DetailsOf(answer, request_id));
}

}  // namespace invoice::rpc
