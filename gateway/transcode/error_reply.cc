#include "gateway/transcode/error_reply.h"

#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/time_util.h>
#include <google/rpc/error_details.pb.h>

#include <iterator>
#include <map>

#include "base/field_fault.h"
#include "base/json.h"
#include "base/reasons.h"
#include "base/status.h"
#include "gateway/transcode/error_info.h"

namespace invoice::gateway {
namespace {

using google::protobuf::util::TimeUtil;
using Json = nlohmann::ordered_json;

// The domain of all reasons, the same as the server's.
constexpr char kErrorDomain[] = "invoice-enterprise";

struct CodeRow {
  std::string_view name;
  int http_status;
};

// By number: google/rpc/code.proto, which also has the HTTP statuses.
constexpr CodeRow kCodes[] = {
    {"OK", 200},
    {"CANCELLED", 499},
    {"UNKNOWN", 500},
    {"INVALID_ARGUMENT", 400},
    {"DEADLINE_EXCEEDED", 504},
    {"NOT_FOUND", 404},
    {"ALREADY_EXISTS", 409},
    {"PERMISSION_DENIED", 403},
    {"RESOURCE_EXHAUSTED", 429},
    {"FAILED_PRECONDITION", 400},
    {"ABORTED", 409},
    {"OUT_OF_RANGE", 400},
    {"UNIMPLEMENTED", 501},
    {"INTERNAL", 500},
    {"UNAVAILABLE", 503},
    {"DATA_LOSS", 500},
    {"UNAUTHENTICATED", 401},
};

const CodeRow& RowOf(int code) {
  constexpr int kUnknown = 2;
  return kCodes[code >= 0 && code < static_cast<int>(std::size(kCodes)) ? code : kUnknown];
}

// "payment_terms.days" -> "paymentTerms.days"; a path in JSON spelling stays as it is.
std::string JsonSpelling(std::string_view path) {
  std::string spelled;
  bool raise = false;
  for (const char c : path) {
    if (c == '_') {
      raise = true;
      continue;
    }
    spelled += raise && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    raise = false;
  }
  return spelled;
}

void SpellPaths(google::protobuf::Any* detail) {
  google::rpc::BadRequest bad;
  if (!detail->Is<google::rpc::BadRequest>() || !detail->UnpackTo(&bad)) return;
  for (auto& violation : *bad.mutable_field_violations()) violation.set_field(JsonSpelling(violation.field()));
  detail->PackFrom(bad);
}

// Details of a type that is not linked cannot be shown and are left out.
void AppendDetail(google::protobuf::Any detail, Json* details) {
  if (const std::optional<ErrorInfo> info = UnpackErrorInfo(detail)) {
    Json json = {{"@type", kErrorInfoUrl}, {"reason", info->reason}, {"domain", info->domain}};
    if (!info->metadata.empty()) json["metadata"] = info->metadata;
    return details->push_back(std::move(json));
  }
  SpellPaths(&detail);
  google::protobuf::util::JsonPrintOptions options;
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(detail, &text, options).ok()) return;
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_object() && json.contains("@type")) details->push_back(std::move(json));
}

std::optional<absl::Duration> RetryAfter(const google::rpc::Status& status) {
  for (const auto& detail : status.details()) {
    google::rpc::RetryInfo retry;
    if (detail.Is<google::rpc::RetryInfo>() && detail.UnpackTo(&retry)) {
      return absl::Milliseconds(TimeUtil::DurationToMilliseconds(retry.retry_delay()));
    }
  }
  return std::nullopt;
}

void AddReason(std::string_view reason, const std::map<std::string, std::string>& metadata,
               google::rpc::Status* status) {
  *status->add_details() = PackErrorInfo({std::string(reason), kErrorDomain, metadata});
}

}  // namespace

int HttpStatusOf(int code) { return RowOf(code).http_status; }
std::string_view CodeName(int code) { return RowOf(code).name; }

ErrorReply MakeErrorReply(const google::rpc::Status& status, int http_status) {
  ErrorReply reply;
  reply.http_status = http_status != 0 ? http_status : HttpStatusOf(status.code());
  Json details = Json::array();
  for (const auto& detail : status.details()) AppendDetail(detail, &details);
  Json error;
  error["code"] = reply.http_status;
  error["status"] = CodeName(status.code());
  error["message"] = status.message();
  error["details"] = std::move(details);
  reply.body = Json{{"error", std::move(error)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (reply.http_status == 429 || reply.http_status == 503) reply.retry_after = RetryAfter(status);
  return reply;
}

google::rpc::Status ToRpcStatus(const absl::Status& status) {
  google::rpc::Status result;
  result.set_code(static_cast<int>(status.code()));
  result.set_message(std::string(status.message()));
  const base::ErrorDetail detail = base::DetailOf(status);
  AddReason(base::ReasonName(detail.reason), detail.metadata, &result);
  if (!detail.fields.empty()) {
    google::rpc::BadRequest bad;
    for (const base::FieldViolation& violation : detail.fields) {
      auto* entry = bad.add_field_violations();
      entry->set_field(violation.field);
      entry->set_description(base::DescribeFault(violation.expected));
    }
    result.add_details()->PackFrom(bad);
  }
  if (detail.retry_after) {
    google::rpc::RetryInfo retry;
    *retry.mutable_retry_delay() = TimeUtil::MillisecondsToDuration(absl::ToInt64Milliseconds(*detail.retry_after));
    result.add_details()->PackFrom(retry);
  }
  return result;
}

google::rpc::Status MakeRpcStatus(absl::StatusCode code, std::string_view reason, std::string_view message) {
  google::rpc::Status result;
  result.set_code(static_cast<int>(code));
  result.set_message(std::string(message));
  AddReason(reason, {}, &result);
  return result;
}

}  // namespace invoice::gateway
