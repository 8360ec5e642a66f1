#include "gateway/http/request_parser.h"

#include <strings.h>

#include <utility>
// Asio needs <utility> before itself.
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/parser.hpp>
#include <functional>
#include <string>

#include "base/limits.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

// A body that grows with what has arrived; Beast's own string takes the announced length at once.
struct ArrivingBody {
  using value_type = std::string;

  class reader {
   public:
    template <bool is_request, class Fields>
    reader(http::header<is_request, Fields>&, value_type& body) : body_(body) {}

    void init(const boost::optional<std::uint64_t>&, beast::error_code& fault) { fault = {}; }

    template <class Buffers>
    size_t put(const Buffers& buffers, beast::error_code& fault) {
      fault = {};
      const size_t before = body_.size();
      for (const auto buffer : beast::buffers_range_ref(buffers)) {
        body_.append(static_cast<const char*>(buffer.data()), buffer.size());
      }
      return body_.size() - before;
    }

    void finish(beast::error_code& fault) { fault = {}; }

   private:
    value_type& body_;
  };
};

// A line of chunked coding that ends in a bare LF, which Beast would wait for the CR of.
bool HasBareLineFeed(std::string_view bytes) {
  const size_t at = bytes.find('\n');
  return at != std::string_view::npos && (at == 0 || bytes[at - 1] != '\r');
}

std::string_view ToView(beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

struct RequestParser::Impl {
  using ChunkHeader = std::function<void(std::uint64_t, beast::string_view, beast::error_code&)>;

  Impl() { parser.on_chunk_header(on_chunk_header); }

  http::request_parser<ArrivingBody> parser;
  ChunkHeader on_chunk_header = [](std::uint64_t, beast::string_view extensions, beast::error_code& fault) {
    if (extensions.size() > kMaxChunkLineBytes) fault = http::error::bad_chunk_extension;
  };
};

RequestParser::RequestParser() = default;
RequestParser::~RequestParser() = default;

size_t RequestParser::held() const { return impl_ == nullptr ? 0 : impl_->parser.get().body().capacity(); }
size_t RequestParser::body_size() const { return impl_ == nullptr ? 0 : impl_->parser.get().body().size(); }

void RequestParser::Refuse(HttpFault fault) {
  request_.fault = std::move(fault);
  request_.body.clear();
  impl_.reset();
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
  impl_ = std::make_unique<Impl>();
  auto& parser = impl_->parser;
  parser.header_limit(static_cast<std::uint32_t>(kMaxHeadBytes + 1));
  parser.body_limit(base::kMaxRequestBytes);
  beast::error_code fault;
  parser.put(boost::asio::buffer(bytes.data(), scan_.size()), fault);
  if (fault == http::error::body_limit) {
    Refuse(BodyTooLarge());
  } else if (fault || !parser.is_header_done()) {
    Refuse({400, "the request is not valid HTTP"});
  } else {
    ReadFields();
  }
  return scan_.size();
}

void RequestParser::ReadFields() {
  auto& parser = impl_->parser;
  const auto& head = parser.get();
  request_.method = head.method_string().to_string();
  for (const auto& field : head) request_.headers.emplace_back(ToView(field.name_string()), ToView(field.value()));
  http_1_1_ = head.version() == 11;
  keep_alive_ = parser.keep_alive();
  std::optional<HttpFault> fault = ReadTarget(ToView(head.target()), &request_);
  Framing framing;
  if (!fault) fault = CheckFields(request_.headers, http_1_1_, &framing);
  if (fault) return Refuse(*std::move(fault));
  const auto expectations = HeaderValues(request_.headers, "Expect");
  if (http_1_1_ && !expectations.empty()) {
    const bool known = expectations.size() == 1 && expectations.front().size() == 12 &&
                       strncasecmp(expectations.front().data(), "100-continue", 12) == 0;
    if (!known) return Refuse({417, "the only expectation that is met is 100-continue"});
    wants_continue_ = framing.chunked || framing.length > 0;
  }
  state_ = framing.chunked || framing.length > 0 ? State::kBody : State::kWhole;
  if (state_ == State::kWhole) impl_.reset();
}

size_t RequestParser::TakeBody(std::string_view bytes) {
  auto& parser = impl_->parser;
  parser.eager(true);
  beast::error_code fault;
  const size_t taken = bytes.empty() ? 0 : parser.put(boost::asio::buffer(bytes.data(), bytes.size()), fault);
  if (taken > 0) wants_continue_ = false;
  const std::string_view rest = bytes.substr(taken);
  if (parser.is_done()) {
    request_.body = std::move(parser.get().body());
    impl_.reset();
    state_ = State::kWhole;
  } else if (fault == http::error::body_limit) {
    Refuse(BodyTooLarge());
  } else if (fault && fault != http::error::need_more) {
    Refuse({400, "the body has malformed chunks"});
  } else if (HasBareLineFeed(rest) || rest.size() > kMaxChunkLineBytes) {
    Refuse({400, "the body has malformed chunks"});
  }
  return taken;
}

}  // namespace invoice::gateway
