#include "gateway/http/head_scan.h"

#include <strings.h>

#include <algorithm>
#include <cctype>
#include <string>

#include "base/limits.h"
#include "fmt/format.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

// Method, version and blanks around the longest target.
constexpr size_t kMaxFirstLine = base::kMaxUrlBytes + 64;
constexpr size_t kMaxLengthDigits = 17;

HttpFault Malformed() { return {400, "the request is not valid HTTP"}; }

bool IsAll(std::string_view text, bool (*is_right)(char)) { return std::all_of(text.begin(), text.end(), is_right); }

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsOfAddress(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == ':' || c == '.'; }

bool IsOfName(char c) {
  return c > ' ' && c < 0x7f && std::string_view("/?#@\\\"<>,[]:").find(c) == std::string_view::npos;
}

// A name or an address in brackets, and a port: nothing that leads into another part of a URL.
bool IsHost(std::string_view text) {
  const bool in_brackets = text.starts_with('[');
  const size_t end = in_brackets ? text.find(']') : std::min(text.find(':'), text.size());
  if (end == std::string_view::npos) return false;
  const std::string_view name = text.substr(in_brackets ? 1 : 0, in_brackets ? end - 1 : end);
  std::string_view port = text.substr(in_brackets ? end + 1 : end);
  if (!port.empty() && port.front() != ':') return false;
  if (!port.empty()) port.remove_prefix(1);
  return IsAll(name, in_brackets ? IsOfAddress : IsOfName) && IsAll(port, IsDigit);
}

bool StartsWithScheme(std::string_view target, std::string_view scheme) {
  return target.size() > scheme.size() && strncasecmp(target.data(), scheme.data(), scheme.size()) == 0;
}

}  // namespace

bool HeadScan::Refuse(HttpFault fault) {
  fault_ = std::move(fault);
  return true;
}

bool HeadScan::IsWrong(unsigned char byte) const {
  if (after_return_) return byte != '\n';
  if (byte == '\r') return false;
  if (byte == '\t' || byte == ' ') return at_ == line_start_;  // a folded line, or a blank before the first
  return byte < 0x20 || byte == 0x7f || (first_line_ && byte > 0x7f);
}

bool HeadScan::Look(std::string_view bytes) {
  bool whole = false;
  for (; at_ < bytes.size(); ++at_) {
    const auto byte = static_cast<unsigned char>(bytes[at_]);
    if (IsWrong(byte)) return Refuse(Malformed());
    after_return_ = byte == '\r';
    if (byte != '\n') continue;
    const bool empty = at_ == line_start_ + 1;
    line_start_ = at_ + 1;
    first_line_ = false;
    if (!empty) continue;
    ++at_;
    whole = true;
    break;
  }
  if (first_line_ && at_ > kMaxFirstLine) return Refuse({414, "the URL is too long"});
  if (at_ > kMaxHeadBytes) return Refuse({431, fmt::format("the head is larger than {} bytes", kMaxHeadBytes)});
  return whole;
}

std::optional<HttpFault> CheckFields(const Headers& headers, bool http_1_1, Framing* framing) {
  if (headers.size() > base::kMaxHeaderCount) return HttpFault{431, "too many header fields"};
  const auto hosts = HeaderValues(headers, "Host");
  if (hosts.size() > 1 || (http_1_1 && hosts.empty())) return HttpFault{400, "one Host header is required"};
  if (!hosts.empty() && !IsHost(hosts.front())) return HttpFault{400, "the Host header must be a host"};
  const auto lengths = HeaderValues(headers, "Content-Length");
  const auto codings = HeaderValues(headers, "Transfer-Encoding");
  if (lengths.size() + codings.size() > 1) return HttpFault{400, "the length of the body is not clear"};
  if (!codings.empty()) {
    framing->chunked = codings.front().size() == 7 && strncasecmp(codings.front().data(), "chunked", 7) == 0;
    if (!framing->chunked || !http_1_1) return HttpFault{400, "unknown transfer coding"};
  }
  if (!lengths.empty()) {
    const std::string_view text = lengths.front();
    const bool digits = !text.empty() && text.size() <= kMaxLengthDigits && IsAll(text, IsDigit);
    if (!digits) return HttpFault{400, "Content-Length must be a number"};
    framing->length = std::stoull(std::string(text));
    if (framing->length > base::kMaxRequestBytes) return BodyTooLarge();
  }
  return std::nullopt;
}

std::optional<HttpFault> ReadTarget(std::string_view target, HttpRequest* request) {
  if (target.size() > base::kMaxUrlBytes) return HttpFault{414, "the URL is too long"};
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!StartsWithScheme(target, scheme)) continue;
    target.remove_prefix(scheme.size());
    const size_t end = std::min(target.find_first_of("/?"), target.size());
    if (end == 0 || !IsHost(target.substr(0, end))) return HttpFault{400, "the target must be a path"};
    target.remove_prefix(end);
    if (!target.starts_with('/')) request->path = "/";
    break;
  }
  const size_t question = target.find('?');
  request->path += target.substr(0, question);
  if (question != std::string_view::npos) request->query = target.substr(question + 1);
  const bool of_server = request->path == "*" && request->method == "OPTIONS";
  if (!request->path.starts_with('/') && !of_server) return HttpFault{400, "the target must be a path"};
  return std::nullopt;
}

HttpFault BodyTooLarge() { return {413, fmt::format("the body is larger than {} bytes", base::kMaxRequestBytes)}; }

}  // namespace invoice::gateway
