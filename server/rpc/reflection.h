// Server reflection in version v1 (grpc.reflection.v1): gRPC's own plugin serves v1alpha alone, and newer clients ask
// for v1 first. Describes what is linked into the process. Thread safe.
#pragma once

#include <grpcpp/impl/service_type.h>

#include <memory>
#include <string>
#include <vector>

namespace invoice::rpc {

// For the server builder; must outlive the server. `services` are the full names that it lists.
std::unique_ptr<grpc::Service> MakeReflectionService(std::vector<std::string> services);

}  // namespace invoice::rpc
