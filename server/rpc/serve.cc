#include "rpc/serve.h"

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/proto_buffer_writer.h>

#include <exception>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "base/deadline.h"
#include "base/id.h"
#include "base/log.h"
#include "base/status.h"
#include "fmt/format.h"
#include "rpc/caller.h"
#include "rpc/digest.h"
#include "rpc/entry_count.h"
#include "rpc/limits.h"
#include "rpc/status.h"

namespace invoice::rpc {
namespace {

using google::protobuf::Message;
using MessageTraits = grpc::SerializationTraits<Message>;

// A request that is too short for so many entries is not looked at.
absl::Status CheckEntries(const Endpoint& endpoint, const grpc::ByteBuffer& bytes) {
  if (bytes.Length() <= 2 * static_cast<size_t>(kMaxListEntries)) return absl::OkStatus();
  grpc::ByteBuffer copy(bytes);
  grpc::ProtoBufferReader reader(&copy);
  google::protobuf::io::CodedInputStream stream(&reader);
  if (!HasMoreEntriesThan(kMaxListEntries, endpoint.request().GetDescriptor(), &stream)) return absl::OkStatus();
  return base::Failure(absl::StatusCode::kInvalidArgument, base::Reason::kInvalidField,
                       fmt::format("The request has more than {} entries in its lists.", kMaxListEntries));
}

absl::StatusOr<std::unique_ptr<Message>> ReadRequest(const Endpoint& endpoint, const grpc::ByteBuffer& bytes) {
  RETURN_IF_ERROR(CheckEntries(endpoint, bytes));
  std::unique_ptr<Message> request(endpoint.request().New());
  grpc::ByteBuffer copy(bytes);  // shares the slices; reading empties it
  if (!MessageTraits::Deserialize(&copy, request.get()).ok()) {
    return base::Failure(absl::StatusCode::kInvalidArgument, base::Reason::kInvalidField,
                         fmt::format("The request is no {}, or a text in it is not UTF-8.", request->GetTypeName()));
  }
  RETURN_IF_ERROR(endpoint.rules().Check(endpoint.method(), request.get()));
  return request;
}

absl::Status Unimplemented(const Method& method) {
  return base::Failure(absl::StatusCode::kUnimplemented, base::Reason::kNotImplemented,
                       fmt::format("{} is not available in this version.", method.name));
}

absl::Status Write(const Message& message, grpc::ByteBuffer* bytes) {
  bool own_buffer = false;
  if (MessageTraits::Serialize(message, bytes, &own_buffer).ok()) return absl::OkStatus();
  return absl::InternalError("answer cannot be written");
}

// The exception barrier of this floor: whatever a library throws ends here.
template <typename Result, typename Function>
Result Guarded(const Function& function) {
  try {
    return function();
  } catch (const std::exception& fault) {
    return absl::InternalError(fmt::format("exception: {}", fault.what()));
  } catch (...) {
    return absl::InternalError("exception of an unknown type");
  }
}

}  // namespace

// One call on its way, of either kind.
class AnyFlight {
 public:
  AnyFlight(const Door& door, Endpoint& endpoint, grpc::ServerContextBase& server)
      : door_(door), endpoint_(endpoint), server_(server), started_(absl::Now()) {
    call_.method = endpoint.method().name;
    call_.request_id = RequestIdOf(server);
    if (call_.request_id.empty()) call_.request_id = base::NewId(*door.clock);
    call_.remote = RemoteOf(server, door.proxies);
    call_.deadline = DeadlineOf(server, endpoint.method().descriptor->server_streaming(), started_);
    server.AddInitialMetadata("x-request-id", call_.request_id);
  }

  const app::Call& call() const { return call_; }
  const Endpoint& endpoint() const { return endpoint_; }
  grpc::ServerContextBase& server() { return server_; }

  // Whether the call's key may still do this; who it is, is decided once.
  absl::Status CheckActor() const { return ActorOf(door_, endpoint_.method(), server_).status(); }

  // The request, of a caller who may send it.
  absl::StatusOr<std::unique_ptr<Message>> Admit(const grpc::ByteBuffer& bytes) {
    ASSIGN_OR_RETURN(call_.actor, ActorOf(door_, endpoint_.method(), server_));
    if (!endpoint_.handler() && !endpoint_.stream_handler()) return Unimplemented(endpoint_.method());
    if (absl::Now() >= call_.deadline) return absl::DeadlineExceededError("before the handler");
    ASSIGN_OR_RETURN(call_.idempotency_key, IdempotencyKeyOf(endpoint_.method(), server_));
    ASSIGN_OR_RETURN(std::unique_ptr<Message> request, ReadRequest(endpoint_, bytes));
    if (!call_.idempotency_key.empty()) call_.idempotency_digest = DigestOfRequest(*request, door_.digest_key);
    return request;
  }

  // Once, with the status of the handler.
  grpc::Status End(const absl::Status& status, bool replayed = false) {
    grpc::Status answer = ToGrpc(status, call_.request_id);
    Record(status, answer.error_code(), replayed);
    return answer;
  }

