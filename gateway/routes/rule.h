// One google.api.http rule into a route: what google/api/http.proto allows, and nothing else. Pure.
#pragma once

#include <google/api/http.pb.h>
#include <google/protobuf/descriptor.h>

#include <memory>

#include "absl/status/statusor.h"
#include "gateway/routes/path_template.h"
#include "gateway/routes/route.h"

namespace invoice::gateway {

struct ReadRoute {
  std::unique_ptr<Route> route;
  PathTemplate path;
};

// The tables must have the messages of the method. INVALID_ARGUMENT says what is wrong with the rule.
absl::StatusOr<ReadRoute> ReadRule(const google::api::HttpRule& rule, const google::protobuf::MethodDescriptor* method,
                                   const MessageTables& messages);

}  // namespace invoice::gateway
