// The gRPC server: the API with reflection and grpc.health.v1, with bounds on threads, messages and metadata. The
// health service says what `is_ready` said last. Stop() may be called from any thread.
#pragma once

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <functional>
#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/trusted_proxies.h"
#include "rpc/api.h"
#include "rpc/limits.h"
#include "rpc/listener.h"

namespace invoice::rpc {

struct ServerOptions {
  base::HostPort listen;  // port 0 takes a free one
  bool reflection = true;
  int max_connections = kMaxConnections;
  base::TrustedProxies proxies;  // for which a part of the connections is kept
  // Asked at once and then in this interval, in a thread of its own; none: always serving.
  std::function<bool()> is_ready;
  absl::Duration ready_interval = absl::Seconds(5);
};

class Server {
 public:
  // UNAVAILABLE where the address cannot be bound. `api` must outlive the server.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options, const Api& api);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const { return listener_->port(); }
  // Says NOT_SERVING, takes no new call, lets running ones end within `grace` and then cancels them; returns when all
  // are gone.
  void Stop(absl::Duration grace = base::kShutdownWait);

 private:
  Server() = default;
  void FollowReadiness(const std::function<bool()>& is_ready, absl::Duration interval);

  std::unique_ptr<Listener> listener_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<grpc::Service> reflection_;  // outlives the server; none where it is off
  std::unique_ptr<grpc::Server> server_;
  std::thread readiness_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

// Sends what protobuf and gRPC print by themselves to base::Log. Once, at start of the process.
void RouteLibraryLogs();

}  // namespace invoice::rpc
