#include "gateway/http/request_body.h"

#include <strings.h>

#include <algorithm>
#include <optional>
#include <string>

#include "base/limits.h"
#include "fmt/format.h"

namespace invoice::gateway {
namespace {

constexpr size_t kPiece = 64 * 1024;

struct Framing {
  bool chunked = false;
  std::optional<uint64_t> length;
};

// A request whose end two readers could see in different places is refused (RFC 9112, section 6.3).
std::optional<HttpFault> CheckHead(const Poco::Net::HTTPServerRequestImpl& incoming, const HttpRequest& request,
                                   Framing* framing) {
  if (incoming.getURI().size() > base::kMaxUrlBytes) return HttpFault{414, "the URL is too long"};
  if (request.headers.size() > base::kMaxHeaderCount) return HttpFault{431, "too many header fields"};
  if (!request.path.starts_with('/') && request.path != "*") return HttpFault{400, "the target must be a path"};
  const bool newest = incoming.getVersion() == Poco::Net::HTTPMessage::HTTP_1_1;
  if (newest && HeaderValues(request.headers, "Host").size() != 1) return HttpFault{400, "one Host header is required"};
  const auto lengths = HeaderValues(request.headers, "Content-Length");
  const auto codings = HeaderValues(request.headers, "Transfer-Encoding");
  if (lengths.size() + codings.size() > 1) return HttpFault{400, "the length of the body is not clear"};
  if (!codings.empty()) {
    framing->chunked = strcasecmp(std::string(codings.front()).c_str(), "chunked") == 0;
    if (!framing->chunked || !newest) return HttpFault{400, "unknown transfer coding"};
  }
  if (!lengths.empty()) {
    const std::string_view text = lengths.front();
    const bool digits = !text.empty() && text.size() < 18 &&
                        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!digits) return HttpFault{400, "Content-Length must be a number"};
    framing->length = std::stoull(std::string(text));
  }
  return std::nullopt;
}

HttpFault TooLarge() { return {413, fmt::format("the body is larger than {} bytes", base::kMaxRequestBytes)}; }

// False where the session ends before the length is reached.
bool ReadLength(ByteSource& source, size_t length, std::string* body) {
  body->resize(length);
  for (size_t done = 0; done < length;) {
    const int count = source.Read(body->data() + done, static_cast<int>(std::min(length - done, kPiece)));
    if (count <= 0) return false;
    done += static_cast<size_t>(count);
  }
  return true;
}

}  // namespace

bool ReadBody(const Poco::Net::HTTPServerRequestImpl& incoming, Poco::Net::HTTPServerResponseImpl& response,
              ByteSession& session, HttpRequest* request) {
  Framing framing;
  request->fault = CheckHead(incoming, *request, &framing);
  if (!request->fault && framing.length.value_or(0) > base::kMaxRequestBytes) request->fault = TooLarge();
  if (request->fault || (!framing.chunked && framing.length.value_or(0) == 0)) return true;
  if (incoming.getExpectContinue()) response.sendContinue();
  if (!framing.chunked) return ReadLength(session, *framing.length, &request->body);
  switch (ReadChunkedBody(session, base::kMaxRequestBytes, &request->body)) {
    case ChunkedResult::kWhole:
      return true;
    case ChunkedResult::kBrokenOff:
      return false;
    case ChunkedResult::kTooLarge:
      request->fault = TooLarge();
      break;
    case ChunkedResult::kMalformed:
      request->fault = HttpFault{400, "the body has malformed chunks"};
      break;
  }
  request->body.clear();
  return true;
}

}  // namespace invoice::gateway
