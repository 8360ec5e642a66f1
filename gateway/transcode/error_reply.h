// The one form of every error: {"error":{"code":409,"status":"ALREADY_EXISTS","message":"...","details":[...]}}. Pure.
#pragma once

#include <google/rpc/status.pb.h>

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace invoice::gateway {

struct ErrorReply {
  int http_status = 500;
  std::string body;
  std::optional<absl::Duration> retry_after;  // of 429 and 503
};

// By the standard table. `http_status` other than 0 takes its place, for errors that HTTP alone knows (405, 413).
ErrorReply MakeErrorReply(const google::rpc::Status& status, int http_status = 0);

// A status that the gateway made, with its reason and field paths as details.
google::rpc::Status ToRpcStatus(const absl::Status& status);

// An error of the gateway's own with a reason of its own.
google::rpc::Status MakeRpcStatus(absl::StatusCode code, std::string_view reason, std::string_view message);

// Whether a google.rpc.ErrorInfo of the status has this reason.
bool HasReason(const google::rpc::Status& status, std::string_view reason);

// The HTTP status of a gRPC code.
int HttpStatusOf(int code);
// "ALREADY_EXISTS".
std::string_view CodeName(int code);

}  // namespace invoice::gateway
