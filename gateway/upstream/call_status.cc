#include "gateway/upstream/call_status.h"

#include <google/rpc/error_details.pb.h>

#include "absl/time/time.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

// The sentence in place of gRPC's own; null where the backend's text stands.
const char* OwnSentence(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::UNAVAILABLE:
      return "the service cannot be reached at the moment";
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return "the call took too long and was given up";
    case grpc::StatusCode::CANCELLED:
      return "the call was cancelled";
    case grpc::StatusCode::UNIMPLEMENTED:
      return "the service does not have this method";
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNKNOWN:
    case grpc::StatusCode::DATA_LOSS:
      return "the service failed to answer";
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return "the answer is too large, or the service has too much to do";
    default:
      return nullptr;
  }
}

}  // namespace

google::rpc::Status ToRpcStatus(const grpc::Status& status, std::string* log_detail) {
  google::rpc::Status result;
  if (status.ok()) return result;
  const std::string details = status.error_details();
  if (!details.empty() && result.ParseFromString(details) && result.code() == status.error_code()) return result;
  result.Clear();
  result.set_code(status.error_code());
  result.set_message(status.error_message());
  const char* sentence = OwnSentence(status.error_code());
  if (sentence == nullptr) return result;
  *log_detail = status.error_message();
  result.set_message(sentence);
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(absl::ToInt64Seconds(kRetryAfterUnreachable));
    result.add_details()->PackFrom(retry);
  }
  return result;
}

}  // namespace invoice::gateway
