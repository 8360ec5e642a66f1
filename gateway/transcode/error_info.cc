#include "gateway/transcode/error_info.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/rpc/error_info.pb.h>

namespace invoice::gateway {

google::protobuf::Any PackErrorInfo(const ErrorInfo& info) {
  google::rpc::ErrorInfo message;
  message.set_reason(info.reason);
  message.set_domain(info.domain);
  message.mutable_metadata()->insert(info.metadata.begin(), info.metadata.end());
  google::protobuf::Any detail;
  detail.set_type_url(kErrorInfoUrl);
  google::protobuf::io::StringOutputStream stream(detail.mutable_value());
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);  // the order of the names
  message.SerializeToCodedStream(&coded);
  return detail;
}

std::optional<ErrorInfo> UnpackErrorInfo(const google::protobuf::Any& detail) {
  google::rpc::ErrorInfo message;
  if (!detail.Is<google::rpc::ErrorInfo>() || !detail.UnpackTo(&message)) return std::nullopt;
  return ErrorInfo{message.reason(), message.domain(), {message.metadata().begin(), message.metadata().end()}};
}

}  // namespace invoice::gateway
