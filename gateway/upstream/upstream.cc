#include "gateway/upstream/upstream.h"

#include <grpc/grpc.h>
#include <grpcpp/alarm.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <array>
#include <atomic>
#include <deque>
#include <unordered_set>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/limits.h"
#include "gateway/limits.h"
#include "gateway/upstream/byte_buffers.h"
#include "gateway/upstream/call_status.h"
#include "gateway/upstream/lane.h"

namespace invoice::gateway {
namespace {

grpc::ChannelArguments ChannelArgs(int index) {
  const int backoff_ms = static_cast<int>(absl::ToInt64Milliseconds(kMaxReconnectBackoff));
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(static_cast<int>(base::kMaxResponseBytes));
  arguments.SetMaxSendMessageSize(-1);  // the bound of HTTP bodies holds
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, backoff_ms / 5);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, backoff_ms);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, backoff_ms);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  // Equal channels would share one connection.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt("gateway.channel", index);
  return arguments;
}

void AppendMetadata(const std::multimap<grpc::string_ref, grpc::string_ref>& from, Metadata* to) {
  for (const auto& [name, value] : from) {
    if (name.ends_with("-bin")) continue;
    to->emplace_back(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
  }
}

CallEnd EndOf(const grpc::ClientContext& context, const grpc::Status& status) {
  CallEnd end;
  AppendMetadata(context.GetServerInitialMetadata(), &end.metadata);
  AppendMetadata(context.GetServerTrailingMetadata(), &end.metadata);
  end.status = ToRpcStatus(status, &end.log_detail);
  return end;
}

CallEnd Refusal(google::rpc::Status status) {
  CallEnd end;
  end.status = std::move(status);
  return end;
}

}  // namespace

// What both kinds of calls share. Holds itself while it is under way.
class Backend::Operation : public Tag {
 public:
  Operation(Impl& impl, CallOptions options);
  grpc::ClientContext& context() { return context_; }

 protected:
  Impl& impl_;
  const std::string rpc_;
  const unsigned turn_;  // which channel and which lane
  grpc::ClientContext context_;
};

class Backend::UnaryOperation final : public Operation,
                                      public Call,
                                      public std::enable_shared_from_this<UnaryOperation> {
 public:
  UnaryOperation(Impl& impl, CallOptions options, std::string request, UnaryDone done)
      : Operation(impl, std::move(options)), request_(ToBuffer(std::move(request))), done_(std::move(done)) {}

  void Begin();
  void End(CallEnd end, MessagePtr message) { std::exchange(done_, nullptr)(std::move(end), std::move(message)); }
  void Complete(bool good) override;
  void Cancel() override;

  bool counted = true;       // among those under way
  absl::Time waiting_until;  // while it waits for its turn

 private:
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  grpc::Status status_;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader_;
  std::shared_ptr<UnaryOperation> self_;
  UnaryDone done_;
};

class Backend::StreamOperation final : public Operation,
                                       public StreamCall,
                                       public std::enable_shared_from_this<StreamOperation> {
 public:
  StreamOperation(Impl& impl, CallOptions options, std::string request, StreamEvents events)
      : Operation(impl, std::move(options)), request_(ToBuffer(std::move(request))), events_(std::move(events)) {}

  void Begin();
  void Refuse();
  void Complete(bool good) override;
  void Read() override;
  void Cancel() override;

 private:
  enum class Step { kStarting, kSending, kWaiting, kReading, kEnding };
  // The next operation of the call, of which one is under way at a time.
  void BeginRead() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void BeginEnd() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // After an operation has ended; gives the message that it brought, or null.
  MessagePtr Proceed(bool good);
  void End();

  grpc::ByteBuffer request_;
  grpc::ByteBuffer message_;
  grpc::Status status_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  std::shared_ptr<StreamOperation> self_;
  StreamEvents events_;
  absl::Mutex mutex_;
  Step step_ ABSL_GUARDED_BY(mutex_) = Step::kStarting;
  bool wanted_ ABSL_GUARDED_BY(mutex_) = false;     // a message, as soon as the request is out
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;  // what still comes is thrown away
};

