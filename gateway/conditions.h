// The headers of a request that stand for fields of its message: the version that must be current, and the event to go
// on behind. Pure.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "gateway/http/message.h"
#include "gateway/routes/route.h"

namespace invoice::gateway {

// Views into the request.
struct Conditions {
  std::string_view etag;           // of If-Match; empty where every version is good
  std::string_view last_event_id;  // empty from the beginning
};

// INVALID_ARGUMENT where a header is malformed, and where a change is bound to a condition that its method cannot
// check: it is never made unconditionally. A read does not look at If-Match.
absl::StatusOr<Conditions> ReadConditions(const Route& route, const HttpRequest& request);

}  // namespace invoice::gateway
