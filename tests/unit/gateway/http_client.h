// A real HTTP client for tests, and a bare socket for requests that no client would send. Not thread safe.
#pragma once

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/StreamSocket.h>

#include <string>
#include <string_view>

#include "gateway/http/message.h"

namespace invoice::gateway {

class HttpClient {
 public:
  explicit HttpClient(int port);

  struct Reply {
    int status = 0;
    Headers headers;
    std::string body;
    std::string Header(std::string_view name) const { return std::string(HeaderValue(headers, name)); }
  };

  // On one connection as long as the server keeps it. A body is sent as JSON unless a header says otherwise.
  Reply Send(const std::string& method, const std::string& target, const std::string& body = "",
             const Headers& headers = {});
  Reply Get(const std::string& target, const Headers& headers = {}) { return Send("GET", target, "", headers); }

  bool connected() const { return session_.connected(); }

 private:
  Poco::Net::HTTPClientSession session_;
};

class BareConnection {
 public:
  explicit BareConnection(int port);

  void Send(std::string_view bytes);
  // Reads until the text has been seen, or the end of the connection, or ten seconds; gives all that was read so far.
  const std::string& ReadUntil(std::string_view text);
  const std::string& ReadAll() { return ReadUntil({}); }
  void Close() { socket_.close(); }
  void HalfClose() { socket_.shutdownSend(); }
  // Whether the server ended the connection, by what was read so far.
  bool ended() const { return ended_; }

 private:
  Poco::Net::StreamSocket socket_;
  std::string read_;
  bool ended_ = false;
};

}  // namespace invoice::gateway
