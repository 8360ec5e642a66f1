// One HTTP/1.x request, read from bytes as they arrive. Keeps the parser's library out of the rest. Knows no socket and
// no clock. Not thread safe.
#pragma once

#include <cstddef>
#include <string_view>

#include "gateway/http/chunk_decoder.h"
#include "gateway/http/head_scan.h"
#include "gateway/http/message.h"

namespace invoice::gateway {

class RequestParser {
 public:
  enum class State {
    kHead,   // the head is not whole
    kBody,   // the body is not whole
    kWhole,  // the request is there, or request().fault says why it is refused
  };

  // Returns how many of the bytes it took; the others must be given again with more behind them. Takes nothing once the
  // request is whole: the rest is the next one's.
  size_t Take(std::string_view bytes);
  // Refuses a request that would be right, for lack of room.
  void Refuse(HttpFault fault);

  State state() const { return state_; }
  // The client waits to be told before it sends the body.
  bool wants_continue() const { return wants_continue_; }
  bool keep_alive() const { return keep_alive_; }
  bool http_1_1() const { return http_1_1_; }
  // Bytes of memory that the body takes so far.
  size_t held() const { return request_.body.capacity(); }
  size_t body_size() const { return request_.body.size(); }
  HttpRequest& request() { return request_; }

 private:
  size_t TakeHead(std::string_view bytes);
  size_t TakeBody(std::string_view bytes);
  void ReadFields(std::string_view target);

  State state_ = State::kHead;
  HeadScan scan_;
  bool skipped_line_ = false;
  bool wants_continue_ = false;
  bool keep_alive_ = false;
  bool http_1_1_ = true;
  HttpRequest request_;
  Framing framing_;
  ChunkDecoder chunks_;
};

}  // namespace invoice::gateway
