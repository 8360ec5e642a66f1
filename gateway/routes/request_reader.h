// Path, query and body of one HTTP request into the wire bytes of its route's request message. Pure: it sees texts and
// gives bytes or a status with every fault found.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "gateway/routes/route.h"

namespace invoice::gateway {

struct RequestParts {
  std::vector<std::string_view> variables;  // as RouteTable::Find() gave them
  std::string_view query;                   // after the "?", as it came
  std::string_view body;                    // empty for none
  std::string_view etag = {};               // of the header If-Match, in plain ASCII; empty for none
  std::string_view last_event_id = {};      // the header, in plain ASCII; empty for none
};

// INVALID_ARGUMENT with the paths at fault. A PATCH without a mask gets the mask of the fields that its body has. Parts
// of one message may stand apart in the bytes, as the wire format allows.
absl::StatusOr<std::string> ReadRequest(const Route& route, const RequestParts& parts);

}  // namespace invoice::gateway
