#include "base/status.h"

#include <utility>

#include "absl/strings/cord.h"
#include "base/field_fault.h"
#include "base/json.h"
#include "fmt/format.h"

namespace invoice::base {
namespace {

using Json = nlohmann::json;

// The one payload of our statuses; its content is JSON that only this file writes and reads.
constexpr char kDetailUrl[] = "type.invoice/ErrorDetail";

absl::Status Make(absl::StatusCode code, std::string_view message, const ErrorDetail& detail) {
  absl::Status status(code, {message.data(), message.size()});
  Json json = {{"reason", ReasonName(detail.reason)}};
  if (!detail.metadata.empty()) json["metadata"] = detail.metadata;
  for (const FieldViolation& violation : detail.fields) {
    json["fields"].push_back({violation.field, violation.expected});
  }
  if (detail.retry_after) json["retryMs"] = absl::ToInt64Milliseconds(*detail.retry_after);
  // A text that is not UTF-8 must not turn an error into an exception.
  status.SetPayload(kDetailUrl, absl::Cord(json.dump(-1, ' ', false, Json::error_handler_t::replace)));
  return status;
}

}  // namespace

absl::Status InvalidField(std::string_view field, std::string_view expected) {
  return InvalidFields({{std::string(field), std::string(expected)}});
}

absl::Status InvalidFields(std::vector<FieldViolation> fields) {
  std::string message = "invalid request";
  if (!fields.empty()) message = fmt::format("{}: {}", fields.front().field, DescribeFault(fields.front().expected));
  if (fields.size() > 1) message += fmt::format(" (and {} more)", fields.size() - 1);
  return Make(absl::StatusCode::kInvalidArgument, message,
              {.reason = Reason::kInvalidField, .metadata = {}, .fields = std::move(fields), .retry_after = {}});
}

absl::Status NotFound(std::string_view resource, std::string_view id) {
  return Failure(absl::StatusCode::kNotFound, Reason::kNotFound, fmt::format("{} {} not found", resource, id),
                 {{"resource", std::string(resource)}, {"id", std::string(id)}});
}

absl::Status AmountOverflow(std::string_view field) {
  return Make(absl::StatusCode::kInvalidArgument, fmt::format("{}: the amount is too large", field),
              {.reason = Reason::kAmountOverflow,
               .metadata = {},
               .fields = {{std::string(field), "a value whose amount is not above 10^15 minor units"}},
               .retry_after = {}});
}

absl::Status Failure(absl::StatusCode code, Reason reason, std::string_view message,
                     std::map<std::string, std::string> metadata) {
  return Make(code, message, {.reason = reason, .metadata = std::move(metadata), .fields = {}, .retry_after = {}});
}

absl::Status Unavailable(Reason reason, std::string_view message, absl::Duration retry_after) {
  return Make(absl::StatusCode::kUnavailable, message,
              {.reason = reason, .metadata = {}, .fields = {}, .retry_after = retry_after});
}

absl::Status Conflict(std::string_view message, absl::Duration retry_after) {
  return Make(
      absl::StatusCode::kUnavailable, message,
      {.reason = Reason::kLockTimeout, .metadata = {{"conflict", "true"}}, .fields = {}, .retry_after = retry_after});
}

bool IsConflict(const absl::Status& status) { return DetailOf(status).metadata.contains("conflict"); }

ErrorDetail DetailOf(const absl::Status& status) {
  ErrorDetail detail;
  const auto payload = status.GetPayload(kDetailUrl);
  if (!payload) return detail;
  const Json json = Json::parse(std::string(*payload), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return detail;
  detail.reason = ParseReason(json.value("reason", "")).value_or(Reason::kUnknown);
  if (json.contains("metadata")) detail.metadata = json["metadata"].get<std::map<std::string, std::string>>();
  if (json.contains("fields")) {
    for (const Json& field : json["fields"]) detail.fields.push_back({field[0], field[1]});
  }
  if (json.contains("retryMs")) detail.retry_after = absl::Milliseconds(json["retryMs"].get<int64_t>());
  return detail;
}

}  // namespace invoice::base