struct Backend::Impl final : public Tag {
  Impl(const std::string& address, const Limits& given) : limits(given) {
    // gRPC goes with the process and not before: where its last user ends it, that may wait ten seconds for a poller of
    // its own.
    [[maybe_unused]] static const bool kept = (grpc_init(), true);
    for (size_t i = 0; i < stubs.size(); ++i) {
      stubs[i] = std::make_unique<grpc::GenericStub>(
          grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), ChannelArgs(static_cast<int>(i))));
    }
    for (auto& lane : lanes) lane = std::make_unique<Lane>();
  }
  ~Impl() override { Stop(); }

  void Stop();
  bool Idle() const ABSL_SHARED_LOCKS_REQUIRED(mutex) { return live.empty() && waiting.empty() && !alarm_set; }

  grpc::GenericStub& StubOf(unsigned turn) { return *stubs[turn % stubs.size()]; }
  grpc::CompletionQueue* QueueOf(unsigned turn) { return &lanes[turn % lanes.size()]->queue; }

  // Begins the call, lets it wait, or refuses it.
  void Admit(std::shared_ptr<UnaryOperation> call);
  // After the callback of a call; begins those whose turn it is.
  void Leave(UnaryOperation* call);
  bool Admit(StreamOperation* call);
  void Leave(StreamOperation* call);
  // True where the call was still waiting, and now is not.
  bool Withdraw(UnaryOperation* call);
  void WatchQueue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
  // The alarm: ends the calls that waited too long.
  void Complete(bool good) override;

  const Limits limits;
  std::array<std::unique_ptr<grpc::GenericStub>, kBackendChannels> stubs;
  std::array<std::unique_ptr<Lane>, kUpstreamThreads> lanes;
  std::atomic<unsigned> next = 0;

  absl::Mutex mutex;
  int under_way ABSL_GUARDED_BY(mutex) = 0;
  int streams ABSL_GUARDED_BY(mutex) = 0;
  std::deque<std::shared_ptr<UnaryOperation>> waiting ABSL_GUARDED_BY(mutex);
  std::unordered_set<Operation*> live ABSL_GUARDED_BY(mutex);  // with gRPC, or in their last callback
  bool stopping ABSL_GUARDED_BY(mutex) = false;
  bool alarm_set ABSL_GUARDED_BY(mutex) = false;
  grpc::Alarm alarm ABSL_GUARDED_BY(mutex);
};

// --- The queue ---

void Backend::Impl::Admit(std::shared_ptr<UnaryOperation> call) {
  bool begins = false;
  {
    absl::MutexLock lock(&mutex);
    if (!stopping && (!call->counted || under_way < limits.under_way)) {
      if (call->counted) ++under_way;
      live.insert(call.get());
      begins = true;
    } else if (!stopping && waiting.size() < static_cast<size_t>(limits.waiting)) {
      call->waiting_until = absl::Now() + limits.wait;
      waiting.push_back(std::move(call));
      return WatchQueue();
    }
  }
  if (begins) return call->Begin();
  call->End(Refusal(OverloadedStatus()), nullptr);
}

void Backend::Impl::Leave(UnaryOperation* call) {
  std::vector<std::shared_ptr<UnaryOperation>> turns;
  {
    absl::MutexLock lock(&mutex);
    if (call->counted) --under_way;
    live.erase(call);
    while (!stopping && !waiting.empty() && under_way < limits.under_way) {
      ++under_way;
      live.insert(waiting.front().get());
      turns.push_back(std::move(waiting.front()));
      waiting.pop_front();
    }
  }
  for (const auto& turn : turns) turn->Begin();
}

bool Backend::Impl::Admit(StreamOperation* call) {
  absl::MutexLock lock(&mutex);
  if (stopping || streams >= limits.streams) return false;
  ++streams;
  live.insert(call);
  return true;
}

void Backend::Impl::Leave(StreamOperation* call) {
  absl::MutexLock lock(&mutex);
  --streams;
  live.erase(call);
}

bool Backend::Impl::Withdraw(UnaryOperation* call) {
  absl::MutexLock lock(&mutex);
  return std::erase_if(waiting, [call](const auto& one) { return one.get() == call; }) > 0;
}

void Backend::Impl::WatchQueue() {
  if (alarm_set || waiting.empty()) return;
  alarm_set = true;
  alarm.Set(&lanes[0]->queue, absl::ToChronoTime(waiting.front()->waiting_until), static_cast<Tag*>(this));
}

void Backend::Impl::Complete(bool) {
  std::vector<std::shared_ptr<UnaryOperation>> late;
  {
    absl::MutexLock lock(&mutex);
    alarm_set = false;
    while (!waiting.empty() && (stopping || waiting.front()->waiting_until <= absl::Now())) {
      late.push_back(std::move(waiting.front()));
      waiting.pop_front();
    }
    WatchQueue();
  }
  for (const auto& call : late) call->End(Refusal(OverloadedStatus()), nullptr);
}

void Backend::Impl::Stop() {
  {
    absl::MutexLock lock(&mutex);
    stopping = true;
    for (Operation* call : live) call->context().TryCancel();
    if (alarm_set) alarm.Cancel();
    mutex.Await(absl::Condition(this, &Impl::Idle));
  }
  for (auto& lane : lanes) lane.reset();
}

// --- Calls ---

