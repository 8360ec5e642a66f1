// An HTTP/1.1 server on one address, with a bound on everything: connections (each holds a thread), waiting
// connections, sizes and times. It knows HTTP and nothing of what the requests mean. Thread safe.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/config.h"
#include "gateway/http/exchange.h"

namespace invoice::gateway {

class HttpServer {
 public:
  // Listens at once; port 0 takes a free one. The handler runs in many threads at a time and must not throw.
  // UNAVAILABLE where the address cannot be bound.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const base::HostPort& listen, HttpHandler handler);
  ~HttpServer();

  int port() const;
  int open_connections() const;

  // Takes no new connection, closes idle ones, lets running requests end within `patience`, then ends them. Once.
  void Stop(absl::Duration patience);

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace invoice::gateway
