#include "gateway/health.h"

#include <utility>

#include "base/limits.h"
#include "fmt/format.h"
#include "gateway/transcode/json_writer.h"
#include "invoice/v1/health.pb.h"

namespace invoice::gateway {

void AnswerHealth(Responder& responder) {
  responder.Send(200, "application/json", fmt::format(R"({{"status":"healthy","version":"{}"}})", INVOICE_VERSION));
}

namespace {

const MessageTable& ReadinessTable() {
  static const auto* tables = MessageTables::Build({v1::GetReadinessResponse::descriptor()}).value().release();
  return *tables->Find(v1::GetReadinessResponse::descriptor()->full_name());
}

void SendReadiness(const CallEnd& end, const MessagePtr& message, Responder& responder) {
  v1::GetReadinessResponse readiness;
  const std::string_view bytes = message == nullptr ? std::string_view() : message->view();
  if (end.status.code() != 0 || !readiness.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return responder.Send(503, "application/json", R"({"status":"not_ready","problems":["backend unreachable"]})");
  }
  std::string json;
  if (const absl::Status written = WriteJson(ReadinessTable(), bytes, &json); !written.ok()) {
    return responder.SendError(written);
  }
  responder.Send(readiness.status() == "ready" ? 200 : 503, "application/json", std::move(json));
}

}  // namespace

void AnswerReadiness(Backend& backend, const ResponderPtr& responder) {
  // It tells of the system also where the calls of clients must wait.
  CallOptions options{"/invoice.v1.HealthService/GetReadiness",
                      {{"x-request-id", responder->request_id()}},
                      base::kReadinessWait,
                      /*waits=*/false};
  backend.Unary(std::move(options), "", [responder](CallEnd end, MessagePtr message) {
    responder->Post([responder = responder.get(), end = std::move(end), message = std::move(message)] {
      SendReadiness(end, message, *responder);
    });
  });
}

}  // namespace invoice::gateway
