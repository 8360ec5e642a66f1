#include "gateway/upstream/response_headers.h"

#include <charconv>

#include "absl/strings/escaping.h"
#include "fmt/format.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

constexpr int64_t kNanosPerMilli = 1'000'000;
constexpr int64_t kMaxTimeoutValue = 99'999'999;
constexpr int kLastCode = 16;

int Hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// What is no escape stays as it is, as gRPC wants it.
std::string PercentDecoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && Hex(text[i + 1]) >= 0 && Hex(text[i + 2]) >= 0;
    decoded += escape ? static_cast<char>(Hex(text[i + 1]) * 16 + Hex(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return decoded;
}

std::string Base64Decoded(const std::string& text) {
  std::string decoded;
  return absl::Base64Unescape(text, &decoded) ? decoded : std::string();
}

int Number(std::string_view text, int fallback) {
  int value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  return fault == std::errc() && end == text.data() + text.size() ? value : fallback;
}

// As gRPC's "HTTP to gRPC status code mapping".
absl::StatusCode CodeOfHttp(int status) {
  switch (status) {
    case 400:
      return absl::StatusCode::kInternal;
    case 401:
      return absl::StatusCode::kUnauthenticated;
    case 403:
      return absl::StatusCode::kPermissionDenied;
    case 404:
      return absl::StatusCode::kUnimplemented;
    case 429:
    case 502:
    case 503:
    case 504:
      return absl::StatusCode::kUnavailable;
    default:
      return absl::StatusCode::kUnknown;
  }
}

// Of the transport, and no metadata.
bool IsReserved(std::string_view name) {
  return name.starts_with("grpc-") || name.ends_with("-bin") || name == "accept-encoding" || name == "date" ||
         name == "server";
}

}  // namespace

std::string TimeoutText(int64_t nanos) {
  const int64_t millis = nanos <= 0 ? 0 : (nanos - 1) / kNanosPerMilli + 1;
  if (millis <= kMaxTimeoutValue) return fmt::format("{}m", millis);
  return fmt::format("{}S", std::min(millis / 1000, kMaxTimeoutValue));
}

bool ResponseHeaders::Add(std::string_view name, std::string_view value) {
  bytes_ += name.size() + value.size();
  if (bytes_ > kMaxResponseHeaderBytes) return false;
  if (name == ":status") {
    http_status_ = Number(value, 0);
  } else if (name == "grpc-status") {
    const int code = Number(value, kLastCode + 1);
    status_ = code >= 0 && code <= kLastCode ? static_cast<absl::StatusCode>(code) : absl::StatusCode::kUnknown;
  } else if (name == "content-type") {
    of_grpc_ = value.starts_with("application/grpc");
  } else if (name == "grpc-message") {
    message_ = value;
  } else if (name == "grpc-status-details-bin") {
    details_ = value;
  } else if (!IsReserved(name)) {
    metadata_.emplace_back(name, value);
  }
  return true;
}

GrpcStatus ResponseHeaders::Status() const {
  if (!status_ || (*status_ == absl::StatusCode::kOk && http_status_ != 200)) {
    if (http_status_ != 200) return {CodeOfHttp(http_status_), fmt::format("HTTP status {}", http_status_), ""};
    return {absl::StatusCode::kUnknown, of_grpc_ ? "no grpc-status" : "the answer is not of gRPC", ""};
  }
  if (*status_ == absl::StatusCode::kOk) return {};
  return {*status_, PercentDecoded(message_), Base64Decoded(details_)};
}

}  // namespace invoice::gateway
