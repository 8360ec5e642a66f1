#include "tests/bench/support/http_connection.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace invoice::bench {
namespace {

constexpr timeval kAnswerWait{.tv_sec = 10, .tv_usec = 0};

size_t ContentLength(const std::string& head) {
  static constexpr char kName[] = "Content-Length:";
  for (size_t line = head.find("\r\n"); line != std::string::npos; line = head.find("\r\n", line + 2)) {
    if (strncasecmp(head.c_str() + line + 2, kName, sizeof(kName) - 1) == 0) {
      return std::strtoull(head.c_str() + line + 2 + sizeof(kName) - 1, nullptr, 10);
    }
  }
  throw std::runtime_error("an answer without Content-Length: " + head);
}

}  // namespace

HttpConnection::HttpConnection(int port, std::string api_key) : api_key_(std::move(api_key)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &kAnswerWait, sizeof(kAnswerWait));
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(socket_);
    throw std::runtime_error(fmt::format("nobody listens on 127.0.0.1:{}", port));
  }
}

HttpConnection::~HttpConnection() { ::close(socket_); }

void HttpConnection::Send(const std::string& text) {
  for (size_t sent = 0; sent < text.size();) {
    const ssize_t count = ::send(socket_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) throw std::runtime_error("the gateway closed the connection");
    sent += static_cast<size_t>(count);
  }
}

void HttpConnection::ReceiveMore() {
  std::array<char, 16 * 1024> buffer;
  const ssize_t count = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (count <= 0) throw std::runtime_error("no answer of the gateway");
  received_.append(buffer.data(), static_cast<size_t>(count));
}

std::string HttpConnection::Get(const std::string& path) {
  Send(fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\nAccept: application/json\r\n\r\n",
                   path, api_key_));
  size_t head_end = std::string::npos;
  while ((head_end = received_.find("\r\n\r\n")) == std::string::npos) ReceiveMore();
  const std::string head = received_.substr(0, head_end);
  const size_t end = head_end + 4 + ContentLength(head);
  while (received_.size() < end) ReceiveMore();
  std::string body = received_.substr(head_end + 4, end - head_end - 4);
  received_.erase(0, end);
  if (!head.starts_with("HTTP/1.1 200 ")) throw std::runtime_error(head + "\n" + body);
  return body;
}

}  // namespace invoice::bench
