#include "gateway/transcode/error_info.h"

#include <google/rpc/error_info.pb.h>

namespace invoice::gateway {

google::protobuf::Any PackErrorInfo(const ErrorInfo& info) {
  google::rpc::ErrorInfo message;
  message.set_reason(info.reason);
  message.set_domain(info.domain);
  message.mutable_metadata()->insert(info.metadata.begin(), info.metadata.end());
  google::protobuf::Any detail;
  detail.PackFrom(message);
  return detail;
}

std::optional<ErrorInfo> UnpackErrorInfo(const google::protobuf::Any& detail) {
  google::rpc::ErrorInfo message;
  if (!detail.Is<google::rpc::ErrorInfo>() || !detail.UnpackTo(&message)) return std::nullopt;
  return ErrorInfo{message.reason(), message.domain(), {message.metadata().begin(), message.metadata().end()}};
}

}  // namespace invoice::gateway
