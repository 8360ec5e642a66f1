#include "gateway/upstream/rpc.h"

#include <chrono>
#include <exception>
#include <utility>

#include "base/log.h"
#include "gateway/upstream/admission.h"
#include "gateway/upstream/lane.h"

namespace invoice::gateway {
namespace {

// The barrier of the callbacks: what they throw ends no thread.
template <typename Callback>
void Guarded(const Rpc& rpc, Callback callback) {
  try {
    callback();
  } catch (const std::exception& fault) {
    base::Log(base::Level::kError, "callback failed", {{"rpc", rpc.path}, {"detail", fault.what()}});
  }
}

constexpr char kNotOneMessage[] = "not exactly one message in the answer";

}  // namespace

int64_t SteadyNanos() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

CallEnd RefusedEnd() {
  CallEnd end;
  end.status = OverloadedStatus();
  return end;
}

Rpc::Rpc(RpcKind given_kind, CallOptions options, std::string given)
    : kind(given_kind),
      path(std::move(options.rpc)),
      metadata(std::move(options.metadata)),
      message(std::move(given)),
      prefix(MessagePrefix(message.size())),
      deadline(SteadyNanos() + absl::ToInt64Nanoseconds(options.deadline)) {}

GrpcStatus Rpc::fault() const {
  switch (reader_.state()) {
    case MessageReader::State::kPartial:
    case MessageReader::State::kWhole:
      return {};
    case MessageReader::State::kCompressed:
      return {absl::StatusCode::kInternal, "a compressed message", ""};
    case MessageReader::State::kTooLarge:
      return {absl::StatusCode::kResourceExhausted, "a message that is too large", ""};
  }
  return {};
}

void Rpc::Close(GrpcStatus status) {
  closed_ = true;
  status_ = std::move(status);
}

CallEnd Rpc::TakeEnd() {
  CallEnd end;
  if (status_.ok()) CheckEnd(&status_);
  end.metadata = headers.TakeMetadata();
  end.status = ToRpcStatus(status_, &end.log_detail);
  return end;
}

// --- One message ---

size_t UnaryRpc::OnData(std::string_view bytes) {
  // What is behind the message is thrown away, and CheckEnd() knows that there was something.
  const size_t taken = reader_.Take(bytes);
  if (taken < bytes.size() && reader_.state() == MessageReader::State::kWhole) surplus_ = true;
  return bytes.size();
}

void UnaryRpc::CheckEnd(GrpcStatus* status) {
  if (reader_.state() != MessageReader::State::kWhole || surplus_) {
    *status = {absl::StatusCode::kInternal, kNotOneMessage, ""};
  }
}

bool UnaryRpc::Deliver() {
  if (!closed_) return false;  // its status is still to come
  Guarded(*this, [this] {
    CallEnd end = TakeEnd();
    MessagePtr answer = end.status.code() == 0 ? reader_.Release() : nullptr;
    std::exchange(done_, nullptr)(std::move(end), std::move(answer));
  });
  return true;
}

void UnaryRpc::Refuse() {
  Guarded(*this, [this] { std::exchange(done_, nullptr)(RefusedEnd(), nullptr); });
}

void UnaryRpc::Cancel() {
  if (admission_->Withdraw(this)) return lane->Post([self = shared_from_this()] { self->lane->Refuse(self); });
  if (!lane->gone()) lane->Do([self = shared_from_this()] { self->lane->Cancel(*self); });
}

// --- A stream of messages ---

size_t StreamRpc::OnData(std::string_view bytes) {
  if (abandoned_) return bytes.size();
  const bool direct = wanted_ && unread_.empty();
  const size_t taken = direct ? reader_.Take(bytes) : 0;
  unread_.append(bytes.substr(taken));
  return taken;
}

void StreamRpc::CheckEnd(GrpcStatus* status) {
  if (!abandoned_ && !reader_.empty()) {
    *status = {absl::StatusCode::kInternal, "the last message is not whole", ""};
  }
}

bool StreamRpc::Deliver() {
  if (wanted_ && !abandoned_ && reader_.state() == MessageReader::State::kWhole) {
    wanted_ = false;
    Guarded(*this, [this] { events_.on_message(reader_.Release()); });
  }
  const bool more = !abandoned_ && reader_.state() == MessageReader::State::kWhole;
  if (!closed_ || more || !(wanted_ || abandoned_)) return false;
  Guarded(*this, [this] { std::exchange(events_, {}).on_end(TakeEnd()); });
  return true;
}

void StreamRpc::Refuse() {
  Guarded(*this, [this] { std::exchange(events_, {}).on_end(RefusedEnd()); });
}

void StreamRpc::Abandon() {
  abandoned_ = true;
  std::string().swap(unread_);
}

void StreamRpc::ReadMore() {
  wanted_ = true;
  const size_t taken = reader_.Take(std::string_view(unread_).substr(unread_from_));
  unread_from_ += taken;
  // Moved only where it is worth it.
  if (unread_from_ == unread_.size() || unread_from_ > unread_.size() / 2) {
    unread_.erase(0, unread_from_);
    unread_from_ = 0;
  }
  lane->Proceed(*this, taken);
}

void StreamRpc::Read() {
  if (!lane->gone()) lane->Do([self = shared_from_this(), this] { ReadMore(); });
}

void StreamRpc::Cancel() {
  if (!lane->gone()) lane->Do([self = shared_from_this()] { self->lane->Cancel(*self); });
}

}  // namespace invoice::gateway
