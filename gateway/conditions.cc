#include "gateway/conditions.h"

#include <algorithm>
#include <vector>

#include "base/status.h"
#include "fmt/format.h"
#include "gateway/content/entity_tag.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

absl::Status Refused(std::string_view message) {
  return base::Failure(absl::StatusCode::kInvalidArgument, base::Reason::kInvalidField, message);
}

absl::StatusOr<std::string_view> LastEventId(const HttpRequest& request) {
  const auto values = HeaderValues(request.headers, "Last-Event-ID");
  if (values.empty()) return std::string_view();
  const std::string_view id = values.front();
  const bool plain = std::all_of(id.begin(), id.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
  if (values.size() > 1 || id.size() > kMaxEventIdBytes || !plain) {
    return Refused(fmt::format("the header Last-Event-ID must be given once, in plain ASCII, with at most {} bytes",
                               kMaxEventIdBytes));
  }
  return id;
}

}  // namespace

absl::StatusOr<Conditions> ReadConditions(const Route& route, const HttpRequest& request) {
  Conditions conditions;
  if (route.resume_from != nullptr) {
    ASSIGN_OR_RETURN(conditions.last_event_id, LastEventId(request));
  }
  if (request.method == "GET" || request.method == "HEAD") return conditions;
  if (!HeaderValues(request.headers, "If-None-Match").empty()) return Refused("this method takes no If-None-Match");
  const auto if_match = HeaderValues(request.headers, "If-Match");
  if (!if_match.empty() && route.etag.empty()) return Refused("this method takes no If-Match");
  ASSIGN_OR_RETURN(conditions.etag, VersionOf(if_match));
  return conditions;
}

}  // namespace invoice::gateway
