#include "gateway/http/request_parser.h"

#include <strings.h>

#include <utility>
// Asio needs <utility> before itself.
#include <algorithm>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <limits>
#include <string>

#include "base/limits.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

std::string_view ToView(beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

void RequestParser::Refuse(HttpFault fault) {
  request_.fault = std::move(fault);
  std::string().swap(request_.body);
  wants_continue_ = false;
  keep_alive_ = false;
  state_ = State::kWhole;
}

size_t RequestParser::Take(std::string_view bytes) {
  size_t taken = 0;
  if (state_ == State::kHead) taken = TakeHead(bytes);
  if (state_ == State::kBody) taken += TakeBody(bytes.substr(taken));
  return taken;
}

size_t RequestParser::TakeHead(std::string_view bytes) {
  // One empty line before a request is passed over (RFC 9112, section 2.2).
  if (!skipped_line_ && bytes.starts_with("\r\n")) {
    skipped_line_ = true;
    return 2;
  }
  if (bytes == "\r" && !skipped_line_) return 0;
  if (!scan_.Look(bytes)) return 0;
  if (scan_.fault()) {
    Refuse(*scan_.fault());
    return bytes.size();
  }
  http::request_parser<http::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(kMaxHeadBytes + 1));
  parser.body_limit(std::numeric_limits<std::uint64_t>::max());  // bodies are read behind it
  beast::error_code fault;
  parser.put(boost::asio::buffer(bytes.data(), scan_.size()), fault);
  if (fault || !parser.is_header_done()) {
    Refuse({400, "the request is not valid HTTP"});
    return scan_.size();
  }
  const auto& head = parser.get();
  request_.method = head.method_string().to_string();
  for (const auto& field : head) request_.headers.emplace_back(ToView(field.name_string()), ToView(field.value()));
  http_1_1_ = head.version() == 11;
  keep_alive_ = parser.keep_alive();
  ReadFields(ToView(head.target()));
  return scan_.size();
}

void RequestParser::ReadFields(std::string_view target) {
  std::optional<HttpFault> fault = ReadTarget(target, &request_);
  if (!fault) fault = CheckFields(request_.headers, http_1_1_, &framing_);
  if (fault) return Refuse(*std::move(fault));
  const auto expectations = HeaderValues(request_.headers, "Expect");
  if (http_1_1_ && !expectations.empty()) {
    const bool known = expectations.size() == 1 && expectations.front().size() == 12 &&
                       strncasecmp(expectations.front().data(), "100-continue", 12) == 0;
    if (!known) return Refuse({417, "the only expectation that is met is 100-continue"});
    wants_continue_ = framing_.chunked || framing_.length > 0;
  }
  state_ = framing_.chunked || framing_.length > 0 ? State::kBody : State::kWhole;
}

size_t RequestParser::TakeBody(std::string_view bytes) {
  std::string& body = request_.body;
  if (!bytes.empty()) wants_continue_ = false;
  if (!framing_.chunked) {
    const size_t count = std::min(framing_.length - body.size(), bytes.size());
    body.append(bytes.substr(0, count));
    if (body.size() == framing_.length) state_ = State::kWhole;
    return count;
  }
  std::string_view rest = bytes;
  switch (chunks_.Take(&rest, base::kMaxRequestBytes, &body)) {
    case ChunkDecoder::Result::kMore:
      break;
    case ChunkDecoder::Result::kWhole:
      state_ = State::kWhole;
      break;
    case ChunkDecoder::Result::kTooLarge:
      Refuse(BodyTooLarge());
      break;
    case ChunkDecoder::Result::kMalformed:
      Refuse({400, "the body has malformed chunks"});
      break;
  }
  return bytes.size() - rest.size();
}

}  // namespace invoice::gateway
