#include "rpc/calls.h"

#include <Poco/Exception.h>
#include <Poco/Runnable.h>
#include <Poco/ThreadPool.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <algorithm>
#include <list>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/limits.h"
#include "base/status.h"
#include "rpc/caller.h"
#include "rpc/limits.h"
#include "rpc/status.h"

namespace invoice::rpc {
namespace {

constexpr int kIdleThreads = 4;
constexpr int kIdleSeconds = 60;

grpc::Status Refusal(const grpc::ServerContextBase& server) {
  return ToGrpc(base::Unavailable(base::Reason::kOverloaded, "too many calls are under way", base::kRetryAfterOverload),
                RequestIdOf(server));
}

}  // namespace

// Cuts answers off that are not taken in time. Its thread sleeps while there is none under way.
class SendWatch {
 public:
  using Entry = std::list<std::pair<absl::Time, grpc::CallbackServerContext*>>::iterator;

  SendWatch() : thread_([this] { Run(); }) {}
  ~SendWatch() {
    {
      const absl::MutexLock lock(&mutex_);
      stopping_ = true;
    }
    thread_.join();
  }

  Entry Add(grpc::CallbackServerContext* context) {
    const absl::MutexLock lock(&mutex_);
    return sending_.insert(sending_.end(), {absl::Now() + kSendWait, context});
  }
  // From then on the context may be gone.
  void Remove(Entry entry) {
    const absl::MutexLock lock(&mutex_);
    sending_.erase(entry);
  }

 private:
  void Run() {
    const absl::MutexLock lock(&mutex_);
    while (!stopping_) {
      mutex_.Await(absl::Condition(this, &SendWatch::HasWork));
      const absl::Time now = absl::Now();
      for (auto& [latest, context] : sending_) {
        if (latest > now) break;
        context->TryCancel();
        latest = absl::InfiniteFuture();
      }
      mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kSendWait / 8);
    }
  }
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || !sending_.empty(); }

  absl::Mutex mutex_;
  std::list<std::pair<absl::Time, grpc::CallbackServerContext*>> sending_ ABSL_GUARDED_BY(mutex_);  // oldest first
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

struct Calls::Shared {
  Shared(const Door& given, int max_calls)
      : door(given),
        max_public(std::max(1, max_calls / 4)),
        threads(std::min(kIdleThreads, max_calls), max_calls, kIdleSeconds) {}

  // False where too many run.
  bool Start(const Endpoint& endpoint, Poco::Runnable& call) {
    const bool is_public = endpoint.method().access == v1::Access::PUBLIC;
    if (is_public && public_calls.fetch_add(1) >= max_public) {
      public_calls.fetch_sub(1);
      return false;
    }
    try {
      threads.start(call);
      return true;
    } catch (const Poco::Exception&) {
      if (is_public) public_calls.fetch_sub(1);
      return false;
    }
  }
  // Before the call is finished: after that it may be gone.
  void HandlerEnded(const Endpoint& endpoint) {
    if (endpoint.method().access == v1::Access::PUBLIC) public_calls.fetch_sub(1);
  }

  const Door& door;
  const int max_public;
  std::atomic<int> public_calls = 0;
  SendWatch watch;
  Poco::ThreadPool threads;
};

class Calls::UnaryCall final : public grpc::ServerUnaryReactor, public Poco::Runnable {
 public:
  UnaryCall(Shared& shared, Endpoint& endpoint, grpc::CallbackServerContext* server, const grpc::ByteBuffer* request,
            grpc::ByteBuffer* response)
      : shared_(shared), endpoint_(endpoint), server_(server), request_(*request), response_(response) {
    if (!shared_.Start(endpoint_, *this)) End(Refusal(*server_));
  }

  void run() override {
    grpc::Status status = grpc::Status::CANCELLED;
    if (!server_->IsCancelled()) {
      status = Serve(shared_.door, endpoint_, *server_, request_, [this](const grpc::ByteBuffer& message) {
        *response_ = message;
        return true;
      });
    }
    shared_.HandlerEnded(endpoint_);
    End(std::move(status));
  }

  void OnDone() override {
    shared_.watch.Remove(sending_);
    delete this;
  }

 private:
  // The last that is done with the call.
  void End(grpc::Status status) {
    sending_ = shared_.watch.Add(server_);
    Finish(std::move(status));
  }

  Shared& shared_;
  Endpoint& endpoint_;
  grpc::CallbackServerContext* const server_;
  const grpc::ByteBuffer request_;
  grpc::ByteBuffer* const response_;
  SendWatch::Entry sending_;
};

class Calls::StreamCall final : public grpc::ServerWriteReactor<grpc::ByteBuffer>, public Poco::Runnable {
 public:
  StreamCall(Shared& shared, Endpoint& endpoint, grpc::CallbackServerContext* server, const grpc::ByteBuffer* request)
      : shared_(shared), endpoint_(endpoint), server_(server), request_(*request) {
    if (!shared_.Start(endpoint_, *this)) End(Refusal(*server_));
  }

  void run() override {
    grpc::Status status = grpc::Status::CANCELLED;
    if (!server_->IsCancelled()) {
      status = Serve(shared_.door, endpoint_, *server_, request_,
                     [this](const grpc::ByteBuffer& message) { return Write(message); });
    }
    shared_.HandlerEnded(endpoint_);
    End(std::move(status));
  }

  void OnWriteDone(bool good) override {
    const absl::MutexLock lock(&mutex_);
    good_ = good;
    writing_ = false;
  }

  void OnDone() override {
    shared_.watch.Remove(sending_);
    delete this;
  }

 private:
  // Waits until gRPC has taken the message, so that at most one is held; false where the client is gone.
  bool Write(const grpc::ByteBuffer& message) {
    message_ = message;
    {
      const absl::MutexLock lock(&mutex_);
      writing_ = true;
    }
    const SendWatch::Entry sending = shared_.watch.Add(server_);
    StartWrite(&message_);
    const absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](bool* writing) { return !*writing; }, &writing_));
    shared_.watch.Remove(sending);
    return good_;
  }

  void End(grpc::Status status) {
    sending_ = shared_.watch.Add(server_);
    Finish(std::move(status));
  }

  Shared& shared_;
  Endpoint& endpoint_;
  grpc::CallbackServerContext* const server_;
  const grpc::ByteBuffer request_;
  grpc::ByteBuffer message_;
  SendWatch::Entry sending_;
  absl::Mutex mutex_;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool good_ ABSL_GUARDED_BY(mutex_) = false;
};

Calls::Calls(const Door& door, int max_calls) : shared_(std::make_unique<Shared>(door, max_calls)) {}

Calls::~Calls() { shared_->threads.joinAll(); }

std::unique_ptr<grpc::internal::MethodHandler> Calls::HandlerOf(Endpoint* endpoint) {
  Shared& shared = *shared_;
  if (endpoint->method().descriptor->server_streaming()) {
    return std::make_unique<grpc::internal::CallbackServerStreamingHandler<grpc::ByteBuffer, grpc::ByteBuffer>>(
        [&shared, endpoint](grpc::CallbackServerContext* server, const grpc::ByteBuffer* request) {
          return new StreamCall(shared, *endpoint, server, request);
        });
  }
  return std::make_unique<grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>>(
      [&shared, endpoint](grpc::CallbackServerContext* server, const grpc::ByteBuffer* request,
                          grpc::ByteBuffer* response) {
        return new UnaryCall(shared, *endpoint, server, request, response);
      });
}

}  // namespace invoice::rpc
