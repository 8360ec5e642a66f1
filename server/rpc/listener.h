// Accepts the connections of a gRPC server, because the listener of gRPC 1.51 never accepts again once descriptors ran
// out, and bounds neither their number nor that of an address. What there is no room for is closed at once.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/config.h"
#include "rpc/open_connections.h"

namespace invoice::rpc {

class Listener {
 public:
  // Listens on all addresses of the host; clients wait until Start(). UNAVAILABLE where that cannot be.
  static absl::StatusOr<std::unique_ptr<Listener>> Bind(const base::HostPort& address);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int port() const { return port_; }
  // Hands on each connection for which there is room, from a thread of its own. The receiver closes it.
  void Start(OpenConnections connections, std::function<void(int fd)> receive);
  // No more are handed on when it returns. Once.
  void Stop();

 private:
  Listener() = default;
  absl::Status BindAll(const base::HostPort& address);
  void Run();
  // False where it must not be tried again for a while.
  bool AcceptFrom(int listening);
  void Receive(int fd, const std::string& address);
  void LogRefusal(const char* reason, const std::string& address);

  std::vector<int> listening_;
  int wake_ = -1;  // an eventfd: the thread ends
  int port_ = 0;
  std::unique_ptr<OpenConnections> connections_;
  std::function<void(int fd)> receive_;
  absl::Time next_log_ = absl::InfinitePast();
  int64_t unlogged_ = 0;  // refused since the last line
  std::thread thread_;
};

}  // namespace invoice::rpc
