// The end of a gRPC call as google.rpc.Status. Pure.
#pragma once

#include <google/rpc/status.pb.h>

#include <string>

#include "absl/status/status.h"

namespace invoice::gateway {

// What gRPC says at the end of a call.
struct GrpcStatus {
  absl::StatusCode code = absl::StatusCode::kOk;
  std::string message;
  std::string details;  // the bytes of a google.rpc.Status, or nothing

  bool ok() const { return code == absl::StatusCode::kOk; }
};

// The status that the backend sent in grpc-status-details-bin. Where there is none, the text came from gRPC, names
// addresses and internals, and is no business of clients: for the codes that gRPC makes by itself it is replaced and
// put into `log_detail`.
google::rpc::Status ToRpcStatus(const GrpcStatus& status, std::string* log_detail);

// UNAVAILABLE, OVERLOADED, with the time of a second try: the one answer where there is no room, of the gateway or of
// the backend.
google::rpc::Status OverloadedStatus();

}  // namespace invoice::gateway
