// A request that has a route: into a gRPC call, and its answer back. Knows messages by their descriptors only. Thread
// safe.
#pragma once

#include <string>

#include "gateway/responder.h"
#include "gateway/transcode/route_table.h"
#include "gateway/transcode/routes.h"
#include "gateway/upstream/upstream.h"

namespace invoice::gateway {

// Answers through `responder`, whatever happens.
void Forward(const RouteTable::Match& match, const std::string& request_id, Backend& backend, Responder& responder);

}  // namespace invoice::gateway
