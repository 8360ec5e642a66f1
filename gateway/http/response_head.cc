#include "gateway/http/response_head.h"

#include <utility>
// Asio needs <utility> before itself.
#include <algorithm>
#include <boost/beast/http/status.hpp>
#include <cstddef>
#include <iterator>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "fmt/format.h"

namespace invoice::gateway {
namespace {

// RFC 9110, section 5.6.7. Made once a second by each thread.
const std::string& Date() {
  thread_local int64_t second = 0;
  thread_local std::string text;
  if (const int64_t now = absl::ToUnixSeconds(absl::Now()); now != second) {
    second = now;
    text = absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::FromUnixSeconds(now), absl::UTCTimeZone());
  }
  return text;
}

void AppendHeader(std::string_view name, std::string_view value, std::string* head) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  head->append(name).append(": ");
  const size_t begin = head->size();
  head->append(value);
  std::replace_if(head->begin() + static_cast<std::ptrdiff_t>(begin), head->end(), is_control, ' ');
  head->append("\r\n");
}

}  // namespace

std::string ResponseHead(const HttpResponse& response, const BodyEnd& end, std::string_view connection) {
  const auto reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(response.status));
  std::string head;
  head.reserve(768);
  fmt::format_to(std::back_inserter(head), "HTTP/1.1 {} {}\r\n", response.status,
                 std::string_view(reason.data(), reason.size()));
  AppendHeader("Date", Date(), &head);
  for (const auto& [name, value] : response.headers) AppendHeader(name, value, &head);
  head += response.fixed_headers;
  if (!connection.empty()) AppendHeader("Connection", connection, &head);
  switch (end.kind) {
    case BodyEnd::Kind::kLength:
      AppendHeader("Content-Length", fmt::to_string(end.length), &head);
      break;
    case BodyEnd::Kind::kChunks:
      AppendHeader("Transfer-Encoding", "chunked", &head);
      break;
    case BodyEnd::Kind::kNone:
    case BodyEnd::Kind::kClose:
      break;
  }
  head += "\r\n";
  return head;
}

}  // namespace invoice::gateway
