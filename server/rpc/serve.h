// The one way from the wire to a handler, for every method: request id, who calls and whether they may, deadline,
// reading and field rules, handler behind an exception barrier, status, metrics and one log line. Handlers see a
// Context and messages, nothing of gRPC. Serve() is thread safe; a Context belongs to one call.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "app/call.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/metrics.h"
#include "base/secret.h"
#include "base/trusted_proxies.h"
#include "rpc/field_rules.h"
#include "rpc/method.h"

namespace invoice::rpc {

// The actor of a bearer key; UNAUTHENTICATED where it is none, UNAVAILABLE where it cannot be looked up. Called on
// every call of a method that is not PUBLIC, from many threads.
using Authenticator = std::function<absl::StatusOr<app::Actor>(std::string_view bearer_key)>;

// What a handler knows of its call.
class Context {
 public:
  Context(const grpc::ServerContextBase& server, app::Call call) : server_(server), call_(std::move(call)) {}

  const app::Call& call() const { return call_; }
  // The answer is the kept one of an earlier call with the same idempotency key.
  void MarkReplayed() { replayed_ = true; }
  bool replayed() const { return replayed_; }
  // The client went away or the deadline passed.
  bool IsCancelled() const { return server_.IsCancelled(); }

 private:
  const grpc::ServerContextBase& server_;
  app::Call call_;
  bool replayed_ = false;
};

// Sends the answer of a unary method, once.
using Send = std::function<absl::Status(const google::protobuf::Message& message)>;
using Handler =
    std::function<absl::Status(Context& context, const google::protobuf::Message& request, const Send& send)>;

// What the next step of a stream is: a message, nothing until the stream is waked, or its end.
enum class Turn { kMessage, kLater, kEnd };
// Makes the next message of a stream into `message`. Called when the client has taken the last one; it does not wait
// for anything but the database.
using NextMessage = std::function<absl::StatusOr<Turn>(google::protobuf::Message* message)>;
// After Turn::kLater: there may be a message now. May be called at any time while the stream's NextMessage is there,
// from any thread, and returns at once.
using Wake = std::function<void()>;
using StreamHandler = std::function<absl::StatusOr<NextMessage>(
    Context& context, const google::protobuf::Message& request, const Wake& wake)>;

// What all calls of a server have in common.
struct Door {
  Authenticator authenticate;
  const base::Clock* clock = nullptr;  // of new request ids
  base::Metrics* metrics = nullptr;
  int max_calls = base::kMaxConcurrentCalls;  // handlers that run at a time
  // The gateways and proxies whose x-forwarded-for names the client.
  base::TrustedProxies proxies;
  // Of the digests of requests that hold a secret; the same on all servers of an installation.
  base::Secret digest_key;
};

// A method with its handler and its metrics. Immutable but for the metrics' cache, which is guarded.
class Endpoint {
 public:
  Endpoint(Method method, const RuleBook& rules, const google::protobuf::Message& request, base::Metrics& metrics);

  const Method& method() const { return method_; }
  const RuleBook& rules() const { return rules_; }
  // An empty message of the request's type.
  const google::protobuf::Message& request() const { return request_; }
  void set_handler(Handler handler) { handler_ = std::move(handler); }
  const Handler& handler() const { return handler_; }
  // Of a stream; `response` is an empty message of its type.
  void set_stream(StreamHandler handler, const google::protobuf::Message& response) {
    stream_handler_ = std::move(handler);
    response_ = &response;
  }
  const StreamHandler& stream_handler() const { return stream_handler_; }
  const google::protobuf::Message& response() const { return *response_; }

  void Observe(grpc::StatusCode code, absl::Duration duration);

 private:
  const Method method_;
  const RuleBook& rules_;
  const google::protobuf::Message& request_;
  base::Metrics& metrics_;
  Handler handler_;  // none, and no stream: UNIMPLEMENTED
  StreamHandler stream_handler_;
  const google::protobuf::Message* response_ = nullptr;
  absl::Mutex mutex_;
  std::array<std::optional<base::Histogram>, 17> durations_ ABSL_GUARDED_BY(mutex_);  // by code
};

// A call of a unary method, from its bytes to those of the answer.
grpc::Status Serve(const Door& door, Endpoint& endpoint, grpc::ServerContextBase& server,
                   const grpc::ByteBuffer& request, grpc::ByteBuffer* response);

// A call of a stream, step by step. Belongs to one thread at a time.
class ServedStream {
 public:
  ServedStream(const Door& door, Endpoint& endpoint, grpc::ServerContextBase& server, grpc::ByteBuffer request,
               Wake wake);
  ~ServedStream();

  // kMessage: `bytes` are to be sent; kEnd: `status` is, and nothing is left of the handler. Looks at the caller's key
  // each time: a stream ends where it was revoked.
  Turn Proceed(grpc::ByteBuffer* bytes, grpc::Status* status);
  // The end of a stream whose client did not take the last message.
  Turn Cancel(grpc::Status* status);

 private:
  class Flight;
  Turn End(const absl::Status& end, grpc::Status* status);
  const std::unique_ptr<Flight> flight_;
};

}  // namespace invoice::rpc
