// Which connections of the gRPC port are open, and whether there is room for one more. gRPC closes them and tells
// nobody: one is closed where its descriptor holds another socket, or none. Belongs to one thread.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <unordered_map>

#include "absl/time/time.h"
#include "base/trusted_proxies.h"

namespace invoice::rpc {

class OpenConnections {
 public:
  // At most `most`. The proxies alone may have the last kProxyShare-th of them; any other address has at most one
  // kAddressShare-th.
  OpenConnections(int most, base::TrustedProxies proxies);

  // Counts the connection until it is closed. False where there is no room for it.
  bool Add(int fd, const std::string& address);
  int count() const { return static_cast<int>(connections_.size()); }

 private:
  struct Connection {
    ino_t socket = 0;
    std::string address;
    bool is_proxy = false;
  };

  bool HasRoom(const Connection& connection) const;
  // Looks which ones are closed; not again within kClosedCheck.
  void ForgetClosed();
  void Forget(std::unordered_map<int, Connection>::iterator connection);

  const int most_;
  const base::TrustedProxies proxies_;
  std::unordered_map<int, Connection> connections_;  // by descriptor
  std::map<std::string, int> by_address_;            // of those that are no proxies
  int strangers_ = 0;
  absl::Time next_check_ = absl::InfinitePast();
};

}  // namespace invoice::rpc
