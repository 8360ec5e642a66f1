// What the metadata of a call says: who, under which request id, from where, until when, with which idempotency key.
// Pure but for the clock of a new request id.
#pragma once

#include <grpcpp/server_context.h>

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "app/call.h"
#include "base/trusted_proxies.h"
#include "invoice/v1/annotations.pb.h"
#include "rpc/method.h"

namespace invoice::rpc {

struct Door;

// One value of the metadata; empty where there is none.
std::string_view MetadataValue(const grpc::ServerContextBase& server, const char* key);

// x-request-id where it is 1 to 64 letters, digits and "._-", else nothing.
std::string_view RequestIdOf(const grpc::ServerContextBase& server);

// The client's address without a port: the peer's, or, where that is one of `proxies`, the last one in x-forwarded-for
// that is none of them.
std::string RemoteOf(const grpc::ServerContextBase& server, const base::TrustedProxies& proxies);

// When the call must have ended: the client's deadline, at most kMaxDeadline away; kDefaultDeadline where it gave none.
// Streams without one last as long as the client listens.
absl::Time DeadlineOf(const grpc::ServerContextBase& server, bool is_stream, absl::Time now);

// The actor behind the bearer key, whose role reaches the method's level. PUBLIC methods look at no key.
absl::StatusOr<app::Actor> ActorOf(const Door& door, const Method& method, const grpc::ServerContextBase& server);

// The idempotency key of a change, empty where there is none; of a method that changes nothing it is ignored.
// INVALID_ARGUMENT where it is longer than kMaxIdempotencyKeyBytes or has other than visible ASCII characters.
absl::StatusOr<std::string> IdempotencyKeyOf(const Method& method, const grpc::ServerContextBase& server);

}  // namespace invoice::rpc
