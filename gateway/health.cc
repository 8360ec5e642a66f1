#include "gateway/health.h"

#include "base/limits.h"
#include "fmt/format.h"
#include "gateway/message_writer.h"
#include "invoice/v1/health.pb.h"

namespace invoice::gateway {

void AnswerHealth(Responder& responder) {
  responder.Send(200, "application/json", fmt::format(R"({{"status":"healthy","version":"{}"}})", INVOICE_VERSION));
}

void AnswerReadiness(Backend& backend, const std::string& request_id, Responder& responder) {
  Call call(backend, {"/invoice.v1.HealthService/GetReadiness", {{"x-request-id", request_id}}, base::kReadinessWait});
  v1::GetReadinessResponse readiness;
  if (call.Unary(v1::GetReadinessRequest(), &readiness).status.code() != 0) {
    return responder.Send(503, "application/json", R"({"status":"not_ready","problems":["backend unreachable"]})");
  }
  const absl::StatusOr<std::string> json = WriteJson(readiness);
  if (!json.ok()) return responder.SendError(json.status());
  responder.Send(readiness.status() == "ready" ? 200 : 503, "application/json", *json);
}

}  // namespace invoice::gateway
