#include "tests/bench/support/sink.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "tests/support/environment.h"

namespace invoice::bench {

Sink::Sink(const std::string& log_file) : process_({test::BinDir() + "/smtp_sink"}, {}, log_file) {
  const std::string line = process_.WaitForLine("listening");
  port_ = std::atoi(line.c_str() + line.rfind(':') + 1);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port_));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(socket_);
    throw std::runtime_error("smtp_sink does not accept");
  }
  ReadLine();
}

Sink::~Sink() { ::close(socket_); }

std::string Sink::ReadLine() {
  std::string line;
  for (char c = 0; c != '\n'; line += c) {
    if (::recv(socket_, &c, 1, 0) != 1) throw std::runtime_error("smtp_sink is gone");
  }
  return line;
}

SinkCounts Sink::Counts() {
  static constexpr char kAsk[] = "STAT\r\n";
  if (::send(socket_, kAsk, sizeof(kAsk) - 1, MSG_NOSIGNAL) < 0) throw std::runtime_error("smtp_sink is gone");
  const std::string line = ReadLine();
  long long messages = 0;
  long long bytes = 0;
  long long connections = 0;
  if (std::sscanf(line.c_str(), "250 %lld %lld %lld", &messages, &bytes, &connections) != 3) {
    throw std::runtime_error("smtp_sink answered " + line);
  }
  return {.messages = messages, .bytes = bytes, .connections = connections - 1};
}

}  // namespace invoice::bench
