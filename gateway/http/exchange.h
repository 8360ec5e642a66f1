// One request and its answer. The handler gets it, returns at once and answers when it can, either whole by Send() or
// in pieces. Keeps the server's library out of the handler. All of it is called on the connection's own executor: in
// the handler, in the callbacks below and in what was given to Post(), which alone may be called from any thread. An
// exchange that goes away unanswered ends its connection, and so does one whose stream was not ended: the client sees a
// broken answer.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/time/time.h"
#include "gateway/http/message.h"

namespace invoice::gateway {

class Exchange {
 public:
  virtual ~Exchange() = default;

  virtual const HttpRequest& request() const = 0;
  // Frees the body of a request that was read.
  virtual void DropBody() = 0;

  // Runs the work soon, one at a time with everything else of this connection. Works that the server's end overtakes
  // are dropped.
  virtual void Post(absl::AnyInvocable<void()> work) = 0;

  // The whole answer with its Content-Length. For HEAD the body is left out.
  virtual void Send(HttpResponse response) = 0;

  // The head of an answer in pieces.
  virtual void StartStream(const HttpResponse& response) = 0;
  // `written` is called once the client's side took the piece, or with false where the client is gone: then stop. One
  // piece at a time. It may be called before Write() returns.
  virtual void Write(std::string piece, absl::AnyInvocable<void(bool)> written) = 0;
  virtual void EndStream() = 0;

  // Calls `late` once after `delay`, unless it was set anew or the answer ended before.
  virtual void SetTimer(absl::Duration delay, absl::AnyInvocable<void()> late) = 0;

  // Calls `gone` at most once, soon after the client closed its connection; with `endless`, for an answer that does not
  // end by itself, also when the server stops.
  virtual void OnClientGone(absl::AnyInvocable<void()> gone, bool endless) = 0;
};

// Must not throw.
using HttpHandler = std::function<void(std::shared_ptr<Exchange>)>;

}  // namespace invoice::gateway
