#include "gateway/transcode/error_reply.h"

#include <google/protobuf/util/time_util.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/error_info.pb.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <vector>

#include "base/field_fault.h"
#include "base/reasons.h"
#include "base/status.h"
#include "base/text.h"
#include "gateway/transcode/error_info.h"
#include "gateway/transcode/json_output.h"
#include "gateway/transcode/json_writer.h"
#include "gateway/transcode/message_table.h"

namespace invoice::gateway {
namespace {

using google::protobuf::util::TimeUtil;

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

// The tables of the details that google/rpc/error_details.proto has.
const MessageTable& DetailTable() {
  static const MessageTables* const tables = [] {
    std::vector<const google::protobuf::Descriptor*> types = {google::rpc::ErrorInfo::descriptor()};
    const auto* file = google::rpc::BadRequest::descriptor()->file();
    for (int i = 0; i < file->message_type_count(); ++i) types.push_back(file->message_type(i));
    return MessageTables::Build(types).value().release();
  }();
  return *tables->Find("google.protobuf.Any");
}

// Metadata in the order of its names, and paths in JSON spelling.
google::protobuf::Any Shown(const google::protobuf::Any& detail) {
  if (const std::optional<ErrorInfo> info = UnpackErrorInfo(detail)) return PackErrorInfo(*info);
  google::rpc::BadRequest bad;
  google::protobuf::Any shown = detail;
  if (!detail.Is<google::rpc::BadRequest>() || !detail.UnpackTo(&bad)) return shown;
  for (auto& violation : *bad.mutable_field_violations()) violation.set_field(JsonSpelling(violation.field()));
  shown.PackFrom(bad);
  return shown;
}

// Separated by commas. Details of another type, and damaged ones, cannot be shown and are left out.
std::string DetailsOf(const google::rpc::Status& status) {
  std::string details;
  for (const auto& detail : status.details()) {
    if (detail.type_url().empty()) continue;
    std::string one = details.empty() ? "" : ",";
    if (WriteJson(DetailTable(), Shown(detail).SerializeAsString(), &one).ok()) details += one;
  }
  return details;
}

// A text of gRPC is not always UTF-8.
std::string Printable(std::string text) {
  if (base::IsValidUtf8(text)) return text;
  for (char& c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  }
  return text;
}

std::string BodyOf(const google::rpc::Status& status, int http_status) {
  const std::string details = DetailsOf(status);
  std::string body;
  JsonOutput out(&body, status.message().size() + details.size() + 128);
  out.Raw(R"({"error":{"code":)");
  out.Signed(http_status);
  out.Raw(R"(,"status":)");
  out.Text(CodeName(status.code()));
  out.Raw(R"(,"message":)");
  out.Text(Printable(status.message()));
  out.Raw(R"(,"details":[)");
  out.Raw(details);
  out.Raw("]}}");
  out.Finish();
  return body;
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
  reply.body = BodyOf(status, reply.http_status);
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

bool HasReason(const google::rpc::Status& status, std::string_view reason) {
  return std::any_of(status.details().begin(), status.details().end(), [&](const auto& detail) {
    const std::optional<ErrorInfo> info = UnpackErrorInfo(detail);
    return info && info->reason == reason;
  });
}

google::rpc::Status MakeRpcStatus(absl::StatusCode code, std::string_view reason, std::string_view message) {
  google::rpc::Status result;
  result.set_code(static_cast<int>(code));
  result.set_message(std::string(message));
  AddReason(reason, {}, &result);
  return result;
}

}  // namespace invoice::gateway
