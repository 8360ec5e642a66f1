// The routes of all services of a package, read from the google.api.http options of the linked protos once, at start. A
// rule that is wrong, or that asks for something the gateway does not do, fails the start. Immutable; safe to share
// between threads.
#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "gateway/routes/route.h"
#include "gateway/routes/route_table.h"
#include "gateway/transcode/message_table.h"

namespace invoice::gateway {

class Routes {
 public:
  // All services of the package in the generated pool. INVALID_ARGUMENT or ALREADY_EXISTS names the method at fault;
  // NOT_FOUND where the package has no service.
  static absl::StatusOr<std::unique_ptr<Routes>> Build(std::string_view package);
  // The same for services named one by one, from any pool.
  static absl::StatusOr<std::unique_ptr<Routes>> Build(
      const std::vector<const google::protobuf::ServiceDescriptor*>& services);

  const RouteTable& table() const { return table_; }
  const std::vector<std::unique_ptr<Route>>& all() const { return routes_; }
  const MessageTables& messages() const { return *messages_; }

 private:
  absl::Status Add(const google::protobuf::MethodDescriptor* method);

  std::unique_ptr<MessageTables> messages_;
  RouteTable table_;
  std::vector<std::unique_ptr<Route>> routes_;
};

}  // namespace invoice::gateway
