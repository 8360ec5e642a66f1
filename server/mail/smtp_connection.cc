#include "mail/smtp_connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <csignal>
#include <future>
#include <mutex>
#include <thread>

#include "Poco/DateTimeFormatter.h"
#include "Poco/Exception.h"
#include "Poco/Net/DNS.h"
#include "Poco/Net/IPAddress.h"
#include "Poco/Net/SecureStreamSocket.h"
#include "Poco/Net/StreamSocket.h"
#include "base/status.h"
#include "fmt/format.h"
#include "mail/forbidden_address.h"
#include "mail/tls_context.h"

namespace invoice::mail {

using Poco::Net::IPAddress;
using Poco::Net::SecureStreamSocket;
using Poco::Net::Socket;
using Poco::Net::StreamSocket;

struct SmtpConnection::Net {
  std::vector<IPAddress> addresses;
  std::unique_ptr<TlsSession> tls;  // outlives the socket
  StreamSocket socket;
  bool secure = false;
};

namespace {

constexpr size_t kBlockBytes = 64 * 1024;
constexpr size_t kReceiveBytes = 4096;

std::string Sentence(const Poco::Exception& e) {
  return e.message().empty() ? std::string(e.name()) : fmt::format("{}: {}", e.name(), e.message());
}

Poco::Timespan ToTimespan(absl::Duration duration) { return Poco::Timespan(absl::ToInt64Microseconds(duration)); }

// The barrier for Poco: what it throws becomes UNAVAILABLE.
template <typename Body>
absl::Status Guard(Body body) {
  try {
    return body();
  } catch (const Poco::Exception& e) {
    return absl::UnavailableError(Sentence(e));
  } catch (const std::exception& e) {
    return absl::UnavailableError(e.what());
  }
}

// A lookup cannot be interrupted, so it runs on a thread of its own, which is left behind when nobody waits any longer;
// the system's resolver ends it by itself.
using Addresses = absl::StatusOr<std::vector<IPAddress>>;

std::future<Addresses> StartLookup(const std::string& host) {
  std::packaged_task<Addresses()> lookup([host]() -> Addresses {
    std::vector<IPAddress> addresses;
    RETURN_IF_ERROR(Guard([&] {
      addresses = Poco::Net::DNS::hostByName(host).addresses();
      return absl::OkStatus();
    }));
    return addresses;
  });
  std::future<Addresses> addresses = lookup.get_future();
  std::thread(std::move(lookup)).detach();
  return addresses;
}

// Looked at after the lookup, so that no name leads to one.
bool IsForbidden(const IPAddress& address) {
  return IsForbiddenAddress({static_cast<const char*>(address.addr()), static_cast<size_t>(address.length())});
}

absl::Status ForbiddenAddress() {
  return absl::UnavailableError(
      "an address of this kind (link-local, cloud metadata, multicast, unspecified) is not connected to");
}

// OpenSSL writes to sockets without MSG_NOSIGNAL, and a server that hangs up must not end the process. A handler that
// somebody has set stays.
void IgnoreBrokenPipes() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction current = {};
    if (sigaction(SIGPIPE, nullptr, &current) == 0 && current.sa_handler == SIG_DFL) std::signal(SIGPIPE, SIG_IGN);
  });
}

}  // namespace

SmtpConnection::SmtpConnection(absl::Duration hook_interval, absl::Duration total)
    : hook_interval_(hook_interval), end_(SteadyTime::max()), net_(std::make_unique<Net>()) {
  IgnoreBrokenPipes();
  end_ = DeadlineAfter(total);
  next_hook_ = DeadlineAfter(hook_interval);
}

SmtpConnection::~SmtpConnection() { Close(); }

void SmtpConnection::SetKeepGoing(std::function<bool()> keep_going) {
  keep_going_ = std::move(keep_going);
  next_hook_ = DeadlineAfter(hook_interval_);
}

SmtpConnection::SteadyTime SmtpConnection::DeadlineAfter(absl::Duration timeout) const {
  if (timeout == absl::InfiniteDuration()) return end_;
  return std::min(end_, std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(timeout));
}

