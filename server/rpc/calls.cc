#include "rpc/calls.h"

#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <algorithm>
#include <atomic>
#include <list>
#include <optional>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/limits.h"
#include "base/status.h"
#include "rpc/caller.h"
#include "rpc/executor.h"
#include "rpc/limits.h"
#include "rpc/status.h"

namespace invoice::rpc {
namespace {

grpc::Status Refusal(const grpc::ServerContextBase& server) {
  return ToGrpc(base::Unavailable(base::Reason::kOverloaded, "too many calls are under way", base::kRetryAfterOverload),
                RequestIdOf(server));
}

// The bytes of a request. gRPC keeps its own object until the call is gone, and would keep them with it.
grpc::ByteBuffer Take(const grpc::ByteBuffer* request) {
  auto* kept = const_cast<grpc::ByteBuffer*>(request);  // gRPC made it as one that may change
  grpc::ByteBuffer taken;
  taken.Swap(kept);
  return taken;
}

}  // namespace

// Cuts answers off that are not taken in time, and the oldest ones where all together hold too many bytes. Its thread
// sleeps while there is none under way.
class SendWatch {
  struct Sending {
    absl::Time latest;  // InfiniteFuture() once it was cut off
    grpc::CallbackServerContext* context;
    size_t bytes;
  };

 public:
  using Entry = std::list<Sending>::iterator;

  SendWatch() : thread_([this] { Run(); }) {}
  ~SendWatch() {
    {
      const absl::MutexLock lock(&mutex_);
      stopping_ = true;
    }
    thread_.join();
  }

  Entry Add(grpc::CallbackServerContext* context, size_t bytes) {
    const absl::Time latest = absl::Now() + kSendWait + absl::Seconds(1) * bytes / kMinSendBytesPerSecond;
    const absl::MutexLock lock(&mutex_);
    unsent_ += bytes;
    return sending_.insert(sending_.end(), {latest, context, bytes});
  }
  // From then on the context may be gone.
  void Remove(Entry entry) {
    const absl::MutexLock lock(&mutex_);
    unsent_ -= entry->bytes;
    sending_.erase(entry);
  }

 private:
  void Run() {
    const absl::MutexLock lock(&mutex_);
    while (!stopping_) {
      mutex_.Await(absl::Condition(this, &SendWatch::HasWork));
      const absl::Time now = absl::Now();
      for (Sending& one : sending_) {
        if (one.latest == absl::InfiniteFuture()) continue;
        if (one.latest <= now || unsent_ > kMaxUnsentBytes) CutOff(one);
      }
      mutex_.AwaitWithTimeout(absl::Condition(this, &SendWatch::IsPressing), kSendWait / 8);
    }
  }
  void CutOff(Sending& one) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    one.context->TryCancel();
    one.latest = absl::InfiniteFuture();
    unsent_ -= std::exchange(one.bytes, 0);
  }
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || !sending_.empty(); }
  bool IsPressing() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || unsent_ > kMaxUnsentBytes; }

  absl::Mutex mutex_;
  std::list<Sending> sending_ ABSL_GUARDED_BY(mutex_);  // oldest first
  size_t unsent_ ABSL_GUARDED_BY(mutex_) = 0;           // bytes of those that were not cut off
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

struct Calls::Shared {
  Shared(const Door& given, int max_calls)
      : door(given),
        handlers(max_calls, 0),
        public_handlers(std::max(1, max_calls / 4), kMaxWaitingCalls),
        streams(std::min(kMaxStreamThreads, max_calls), kMaxOpenStreams) {}

  Executor& ExecutorOf(const Endpoint& endpoint) {
    return endpoint.method().access == v1::Access::PUBLIC ? public_handlers : handlers;
  }

  const Door& door;
  SendWatch watch;
  std::atomic<int> open_streams = 0;
  Executor handlers;
  Executor public_handlers;
  Executor streams;
};

// What calls of both kinds have in common: one that is ended is cut off where its client does not take the answer.
template <typename Reactor>
class Calls::CallOf : public Reactor, public Executor::Task {
 public:
  CallOf(Shared& shared, Endpoint& endpoint, grpc::CallbackServerContext* server)
      : shared_(shared), endpoint_(endpoint), server_(server) {}

  void OnDone() override {
    shared_.watch.Remove(sending_);
    delete this;
  }

 protected:
  // The last that is done with the call. `bytes`: of the answer that goes with it.
  void End(grpc::Status status, size_t bytes) {
    sending_ = shared_.watch.Add(server_, bytes);
    this->Finish(std::move(status));
  }

