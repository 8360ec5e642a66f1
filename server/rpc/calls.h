// The calls of gRPC's callback API. Handlers run in threads of bounded pools; no thread waits for a client that takes
// its answer slowly, nor for the next message of a stream. A client that does not take an answer within kSendWait, and
// a second more for each kMinSendBytesPerSecond of it, is cut off. Where untaken answers hold more than kMaxUnsentBytes,
// the oldest are cut off. Thread safe.
#pragma once

#include <grpcpp/impl/rpc_service_method.h>

#include <memory>

#include "rpc/serve.h"

namespace invoice::rpc {

class Calls {
 public:
  // At most `max_calls` handlers of methods with a key run at a time, and a quarter as many of PUBLIC ones, for which
  // kMaxWaitingCalls may wait. Of streams kMaxOpenStreams may be open. Further calls are refused with UNAVAILABLE.
  // `door` must outlive it.
  Calls(const Door& door, int max_calls);
  // The server that has the methods must be gone.
  ~Calls();
  Calls(const Calls&) = delete;
  Calls& operator=(const Calls&) = delete;

  // Adds the method to a service. The endpoint must outlive the server.
  std::unique_ptr<grpc::internal::MethodHandler> HandlerOf(Endpoint* endpoint);

 private:
  struct Shared;
  template <typename Reactor>
  class CallOf;
  class UnaryCall;
  class StreamCall;
  const std::unique_ptr<Shared> shared_;
};

}  // namespace invoice::rpc