absl::StatusOr<absl::Duration> SmtpConnection::NextSlice(SteadyTime deadline) {
  const SteadyTime now = std::chrono::steady_clock::now();
  if (now >= deadline) return absl::DeadlineExceededError("no answer in time");
  if (now >= next_hook_) {
    next_hook_ = now + absl::ToChronoNanoseconds(hook_interval_);
    if (keep_going_ && !keep_going_()) return absl::CancelledError("given up by the caller");
  }
  return absl::FromChrono(std::min(deadline, next_hook_) - now);
}

absl::Status SmtpConnection::WaitFor(int mode, SteadyTime deadline) {
  while (true) {
    ASSIGN_OR_RETURN(const absl::Duration slice, NextSlice(deadline));
    if (net_->socket.poll(ToTimespan(slice), mode)) return absl::OkStatus();
  }
}

absl::StatusOr<std::vector<std::string>> SmtpConnection::Resolve(const std::string& host, absl::Duration timeout) {
  IPAddress literal;
  if (IPAddress::tryParse(host, literal)) {
    if (IsForbidden(literal)) return ForbiddenAddress();
    net_->addresses = {literal};
    return std::vector<std::string>{literal.toString()};
  }
  const SteadyTime deadline = DeadlineAfter(timeout);
  std::future<Addresses> lookup = StartLookup(host);
  while (true) {
    ASSIGN_OR_RETURN(const absl::Duration slice, NextSlice(deadline));
    if (lookup.wait_for(absl::ToChronoNanoseconds(slice)) == std::future_status::ready) break;
  }
  ASSIGN_OR_RETURN(net_->addresses, lookup.get());
  if (net_->addresses.empty()) return absl::UnavailableError("the name has no address");
  std::erase_if(net_->addresses, IsForbidden);
  if (net_->addresses.empty()) return ForbiddenAddress();
  std::vector<std::string> texts;
  for (const IPAddress& address : net_->addresses) texts.push_back(address.toString());
  return texts;
}

absl::StatusOr<std::string> SmtpConnection::Connect(int port, absl::Duration timeout_each) {
  absl::Status last = absl::UnavailableError("the name has no address");
  std::string failures;
  for (size_t i = 0; i < net_->addresses.size(); ++i) {
    const std::string address = Poco::Net::SocketAddress(net_->addresses[i], port).toString();
    last = Guard([&] { return ConnectTo(i, port, timeout_each); });
    if (last.ok()) {
      connected_ = true;
      return address;
    }
    failures += fmt::format("{}{}: {}", failures.empty() ? "" : "; ", address, std::string(last.message()));
    if (absl::IsCancelled(last)) break;
  }
  return absl::Status(last.code(), failures);
}

absl::Status SmtpConnection::ConnectTo(size_t index, int port, absl::Duration timeout) {
  const SteadyTime deadline = DeadlineAfter(timeout);
  net_->socket = StreamSocket();
  net_->socket.connectNB(Poco::Net::SocketAddress(net_->addresses[index], port));
  RETURN_IF_ERROR(WaitFor(Socket::SELECT_WRITE | Socket::SELECT_ERROR, deadline));
  const int error = net_->socket.impl()->socketError();
  if (error != 0) return absl::UnavailableError(std::generic_category().message(error));
  net_->socket.setNoDelay(true);  // a dialogue of short lines
  return absl::OkStatus();
}

absl::StatusOr<std::string> SmtpConnection::StartTls(const TlsOptions& options, absl::Duration timeout) {
  const SteadyTime deadline = DeadlineAfter(timeout);
  std::string description;
  const absl::Status status = Guard([&]() -> absl::Status {
    net_->tls = NewTlsSession(options.verify, options.ca_file);
    SecureStreamSocket secure = SecureStreamSocket::attach(net_->socket, options.host, net_->tls->context);
    net_->socket = secure;
    net_->secure = true;
    RETURN_IF_ERROR(Handshake(deadline));
    const Poco::Net::X509Certificate certificate = secure.peerCertificate();
    if (options.verify && !certificate.verify(options.host)) {
      return absl::PermissionDeniedError(fmt::format("the certificate is not for {}", options.host));
    }
    description = fmt::format("{}, {}, certificate {}, issued by {}, valid until {}{}", net_->tls->version,
                              net_->tls->cipher, certificate.subjectName(), certificate.issuerName(),
                              Poco::DateTimeFormatter::format(certificate.expiresOn(), "%Y-%m-%d"),
                              options.verify ? "" : ", not verified");
    return absl::OkStatus();
  });
  if (status.ok()) return description;
  if (net_->tls != nullptr && !net_->tls->verify_error.empty()) {
    return absl::PermissionDeniedError("certificate not trusted: " + net_->tls->verify_error);
  }
  return status;
}

