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

// One call on its way.
class Flight {
 public:
  Flight(const Door& door, Endpoint& endpoint, grpc::ServerContextBase& server, const SendBytes& send)
      : door_(door), endpoint_(endpoint), server_(server), send_(send), started_(absl::Now()) {
    call_.method = endpoint.method().name;
    call_.request_id = RequestIdOf(server);
    if (call_.request_id.empty()) call_.request_id = base::NewId(*door.clock);
    call_.remote = RemoteOf(server, door.trust_forwarded_for);
    call_.deadline = DeadlineOf(server, endpoint.method().descriptor->server_streaming(), started_);
    server.AddInitialMetadata("x-request-id", call_.request_id);
  }

  grpc::Status Run(const grpc::ByteBuffer& request) {
    const base::ScopedRequestId scope(call_.request_id);
    const base::ScopedDeadline deadline(call_.deadline);
    const absl::Status status = Guarded(request);
    const grpc::Status answer = ToGrpc(status, call_.request_id);
    Record(status, answer.error_code());
    return answer;
  }

 private:
  // The exception barrier of this floor: whatever a library throws ends here.
  absl::Status Guarded(const grpc::ByteBuffer& request) {
    try {
      return Handle(request);
    } catch (const std::exception& fault) {
      return absl::InternalError(fmt::format("exception: {}", fault.what()));
    } catch (...) {
      return absl::InternalError("exception of an unknown type");
    }
  }

  absl::Status Handle(const grpc::ByteBuffer& bytes) {
    ASSIGN_OR_RETURN(call_.actor, ActorOf(door_, endpoint_.method(), server_));
    if (!endpoint_.handler()) {
      return base::Failure(absl::StatusCode::kUnimplemented, base::Reason::kNotImplemented,
                           fmt::format("{} is not available in this version.", call_.method));
    }
    if (absl::Now() >= call_.deadline) return absl::DeadlineExceededError("before the handler");
    ASSIGN_OR_RETURN(call_.idempotency_key, IdempotencyKeyOf(endpoint_.method(), server_));
    ASSIGN_OR_RETURN(const std::unique_ptr<Message> request, ReadRequest(endpoint_, bytes));
    if (!call_.idempotency_key.empty()) call_.idempotency_digest = DigestOfRequest(*request, door_.digest_key);
    Context context(server_, call_);
    return endpoint_.handler()(context, *request,
                               [&](const Message& message) { return SendMessage(context, message); });
  }

  absl::Status SendMessage(const Context& context, const Message& message) {
    if (context.replayed() && !std::exchange(replayed_, true))
      server_.AddInitialMetadata("idempotency-replayed", "true");
    grpc::ByteBuffer bytes;
    bool own_buffer = false;
    if (!MessageTraits::Serialize(message, &bytes, &own_buffer).ok())
      return absl::InternalError("answer cannot be written");
    return send_(bytes) ? absl::OkStatus() : absl::CancelledError("the client is gone");
  }

  void Record(const absl::Status& status, grpc::StatusCode code) {
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
               {"replayed", replayed_},
               {"detail", internal ? std::string(status.message()) : std::string()}});
  }

  const Door& door_;
  Endpoint& endpoint_;
  grpc::ServerContextBase& server_;
  const SendBytes& send_;
  const absl::Time started_;
  app::Call call_;
  bool replayed_ = false;
};

}  // namespace

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
                   const grpc::ByteBuffer& request, const SendBytes& send) {
  return Flight(door, endpoint, server, send).Run(request);
}

}  // namespace invoice::rpc
