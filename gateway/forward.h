// A request that has a route: into a gRPC call, and its answer back. Nothing waits. Knows messages by their descriptors
// only. Thread safe.
#pragma once

#include "absl/time/time.h"
#include "gateway/credentials.h"
#include "gateway/limits.h"
#include "gateway/responder.h"
#include "gateway/routes/route_table.h"
#include "gateway/routes/routes.h"
#include "gateway/upstream/upstream.h"

namespace invoice::gateway {

// The backend, and how long it may take.
struct Target {
  Backend& backend;
  absl::Duration unary_deadline = kUnaryDeadline;
  absl::Duration stream_deadline = kStreamDeadline;
};

// Answers through `responder`, whatever happens.
void Forward(const RouteTable::Match& match, const Credentials& credentials, const Target& target,
             const ResponderPtr& responder);

}  // namespace invoice::gateway