absl::Status SmtpConnection::Handshake(SteadyTime deadline) {
  while (true) {
    const int result = SecureStreamSocket(net_->socket).completeHandshake();
    if (result == SecureStreamSocket::ERR_SSL_WANT_READ) {
      RETURN_IF_ERROR(WaitFor(Socket::SELECT_READ, deadline));
    } else if (result == SecureStreamSocket::ERR_SSL_WANT_WRITE) {
      RETURN_IF_ERROR(WaitFor(Socket::SELECT_WRITE, deadline));
    } else if (result == 1) {
      return absl::OkStatus();
    } else {
      return absl::UnavailableError("connection closed during the TLS handshake");
    }
  }
}

absl::Status SmtpConnection::Write(std::string_view bytes, absl::Duration timeout_each) {
  if (!connected_) return absl::UnavailableError("not connected");
  while (!bytes.empty()) {
    const std::string_view block = bytes.substr(0, kBlockBytes);
    RETURN_IF_ERROR(Guard([&] { return SendBlock(block, DeadlineAfter(timeout_each)); }));
    bytes.remove_prefix(block.size());
  }
  return absl::OkStatus();
}

absl::Status SmtpConnection::SendBlock(std::string_view block, SteadyTime deadline) {
  while (!block.empty()) {
    // Poco takes a full buffer of a plain socket for a fault.
    if (!net_->secure) RETURN_IF_ERROR(WaitFor(Socket::SELECT_WRITE, deadline));
    const int sent = net_->socket.sendBytes(block.data(), static_cast<int>(block.size()), MSG_NOSIGNAL);
    if (sent > 0) {
      block.remove_prefix(static_cast<size_t>(sent));
    } else if (net_->secure && sent == SecureStreamSocket::ERR_SSL_WANT_READ) {
      RETURN_IF_ERROR(WaitFor(Socket::SELECT_READ, deadline));
    } else if (net_->secure && sent == 0) {
      return absl::UnavailableError("connection closed by the server");
    } else {
      RETURN_IF_ERROR(WaitFor(Socket::SELECT_WRITE, deadline));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> SmtpConnection::ReadLine(size_t max_bytes, absl::Duration timeout) {
  if (!connected_) return absl::UnavailableError("not connected");
  const SteadyTime deadline = DeadlineAfter(timeout);
  size_t searched = 0;
  while (true) {
    const size_t end = received_.find('\n', searched);
    if (end != std::string::npos) {
      std::string line = received_.substr(0, end);
      received_.erase(0, end + 1);
      if (!line.empty() && line.back() == '\r') line.pop_back();
      if (line.size() > max_bytes) return absl::InvalidArgumentError("reply line too long");
      return line;
    }
    searched = received_.size();
    if (searched > max_bytes + 1) return absl::InvalidArgumentError("reply line too long");
    RETURN_IF_ERROR(Guard([&] { return Receive(deadline); }));
  }
}

absl::Status SmtpConnection::Receive(SteadyTime deadline) {
  char buffer[kReceiveBytes];
  while (true) {
    const int count = net_->socket.receiveBytes(buffer, sizeof(buffer));
    if (count > 0) {
      received_.append(buffer, static_cast<size_t>(count));
      return absl::OkStatus();
    }
    if (count == 0) return absl::UnavailableError("connection closed by the server");
    const bool wants_write = net_->secure && count == SecureStreamSocket::ERR_SSL_WANT_WRITE;
    RETURN_IF_ERROR(WaitFor(wants_write ? Socket::SELECT_WRITE : Socket::SELECT_READ, deadline));
  }
}

void SmtpConnection::Close() {
  connected_ = false;
  received_.clear();
  // Nothing to do about a failure: the connection goes in any case.
  (void)Guard([this] {
    net_->socket.close();
    return absl::OkStatus();
  });
}

}  // namespace invoice::mail
