#include "rpc/listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "absl/time/clock.h"
#include "base/log.h"
#include "base/status.h"
#include "base/trusted_proxies.h"
#include "fmt/format.h"
#include "rpc/limits.h"

namespace invoice::rpc {
namespace {

constexpr int kAcceptedAtOnce = 64;  // of one address of ours, before it is asked whether the server stops

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

AddressList Resolve(const std::string& host, int port) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) found = nullptr;
  return {found, &freeaddrinfo};
}

void SetOption(int fd, int level, int option, int value) { setsockopt(fd, level, option, &value, sizeof(value)); }

// -1 with errno. Connections have what is set here.
int Listen(int family, const sockaddr* address, socklen_t size) {
  const int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  SetOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if (family == AF_INET6) SetOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  SetOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  SetOption(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(absl::ToInt64Milliseconds(kKeepaliveWait)));
  if (bind(fd, address, size) == 0 && listen(fd, kListenBacklog) == 0) return fd;
  const int fault = errno;
  close(fd);
  errno = fault;
  return -1;
}

int PortOf(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&address)->sin6_port
                                             : reinterpret_cast<sockaddr_in*>(&address)->sin_port);
}

void SetPort(sockaddr* address, int port) {
  (address->sa_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(address)->sin6_port
                                  : reinterpret_cast<sockaddr_in*>(address)->sin_port) = htons(port);
}

std::string TextOf(const sockaddr_storage& address, socklen_t size) {
  char text[NI_MAXHOST];
  if (getnameinfo(reinterpret_cast<const sockaddr*>(&address), size, text, sizeof(text), nullptr, 0, NI_NUMERICHOST) !=
      0)
    return "";
  return base::NormalAddress(text);
}

// Waits until one of them can be read, or the time is over.
void Poll(std::vector<pollfd>* fds, absl::Duration timeout) {
  const int wait_ms = timeout == absl::InfiniteDuration() ? -1 : static_cast<int>(absl::ToInt64Milliseconds(timeout));
  if (poll(fds->data(), fds->size(), wait_ms) >= 0) return;
  for (pollfd& fd : *fds) fd.revents = 0;
  if (errno != EINTR) absl::SleepFor(kAcceptRetry);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Listener>> Listener::Bind(const base::HostPort& address) {
  std::unique_ptr<Listener> listener(new Listener);
  listener->wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (listener->wake_ < 0) return absl::UnavailableError("no descriptor for the listener");
  RETURN_IF_ERROR(listener->BindAll(address));
  return listener;
}

absl::Status Listener::BindAll(const base::HostPort& address) {
  port_ = address.port;
  // All addresses of IPv4 are all of IPv6 too, where the machine has it.
  const bool is_any = address.host == "0.0.0.0" || address.host == "::";
  for (const std::string& host : is_any ? std::vector<std::string>{"::", "0.0.0.0"} : std::vector{address.host}) {
    const AddressList addresses = Resolve(host, port_);
    for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next) {
      SetPort(one->ai_addr, port_);
      const int fd = Listen(one->ai_family, one->ai_addr, one->ai_addrlen);
      if (fd < 0 && (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL)) continue;
      if (fd < 0) return absl::UnavailableError(fmt::format("{}: {}", address.ToString(), strerror(errno)));
      listening_.push_back(fd);
      port_ = PortOf(fd);
    }
    if (is_any && !listening_.empty()) break;
  }
  if (listening_.empty()) return absl::UnavailableError(fmt::format("{} is no address here", address.ToString()));
  return absl::OkStatus();
}

Listener::~Listener() {
  Stop();
  if (wake_ >= 0) close(wake_);
}

void Listener::Start(OpenConnections connections, std::function<void(int fd)> receive) {
  connections_ = std::make_unique<OpenConnections>(std::move(connections));
  receive_ = std::move(receive);
  thread_ = std::thread([this] { Run(); });
}

void Listener::Stop() {
  const uint64_t one = 1;
  // An eventfd takes a one at any time.
  if (wake_ >= 0) [[maybe_unused]]
    const ssize_t written = write(wake_, &one, sizeof(one));
  if (thread_.joinable()) thread_.join();
  for (const int fd : listening_) close(fd);
  listening_.clear();
}

void Listener::Run() {
  std::vector<pollfd> fds = {{.fd = wake_, .events = POLLIN, .revents = 0}};
  std::vector<pollfd> waking = fds;
  for (const int fd : listening_) fds.push_back({.fd = fd, .events = POLLIN, .revents = 0});
  for (;;) {
    Poll(&fds, absl::InfiniteDuration());
    if (fds.front().revents != 0) return;
    bool good = true;
    for (size_t i = 1; i < fds.size(); ++i) {
      if (fds[i].revents != 0) good = AcceptFrom(fds[i].fd) && good;
    }
    if (!good) Poll(&waking, kAcceptRetry);
  }
}

bool Listener::AcceptFrom(int listening) {
  for (int i = 0; i < kAcceptedAtOnce; ++i) {
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    const int fd = accept4(listening, reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      Receive(fd, TextOf(address, size));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return true;
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      LogRefusal(strerror(errno), "");
      return false;
    }
    // All else is the fault of one connection.
  }
  return true;
}

void Listener::Receive(int fd, const std::string& address) {
  if (connections_->Add(fd, address)) return receive_(fd);
  close(fd);
  LogRefusal("too many are open", address);
}

void Listener::LogRefusal(const char* reason, const std::string& address) {
  ++unlogged_;
  const absl::Time now = absl::Now();
  if (now < next_log_) return;
  next_log_ = now + kRefusalLog;
  base::Log(
      base::Level::kWarning, "connections refused",
      {{"count", std::exchange(unlogged_, 0)}, {"reason", reason}, {"last", address}, {"open", connections_->count()}});
}

}  // namespace invoice::rpc
