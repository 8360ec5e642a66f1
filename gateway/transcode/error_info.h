// google.rpc.ErrorInfo with its metadata in order. Pure.
#pragma once

#include <google/protobuf/any.pb.h>

#include <map>
#include <optional>
#include <string>

namespace invoice::gateway {

inline constexpr char kErrorInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";

struct ErrorInfo {
  std::string reason;
  std::string domain;
  std::map<std::string, std::string> metadata;
};

google::protobuf::Any PackErrorInfo(const ErrorInfo& info);
// Nothing where the detail is of another type or damaged.
std::optional<ErrorInfo> UnpackErrorInfo(const google::protobuf::Any& detail);

}  // namespace invoice::gateway