  Shared& shared_;
  Endpoint& endpoint_;
  grpc::CallbackServerContext* const server_;
  SendWatch::Entry sending_;  // of what is sent, or of the end
};

class Calls::UnaryCall final : public CallOf<grpc::ServerUnaryReactor> {
 public:
  UnaryCall(Shared& shared, Endpoint& endpoint, grpc::CallbackServerContext* server, const grpc::ByteBuffer* request,
            grpc::ByteBuffer* response)
      : CallOf(shared, endpoint, server), request_(Take(request)), response_(response) {
    const bool may_wait = request_.Length() <= kMaxWaitingRequestBytes;
    if (!shared_.ExecutorOf(endpoint_).Start(*this, may_wait)) End(Refusal(*server_), 0);
  }

  void Run() override {
    if (server_->IsCancelled()) return End(grpc::Status::CANCELLED, 0);
    grpc::Status status = Serve(shared_.door, endpoint_, *server_, request_, response_);
    request_.Clear();
    End(std::move(status), response_->Valid() ? response_->Length() : 0);
  }

 private:
  grpc::ByteBuffer request_;
  grpc::ByteBuffer* const response_;
};

// Runs when it begins, when its client has taken a message, and when it is waked; in between it holds no thread.
class Calls::StreamCall final : public CallOf<grpc::ServerWriteReactor<grpc::ByteBuffer>> {
 public:
  StreamCall(Shared& shared, Endpoint& endpoint, grpc::CallbackServerContext* server, const grpc::ByteBuffer* request)
      : CallOf(shared, endpoint, server), request_(Take(request)) {
    const bool may_wait = request_.Length() <= kMaxWaitingRequestBytes;
    if (shared_.open_streams.fetch_add(1) >= kMaxOpenStreams || !shared_.streams.Start(*this, may_wait)) {
      EndStream(Refusal(*server_));
    }
  }

  void Run() override {
    grpc::Status status = grpc::Status::CANCELLED;
    for (Turn turn = Turn::kLater; turn == Turn::kLater;) {
      TakeNews();
      turn = Proceed(&status);
      if (turn == Turn::kMessage) return Send();
      if (turn == Turn::kEnd) return EndStream(std::move(status));
      if (!HasNewsOrRests()) return;
    }
  }

  void OnWriteDone(bool good) override {
    shared_.watch.Remove(sending_);
    message_.Clear();
    good_ = good;
    shared_.streams.Start(*this);
  }

  void OnCancel() override { Wake(); }

 private:
  // A call that was cancelled before its turn is not begun.
  Turn Proceed(grpc::Status* status) {
    if (!stream_) {
      if (server_->IsCancelled()) return Turn::kEnd;
      stream_.emplace(shared_.door, endpoint_, *server_, std::move(request_), [this] { Wake(); });
    }
    return good_ ? stream_->Proceed(&message_, status) : stream_->Cancel(status);
  }

  // One message is held at a time. After this the call may already run in another thread.
  void Send() {
    sending_ = shared_.watch.Add(server_, message_.Length());
    StartWrite(&message_);
  }

  void Wake() {
    const absl::MutexLock lock(&mutex_);
    has_news_ = true;
    if (state_ != State::kResting) return;
    state_ = State::kBusy;
    shared_.streams.Start(*this);
  }

  void TakeNews() {
    const absl::MutexLock lock(&mutex_);
    has_news_ = false;
  }

  bool HasNewsOrRests() {
    const absl::MutexLock lock(&mutex_);
    if (!has_news_) state_ = State::kResting;
    return has_news_;
  }

  void EndStream(grpc::Status status) {
    {
      const absl::MutexLock lock(&mutex_);
      state_ = State::kEnded;
    }
    shared_.open_streams.fetch_sub(1);
    End(std::move(status), 0);
  }

  // Busy: runs, is about to, or sends.
  enum class State { kBusy, kResting, kEnded };

  grpc::ByteBuffer request_;
  grpc::ByteBuffer message_;
  bool good_ = true;  // the last message was taken
  std::optional<ServedStream> stream_;
  absl::Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_) = State::kBusy;
  bool has_news_ ABSL_GUARDED_BY(mutex_) = false;
};

Calls::Calls(const Door& door, int max_calls) : shared_(std::make_unique<Shared>(door, max_calls)) {}

Calls::~Calls() = default;

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