 private:
  void Record(const absl::Status& status, grpc::StatusCode code, bool replayed) {
    const absl::Duration duration = absl::Now() - started_;
    endpoint_.Observe(code, duration);
    const bool internal = IsFaultOfOurs(status);
    const bool quiet = endpoint_.method().access == v1::Access::PUBLIC && status.ok();
    const base::Level level = internal ? base::Level::kError : quiet ? base::Level::kDebug : base::Level::kInfo;
    const std::string_view reason = status.ok() ? "" : base::ReasonName(base::DetailOf(status).reason);
    base::Log(level, "call",
              {{"method", call_.method},
               {"code", absl::StatusCodeToString(static_cast<absl::StatusCode>(code))},
               {"reason", reason},
               {"duration_ms", absl::ToDoubleMilliseconds(duration)},
               {"actor", call_.actor.name},
               {"remote", call_.remote},
               {"replayed", replayed},
               {"detail", internal ? std::string(status.message()) : std::string()}});
  }

  const Door& door_;
  Endpoint& endpoint_;
  grpc::ServerContextBase& server_;
  const absl::Time started_;
  app::Call call_;
};

Endpoint::Endpoint(Method method, const RuleBook& rules, const Message& request, base::Metrics& metrics)
    : method_(std::move(method)), rules_(rules), request_(request), metrics_(metrics) {}

void Endpoint::Observe(grpc::StatusCode code, absl::Duration duration) {
  const absl::MutexLock lock(&mutex_);
  std::optional<base::Histogram>& histogram = durations_[static_cast<size_t>(code) % durations_.size()];
  if (!histogram) {
    histogram = metrics_.GetHistogram(
        "invoice_rpc_duration_seconds", "Time of a gRPC call by method and status code.",
        {{"method", method_.name}, {"code", absl::StatusCodeToString(static_cast<absl::StatusCode>(code))}});
  }
  histogram->Observe(duration);
}

grpc::Status Serve(const Door& door, Endpoint& endpoint, grpc::ServerContextBase& server,
                   const grpc::ByteBuffer& request_bytes, grpc::ByteBuffer* response) {
  AnyFlight flight(door, endpoint, server);
  const base::ScopedRequestId scope(flight.call().request_id);
  const base::ScopedDeadline deadline(flight.call().deadline);
  bool replayed = false;
  const absl::Status status = Guarded<absl::Status>([&]() -> absl::Status {
    ASSIGN_OR_RETURN(const std::unique_ptr<Message> request, flight.Admit(request_bytes));
    Context context(server, flight.call());
    return endpoint.handler()(context, *request, [&](const Message& message) {
      replayed = context.replayed();
      if (replayed) server.AddInitialMetadata("idempotency-replayed", "true");
      return Write(message, response);
    });
  });
  return flight.End(status, replayed);
}

class ServedStream::Flight : public AnyFlight {
 public:
  Flight(const Door& door, Endpoint& endpoint, grpc::ServerContextBase& server, grpc::ByteBuffer request, Wake wake)
      : AnyFlight(door, endpoint, server), request_(std::move(request)), wake_(std::move(wake)) {}

  absl::StatusOr<Turn> Proceed(grpc::ByteBuffer* bytes) {
    if (server().IsCancelled()) return absl::CancelledError("the client is gone");
    RETURN_IF_ERROR(next_ ? CheckActor() : Begin());
    const std::unique_ptr<Message> message(endpoint().response().New());
    ASSIGN_OR_RETURN(const Turn turn, next_(message.get()));
    if (turn == Turn::kMessage) RETURN_IF_ERROR(Write(*message, bytes));
    return turn;
  }

  // From then on the stream is not waked.
  void LetGo() { next_ = nullptr; }

 private:
  absl::Status Begin() {
    ASSIGN_OR_RETURN(const std::unique_ptr<Message> request, Admit(request_));
    request_.Clear();
    context_.emplace(server(), call());
    ASSIGN_OR_RETURN(next_, endpoint().stream_handler()(*context_, *request, wake_));
    return absl::OkStatus();
  }

  grpc::ByteBuffer request_;
  const Wake wake_;
  std::optional<Context> context_;
  NextMessage next_;
};

ServedStream::ServedStream(const Door& door, Endpoint& endpoint, grpc::ServerContextBase& server,
                           grpc::ByteBuffer request, Wake wake)
    : flight_(std::make_unique<Flight>(door, endpoint, server, std::move(request), std::move(wake))) {}
ServedStream::~ServedStream() = default;

Turn ServedStream::Proceed(grpc::ByteBuffer* bytes, grpc::Status* status) {
  const base::ScopedRequestId scope(flight_->call().request_id);
  const base::ScopedDeadline deadline(flight_->call().deadline);
  const auto turn = Guarded<absl::StatusOr<Turn>>([&] { return flight_->Proceed(bytes); });
  return turn.ok() && *turn != Turn::kEnd ? *turn : End(turn.status(), status);
}

Turn ServedStream::Cancel(grpc::Status* status) {
  const base::ScopedRequestId scope(flight_->call().request_id);
  return End(absl::CancelledError("the client is gone"), status);
}

Turn ServedStream::End(const absl::Status& end, grpc::Status* status) {
  flight_->LetGo();
  *status = flight_->End(end);
  return Turn::kEnd;
}

}  // namespace invoice::rpc
