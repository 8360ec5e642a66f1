// One request and its answer, given to the handler for as long as it runs. Answer once, either whole by Send() or in
// pieces. Keeps Poco out of the handler. Not thread safe; only the callback of OnClientGone() comes from another
// thread.
#pragma once

#include <functional>
#include <string_view>

#include "gateway/http/message.h"

namespace invoice::gateway {

class Exchange {
 public:
  virtual ~Exchange() = default;

  virtual const HttpRequest& request() const = 0;

  // The whole answer with its Content-Length. For HEAD the body is left out.
  virtual void Send(const HttpResponse& response) = 0;

  // The head of an answer in pieces; `response.body` is its first piece.
  virtual void StartStream(const HttpResponse& response) = 0;
  // Waits while the client reads slowly. False where it is gone: then stop.
  virtual bool Write(std::string_view piece) = 0;
  // Without it the client sees a broken answer, as it must where the stream failed.
  virtual void EndStream() = 0;

  //  // Calls `gone` at most once, soon after the client closed its connection; with `endless`, for an answer that does
  //  not end by
  // itself, also when the server stops. Null takes the callback back and waits until it is not running any more.
  virtual void OnClientGone(std::function<void()> gone, bool endless) = 0;
};

using HttpHandler = std::function<void(Exchange&)>;

}  // namespace invoice::gateway
