// The routes of all services of a package, read from the google.api.http options of the linked protos once, at start. A
// rule that is wrong, or that asks for something the gateway does not do, fails the start. Immutable; safe to share
// between threads.
#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "gateway/routes/route_table.h"
#include "gateway/transcode/message_table.h"

namespace invoice::gateway {

// A field within nested messages, outermost first.
using FieldPath = absl::InlinedVector<const FieldTable*, 4>;

// The parts of a message that reaches REST as bytes.
struct RawBody {
  const FieldTable* content_type = nullptr;
  const FieldTable* data = nullptr;
  const FieldTable* file_name = nullptr;
};

// One HTTP method and path, and the gRPC method behind it.
struct Route {
  enum class Body {
    kNone,   // no body is taken
    kWhole,  // the body is the request message
    kField,  // the body is one field of it
  };

  std::string http_method;
  std::string path;  // the template, for logs and metrics
  std::string rpc;   // "/invoice.v1.CustomerService/GetCustomer"
  const MessageTable* request = nullptr;
  const MessageTable* response = nullptr;
  std::vector<FieldPath> variables;  // the field of each wildcard; empty for a plain "*"
  Body body = Body::kNone;
  const FieldTable* body_field = nullptr;   // of kField
  const FieldTable* update_mask = nullptr;  // the mask that a PATCH body gives where none is sent
  bool server_streaming = false;
  std::optional<RawBody> raw_body;
};

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
  std::unique_ptr<MessageTables> messages_;
  RouteTable table_;
  std::vector<std::unique_ptr<Route>> routes_;
};

}  // namespace invoice::gateway
