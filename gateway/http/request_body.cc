#include "gateway/http/request_body.h"

#include <Poco/Net/HTTPServerSession.h>
#include <poll.h>
#include <strings.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

bool IsHalfClosed(int fd) {
  pollfd look{fd, POLLRDHUP, 0};
  return poll(&look, 1, 0) == 1 && (look.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

}  // namespace

bool ReadBody(Poco::Net::HTTPServerRequestImpl& incoming, Poco::Net::HTTPServerResponseImpl& response, int fd,
              HttpRequest* request) {
  Framing framing;
  request->fault = CheckHead(incoming, *request, &framing);
  if (!request->fault && framing.length.value_or(0) > base::kMaxRequestBytes) request->fault = TooLarge();
  if (request->fault || (!framing.chunked && framing.length.value_or(0) == 0)) return true;
  if (incoming.getExpectContinue()) response.sendContinue();
  std::string body;
  std::vector<char> piece(kPiece);
  std::istream& stream = incoming.stream();
  while (stream.good() && body.size() <= base::kMaxRequestBytes) {
    stream.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    body.append(piece.data(), static_cast<size_t>(stream.gcount()));
  }
  if (body.size() > base::kMaxRequestBytes) {
    request->fault = TooLarge();
    return true;
  }
  // The end of the connection looks like the end of a body.
  if (incoming.session().networkException() != nullptr) return false;
  if (framing.length ? body.size() != *framing.length : IsHalfClosed(fd)) return false;
  request->body = std::move(body);
  return true;
}

}  // namespace invoice::gateway