Backend::Operation::Operation(Impl& impl, CallOptions options)
    : impl_(impl), rpc_(std::move(options.rpc)), turn_(impl.next.fetch_add(1, std::memory_order_relaxed)) {
  context_.set_deadline(absl::ToChronoTime(absl::Now() + options.deadline));
  for (auto& [name, value] : options.metadata) context_.AddMetadata(name, value);
}

void Backend::UnaryOperation::Begin() {
  self_ = shared_from_this();
  reader_ = impl_.StubOf(turn_).PrepareUnaryCall(&context_, rpc_, request_, impl_.QueueOf(turn_));
  request_.Clear();
  reader_->StartCall();
  reader_->Finish(&response_, &status_, static_cast<Tag*>(this));
}

void Backend::UnaryOperation::Complete(bool) {
  const std::shared_ptr<UnaryOperation> self = std::move(self_);
  MessagePtr message;
  if (status_.ok()) {
    message = TakeMessage(&response_);
    if (message == nullptr) status_ = grpc::Status(grpc::StatusCode::INTERNAL, "the answer could not be read");
  }
  End(EndOf(context_, status_), std::move(message));
  impl_.Leave(this);
}

void Backend::UnaryOperation::Cancel() {
  if (impl_.Withdraw(this)) return End(Refusal(OverloadedStatus()), nullptr);
  context_.TryCancel();
}

void Backend::StreamOperation::Begin() {
  self_ = shared_from_this();
  stream_ = impl_.StubOf(turn_).PrepareCall(&context_, rpc_, impl_.QueueOf(turn_));
  stream_->StartCall(static_cast<Tag*>(this));
}

void Backend::StreamOperation::BeginRead() {
  step_ = Step::kReading;
  wanted_ = false;
  stream_->Read(&message_, static_cast<Tag*>(this));
}

void Backend::StreamOperation::BeginEnd() {
  step_ = Step::kEnding;
  stream_->Finish(&status_, static_cast<Tag*>(this));
}

void Backend::StreamOperation::Read() {
  absl::MutexLock lock(&mutex_);
  wanted_ = true;
  if (step_ == Step::kWaiting) BeginRead();
}

void Backend::StreamOperation::Cancel() {
  context_.TryCancel();
  absl::MutexLock lock(&mutex_);
  // Nobody asks for a message any more, and only a read tells of the end.
  cancelled_ = wanted_ = true;
  if (step_ == Step::kWaiting) BeginRead();
}

MessagePtr Backend::StreamOperation::Proceed(bool good) {
  absl::MutexLock lock(&mutex_);
  if (!good) return BeginEnd(), nullptr;
  MessagePtr message;
  switch (step_) {
    case Step::kStarting:
      step_ = Step::kSending;
      stream_->WriteLast(request_, grpc::WriteOptions(), static_cast<Tag*>(this));
      request_.Clear();
      return nullptr;
    case Step::kReading:
      message = TakeMessage(&message_);
      if (message != nullptr) break;
      context_.TryCancel();
      cancelled_ = true;
      break;
    case Step::kSending:
    case Step::kWaiting:
    case Step::kEnding:
      break;
  }
  step_ = Step::kWaiting;
  if (cancelled_) message = nullptr;
  if (wanted_ || cancelled_) BeginRead();
  return message;
}

void Backend::StreamOperation::Complete(bool good) {
  {
    absl::ReleasableMutexLock lock(&mutex_);
    if (step_ == Step::kEnding) {
      lock.Release();
      return End();
    }
  }
  if (MessagePtr message = Proceed(good)) events_.on_message(std::move(message));
}

void Backend::StreamOperation::Refuse() {
  events_.on_end(Refusal(OverloadedStatus()));
  events_ = {};
}

void Backend::StreamOperation::End() {
  const std::shared_ptr<StreamOperation> self = std::move(self_);
  events_.on_end(EndOf(context_, status_));
  events_ = {};
  impl_.Leave(this);
}

// --- Backend ---

Backend::Backend(const std::string& address)
    : Backend(address, {kMaxCallsUnderWay, kMaxCallsWaiting, kMaxCallWait, kMaxStreams}) {}

Backend::Backend(const std::string& address, const Limits& limits) : impl_(std::make_unique<Impl>(address, limits)) {}

Backend::~Backend() = default;

std::shared_ptr<Call> Backend::Unary(CallOptions options, std::string request, UnaryDone done) {
  const bool counted = options.waits;
  auto call = std::make_shared<UnaryOperation>(*impl_, std::move(options), std::move(request), std::move(done));
  call->counted = counted;
  impl_->Admit(call);
  return call;
}

std::shared_ptr<StreamCall> Backend::Stream(CallOptions options, std::string request, StreamEvents events) {
  auto call = std::make_shared<StreamOperation>(*impl_, std::move(options), std::move(request), std::move(events));
  if (impl_->Admit(call.get())) {
    call->Begin();
  } else {
    call->Refuse();
  }
  return call;
}

}  // namespace invoice::gateway
