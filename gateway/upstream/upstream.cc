#include "gateway/upstream/upstream.h"

#include <grpc/grpc.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <array>
#include <chrono>

#include "base/limits.h"
#include "gateway/limits.h"
#include "gateway/upstream/call_status.h"

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

grpc::ByteBuffer Wrap(std::string_view message) {
  const grpc::Slice slice(message.data(), message.size());
  return {&slice, 1};
}

bool Unwrap(grpc::ByteBuffer* bytes, std::string* message) {
  grpc::Slice slice;
  if (!bytes->TrySingleSlice(&slice).ok() && !bytes->DumpToSingleSlice(&slice).ok()) return false;
  message->assign(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return true;
}

void AppendMetadata(const std::multimap<grpc::string_ref, grpc::string_ref>& from, Metadata* to) {
  for (const auto& [name, value] : from) {
    if (name.ends_with("-bin")) continue;
    to->emplace_back(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
  }
}

}  // namespace

struct Backend::Impl {
  std::array<std::unique_ptr<grpc::GenericStub>, kBackendChannels> stubs;
  std::atomic<unsigned> next = 0;

  grpc::GenericStub& Stub() { return *stubs[next.fetch_add(1, std::memory_order_relaxed) % stubs.size()]; }
};

Backend::Backend(const std::string& address) : impl_(std::make_unique<Impl>()) {
  // gRPC goes with the process and not before: where its last user ends it, that may wait ten seconds for a poller of
  // its own.
  [[maybe_unused]] static const bool kept = (grpc_init(), true);
  for (size_t i = 0; i < impl_->stubs.size(); ++i) {
    impl_->stubs[i] = std::make_unique<grpc::GenericStub>(
        grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), ChannelArgs(static_cast<int>(i))));
  }
}

Backend::~Backend() = default;

// A queue of its own lets the calling thread do gRPC's work, without a hop to another one. One operation at a time.
struct Call::Impl {
  Impl(grpc::GenericStub& given, CallOptions options) : stub(given), rpc(std::move(options.rpc)) {
    context.set_deadline(absl::ToChronoTime(absl::Now() + options.deadline));
    for (auto& [name, value] : options.metadata) context.AddMetadata(name, value);
  }

  // Waits for the one operation; false where it failed.
  bool Wait() {
    void* tag = nullptr;
    bool good = false;
    return queue.Next(&tag, &good) && good;
  }

  CallEnd End(const grpc::Status& status) {
    CallEnd end;
    AppendMetadata(context.GetServerInitialMetadata(), &end.metadata);
    AppendMetadata(context.GetServerTrailingMetadata(), &end.metadata);
    end.status = ToRpcStatus(status, &end.log_detail);
    return end;
  }

  grpc::GenericStub& stub;
  const std::string rpc;
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream;
  grpc::ByteBuffer buffer;
  bool reading = false;   // a read is under way
  bool finished = false;  // Finish() was called
};

Call::Call(Backend& backend, CallOptions options)
    : impl_(std::make_unique<Impl>(backend.impl_->Stub(), std::move(options))) {}

Call::~Call() {
  if (impl_->stream != nullptr && !impl_->finished) {
    Cancel();
    Finish();
  }
  impl_->queue.Shutdown();
  void* tag = nullptr;
  bool good = false;
  while (impl_->queue.Next(&tag, &good)) continue;
}

void Call::Cancel() { impl_->context.TryCancel(); }

CallEnd Call::Unary(std::string_view request, std::string* response) {
  auto reader = impl_->stub.PrepareUnaryCall(&impl_->context, impl_->rpc, Wrap(request), &impl_->queue);
  reader->StartCall();
  grpc::Status status;
  reader->Finish(&impl_->buffer, &status, this);
  impl_->Wait();
  if (status.ok() && !Unwrap(&impl_->buffer, response)) {
    status = grpc::Status(grpc::StatusCode::INTERNAL, "the answer could not be read");
  }
  return impl_->End(status);
}

void Call::Start(std::string_view request) {
  impl_->stream = impl_->stub.PrepareCall(&impl_->context, impl_->rpc, &impl_->queue);
  impl_->stream->StartCall(this);
  // Where the call fails here, the reads fail too, and Finish() says why.
  if (!impl_->Wait()) return;
  impl_->stream->WriteLast(Wrap(request), grpc::WriteOptions(), this);
  impl_->Wait();
}

Call::ReadResult Call::Read(std::string* message, absl::Duration timeout) {
  if (!impl_->reading) impl_->stream->Read(&impl_->buffer, this);
  impl_->reading = true;
  void* tag = nullptr;
  bool good = false;
  if (impl_->queue.AsyncNext(&tag, &good, absl::ToChronoTime(absl::Now() + timeout)) ==
      grpc::CompletionQueue::TIMEOUT) {
    return ReadResult::kTimeout;
  }
  impl_->reading = false;
  return good && Unwrap(&impl_->buffer, message) ? ReadResult::kMessage : ReadResult::kEnd;
}

CallEnd Call::Finish() {
  impl_->finished = true;
  if (impl_->reading) impl_->Wait();
  impl_->reading = false;
  grpc::Status status;
  impl_->stream->Finish(&status, this);
  impl_->Wait();
  return impl_->End(status);
}

}  // namespace invoice::gateway
