// The calls of gRPC's callback API. A handler runs in a thread of a bounded pool; no thread waits for a client that
// takes its answer slowly, but the handler of a stream waits for each of its messages. A client that takes nothing of
// an answer for kSendWait is cut off. Thread safe.
#pragma once

#include <grpcpp/impl/rpc_service_method.h>

#include <atomic>
#include <memory>

#include "rpc/serve.h"

namespace invoice::rpc {

class Calls {
 public:
  // At most `max_calls` handlers run at a time, a quarter of them of PUBLIC methods; further calls are refused with
  // UNAVAILABLE. `door` must outlive it.
  Calls(const Door& door, int max_calls);
  // The server that has the methods must be gone.
  ~Calls();
  Calls(const Calls&) = delete;
  Calls& operator=(const Calls&) = delete;

  // Adds the method to a service. The endpoint must outlive the server.
  std::unique_ptr<grpc::internal::MethodHandler> HandlerOf(Endpoint* endpoint);

 private:
  struct Shared;
  class UnaryCall;
  class StreamCall;
  const std::unique_ptr<Shared> shared_;
};

}  // namespace invoice::rpc
