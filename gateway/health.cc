#include "gateway/health.h"

#include <utility>

#include "base/limits.h"
#include "fmt/format.h"
#include "gateway/transcode/json_writer.h"
#include "invoice/v1/health.pb.h"

namespace invoice::gateway {
namespace {

const MessageTable& ReadinessTable() {
  static const auto* tables = MessageTables::Build({v1::GetReadinessResponse::descriptor()}).value().release();
  return *tables->Find(v1::GetReadinessResponse::descriptor()->full_name());
}

}  // namespace

void AnswerHealth(Responder& responder) {
  responder.Send(200, "application/json", fmt::format(R"({{"status":"healthy","version":"{}"}})", INVOICE_VERSION));
}

void AnswerReadiness(Backend& backend, const std::string& request_id, Responder& responder) {
  Call call(backend, {"/invoice.v1.HealthService/GetReadiness", {{"x-request-id", request_id}}, base::kReadinessWait});
  std::string answer;
  v1::GetReadinessResponse readiness;
  if (call.Unary("", &answer).status.code() != 0 || !readiness.ParseFromString(answer)) {
    return responder.Send(503, "application/json", R"({"status":"not_ready","problems":["backend unreachable"]})");
  }
  std::string json;
  if (const absl::Status written = WriteJson(ReadinessTable(), answer, &json); !written.ok()) {
    return responder.SendError(written);
  }
  responder.Send(readiness.status() == "ready" ? 200 : 503, "application/json", std::move(json));
}

}  // namespace invoice::gateway
