#include "gateway/upstream/call_status.h"

#include <google/rpc/error_details.pb.h>

#include <optional>
#include <string_view>

#include "absl/time/time.h"
#include "base/reasons.h"
#include "gateway/limits.h"
#include "gateway/reasons.h"
#include "gateway/transcode/error_reply.h"

namespace invoice::gateway {
namespace {

// What gRPC's server says when all its threads are busy; any other RESOURCE_EXHAUSTED of its own is a message that is
// too large.
constexpr std::string_view kThreadsExhausted = "Server Threadpool Exhausted";

struct Replacement {
  absl::StatusCode code;
  std::string_view reason;
  std::string_view sentence;
};

Replacement Overloaded() {
  return {absl::StatusCode::kUnavailable, base::ReasonName(base::Reason::kOverloaded),
          "the service has no room for more calls at the moment"};
}

google::rpc::Status ToStatus(const Replacement& replacement) {
  google::rpc::Status result = MakeRpcStatus(replacement.code, replacement.reason, replacement.sentence);
  if (replacement.code == absl::StatusCode::kUnavailable) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(absl::ToInt64Seconds(kRetryAfterUnreachable));
    result.add_details()->PackFrom(retry);
  }
  return result;
}

// What stands in place of gRPC's own text, or nothing where the backend's text stands.
std::optional<Replacement> ReplacementOf(const GrpcStatus& status) {
  switch (status.code) {
    case absl::StatusCode::kUnavailable:
    // Without details of the backend's, gRPC itself cancelled the call: the backend is stopping. Where the client went
    // away nobody reads the answer.
    case absl::StatusCode::kCancelled:
      return Replacement{absl::StatusCode::kUnavailable, kBackendUnreachable,
                         "the service cannot be reached at the moment"};
    case absl::StatusCode::kDeadlineExceeded:
      return Replacement{absl::StatusCode::kDeadlineExceeded, base::ReasonName(base::Reason::kDeadlineExceeded),
                         "the call took too long and was given up"};
    case absl::StatusCode::kUnimplemented:
      return Replacement{absl::StatusCode::kUnimplemented, base::ReasonName(base::Reason::kNotImplemented),
                         "the service does not have this method"};
    case absl::StatusCode::kResourceExhausted:
      if (status.message == kThreadsExhausted) return Overloaded();
      [[fallthrough]];  // a message that is too large; trying again does not help
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return Replacement{absl::StatusCode::kInternal, base::ReasonName(base::Reason::kInternal),
                         "the service failed to answer"};
    default:
      return std::nullopt;
  }
}

}  // namespace

google::rpc::Status ToRpcStatus(const GrpcStatus& status, std::string* log_detail) {
  google::rpc::Status result;
  if (status.ok()) return result;
  const int code = static_cast<int>(status.code);
  if (!status.details.empty() && result.ParseFromString(status.details) && result.code() == code) return result;
  result.Clear();
  result.set_code(code);
  result.set_message(status.message);
  const std::optional<Replacement> replacement = ReplacementOf(status);
  if (!replacement) return result;
  *log_detail = status.message;
  return ToStatus(*replacement);
}

google::rpc::Status OverloadedStatus() { return ToStatus(Overloaded()); }

}  // namespace invoice::gateway
