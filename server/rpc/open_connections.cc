#include "rpc/open_connections.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "rpc/limits.h"

namespace invoice::rpc {
namespace {

// The socket behind a descriptor; 0 where there is none.
ino_t SocketOf(int fd) {
  struct stat status {};
  return fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode) ? status.st_ino : 0;
}

}  // namespace

OpenConnections::OpenConnections(int most, base::TrustedProxies proxies)
    : most_(std::max(most, 1)), proxies_(std::move(proxies)) {}

bool OpenConnections::Add(int fd, const std::string& address) {
  if (const auto known = connections_.find(fd); known != connections_.end()) Forget(known);
  Connection connection{.socket = SocketOf(fd), .address = address, .is_proxy = proxies_.Contains(address)};
  if (!HasRoom(connection)) ForgetClosed();
  if (!HasRoom(connection)) return false;
  if (!connection.is_proxy) {
    ++strangers_;
    ++by_address_[address];
  }
  connections_.emplace(fd, std::move(connection));
  return true;
}

bool OpenConnections::HasRoom(const Connection& connection) const {
  if (count() >= most_) return false;
  if (connection.is_proxy) return true;
  const auto found = by_address_.find(connection.address);
  const int of_address = found == by_address_.end() ? 0 : found->second;
  return strangers_ < most_ - most_ / kProxyShare && of_address < std::max(1, most_ / kAddressShare);
}

void OpenConnections::ForgetClosed() {
  const absl::Time now = absl::Now();
  if (now < next_check_) return;
  next_check_ = now + kClosedCheck;
  for (auto one = connections_.begin(); one != connections_.end();) {
    const auto next = std::next(one);
    if (SocketOf(one->first) != one->second.socket) Forget(one);
    one = next;
  }
}

void OpenConnections::Forget(std::unordered_map<int, Connection>::iterator connection) {
  if (!connection->second.is_proxy) {
    --strangers_;
    const auto of_address = by_address_.find(connection->second.address);
    if (--of_address->second == 0) by_address_.erase(of_address);
  }
  connections_.erase(connection);
}

}  // namespace invoice::rpc
