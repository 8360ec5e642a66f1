#include "gateway/call_headers.h"

#include <algorithm>

#include "base/clock.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/status.h"
#include "fmt/format.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

// What metadata can carry.
bool IsPlain(std::string_view text) {
  return text.size() <= kMaxMetadataValueBytes &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

bool IsAlphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool IsRequestId(std::string_view text) {
  return !text.empty() && text.size() <= base::kMaxRequestIdBytes && std::all_of(text.begin(), text.end(), [](char c) {
    return IsAlphanumeric(c) || c == '.' || c == '_' || c == '-';
  });
}

// What RFC 5987 lets stand unencoded.
bool IsAttributeCharacter(char c) {
  return IsAlphanumeric(c) || (c != '\0' && std::string_view("!#$&+-.^_`|~").find(c) != std::string_view::npos);
}

}  // namespace

std::string RequestIdOf(const HttpRequest& request) {
  const std::string_view given = HeaderValue(request.headers, "X-Request-Id");
  if (IsRequestId(given)) return std::string(given);
  static const base::SystemClock* clock = new base::SystemClock;
  return base::NewId(*clock);
}

absl::StatusOr<Metadata> MetadataOf(const HttpRequest& request, const std::string& request_id) {
  Metadata metadata;
  for (const char* name : {"authorization", "idempotency-key"}) {
    const auto values = HeaderValues(request.headers, name);
    if (values.empty()) continue;
    if (values.size() > 1 || !IsPlain(values.front())) {
      return base::Failure(absl::StatusCode::kInvalidArgument, base::Reason::kInvalidField,
                           fmt::format("the header {} must be given once, in plain ASCII, with at most {} bytes", name,
                                       kMaxMetadataValueBytes));
    }
    metadata.emplace_back(name, values.front());
  }
  // What a client says of itself is not handed on: the server believes the gateway.
  metadata.emplace_back("x-forwarded-for", request.client_address);
  // `user-agent` names the gateway itself.
  const std::string_view agent = HeaderValue(request.headers, "User-Agent");
  if (!agent.empty() && IsPlain(agent)) metadata.emplace_back("x-forwarded-user-agent", agent);
  metadata.emplace_back("x-request-id", request_id);
  return metadata;
}

Headers HeadersOf(const Metadata& metadata) {
  Headers headers;
  for (const auto& [name, value] : metadata) {
    const bool first = headers.empty();
    if (name == "idempotency-replayed" && first && IsPlain(value)) headers.emplace_back("Idempotency-Replayed", value);
  }
  return headers;
}

std::string ContentDisposition(std::string_view file_name) {
  if (file_name.empty()) return "attachment";
  std::string plain;
  std::string encoded;
  for (const char c : file_name) {
    const bool quotable = c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '%' && c != '/';
    plain += quotable ? c : '_';
    encoded += IsAttributeCharacter(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  std::string disposition = fmt::format("attachment; filename=\"{}\"", plain);
  if (plain != file_name) disposition += fmt::format("; filename*=UTF-8''{}", encoded);
  return disposition;
}

}  // namespace invoice::gateway
