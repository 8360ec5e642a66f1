// An HTTP/1.1 server on one address, with a bound on everything: connections, memory, sizes and times. The I/O threads
// carry all connections; none of them waits for a client. It knows HTTP and nothing of what the requests mean. Thread
// safe.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/config.h"
#include "gateway/http/exchange.h"
#include "gateway/http/trusted_proxies.h"
#include "gateway/limits.h"

namespace invoice::gateway {

class IoThreads;

struct ServerOptions {
  base::HostPort listen;
  TrustedProxies proxies = {};
  size_t max_connections = kMaxConnections;
  size_t max_connections_of_address = kMaxConnectionsOfAddress;
  size_t max_buffered_bytes = kMaxBufferedBytes;
  absl::Duration head_wait = kHeadWait;
  absl::Duration body_wait = kBodyWait;
  absl::Duration write_wait = kWriteWait;
  std::shared_ptr<IoThreads> io = nullptr;  // null for threads of its own
};

class HttpServer {
 public:
  // Listens at once; port 0 takes a free one. UNAVAILABLE where the address cannot be bound.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(ServerOptions options, HttpHandler handler);
  // Works of connections may run until the I/O threads end; threads of its own are ended.
  ~HttpServer();

  int port() const;
  int open_connections() const;
  // Bytes that all connections hold.
  size_t buffered_bytes() const;

  // Takes no new connection, closes idle ones, lets running requests end within `patience`, then ends them. Once.
  void Stop(absl::Duration patience);

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace invoice::gateway
