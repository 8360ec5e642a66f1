// What the descriptor of a method says about it, read once at start: its name, who may call it, whether it changes
// anything, and how its request lies in a REST body. Immutable and safe to share between threads.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "invoice/v1/annotations.pb.h"

namespace invoice::rpc {

struct Method {
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  std::string name;  // "invoice.v1.VendorService/CreateVendor"
  std::string path;  // "/invoice.v1.VendorService/CreateVendor"
  v1::Access::Level access = v1::Access::LEVEL_UNSPECIFIED;
  bool is_change = false;  // honours an idempotency key

  // The field that is the body of the REST request; nullptr where the body is the whole request, or there is none.
  // Paths in errors leave it out, as the caller of REST does.
  const google::protobuf::FieldDescriptor* body = nullptr;
  // The fields that the REST path binds, each from the request downwards.
  std::vector<std::vector<const google::protobuf::FieldDescriptor*>> path_fields;
  // Of an update: the mask, and the field it speaks about. Both or neither.
  const google::protobuf::FieldDescriptor* update_mask = nullptr;
  const google::protobuf::FieldDescriptor* resource = nullptr;
};

// FAILED_PRECONDITION naming the fault where the method has no access level or an HTTP rule that does not fit its
// request.
absl::StatusOr<Method> ReadMethod(const google::protobuf::MethodDescriptor* descriptor);

}  // namespace invoice::rpc
