// Path, query and body of one HTTP request into the request message of its route. Pure: it sees texts and gives a
// message or a status with every fault found.
#pragma once

#include <google/protobuf/message.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "gateway/transcode/routes.h"

namespace invoice::gateway {

struct RequestParts {
  std::vector<std::string> variables;  // as RouteTable::Find() gave them
  std::string_view query;              // after the "?", as it came
  std::string_view body;               // empty for none
};

// INVALID_ARGUMENT with the paths at fault. A PATCH without a mask gets the mask of the fields that its body has.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> ReadRequest(const Route& route, const RequestParts& parts);

}  // namespace invoice::gateway
