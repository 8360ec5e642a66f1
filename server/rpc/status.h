// absl::Status as the outside sees it. Only failures made by base/status.h show their message; everything else is
// INTERNAL with a fixed sentence and the request id, and its detail is for the log. Pure.
#pragma once

#include <grpcpp/support/status.h>

#include <string_view>

#include "absl/status/status.h"

namespace invoice::rpc {

// Domain of google.rpc.ErrorInfo.
inline constexpr char kErrorDomain[] = "invoice-enterprise";

// Whether the status hides a fault of ours, which the log must show.
bool IsFaultOfOurs(const absl::Status& status);

// The status with google.rpc.Status in its details: ErrorInfo always; BadRequest, RetryInfo, ResourceInfo and
// RequestInfo where they say something. Bounded, so that it fits the metadata of a gRPC answer.
grpc::Status ToGrpc(const absl::Status& status, std::string_view request_id);

}  // namespace invoice::rpc
