// One HTTP/1.1 connection that is kept open: a client that costs next to nothing, so that the gateway is what is
// measured. It knows just what the gateway answers to a GET: a status line, headers with Content-Length, a body. One
// thread at a time.
#pragma once

#include <string>

namespace invoice::bench {

class HttpConnection {
 public:
  // To 127.0.0.1. Throws where nobody listens.
  HttpConnection(int port, std::string api_key);
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  // The body; throws for any status but 200.
  std::string Get(const std::string& path);

 private:
  void Send(const std::string& text);
  void ReceiveMore();

  int socket_ = -1;
  std::string api_key_;
  std::string received_;
};

}  // namespace invoice::bench
