// Finds the end of a request's head in the bytes that have come in so far, and refuses at once what no head may have
// and what the parser behind it would let through or wait for. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "gateway/http/message.h"

namespace invoice::gateway {

class HeadScan {
 public:
  // `bytes` begins with the head and only grows from call to call. True once the head is whole, or refused.
  bool Look(std::string_view bytes);

  // Of the whole head, with the empty line at its end.
  size_t size() const { return at_; }
  const std::optional<HttpFault>& fault() const { return fault_; }

 private:
  bool Refuse(HttpFault fault);
  // A byte that may not stand where it stands.
  bool IsWrong(unsigned char byte) const;

  size_t at_ = 0;          // bytes looked at
  size_t line_start_ = 0;  // of the line that `at_` is in
  bool first_line_ = true;
  bool after_return_ = false;  // the last byte was a CR
  std::optional<HttpFault> fault_;
};

// What a head says about the body behind it.
struct Framing {
  bool chunked = false;
  size_t length = 0;
};

// Whether the fields agree about where the request ends, and name one host (RFC 9112, sections 3.2 and 6.3). Two
// readers could see different requests in what is refused.
std::optional<HttpFault> CheckFields(const Headers& headers, bool http_1_1, Framing* framing);

// Splits a target in origin form, absolute form or, for OPTIONS, asterisk form into path and query.
std::optional<HttpFault> ReadTarget(std::string_view target, HttpRequest* request);

HttpFault BodyTooLarge();

}  // namespace invoice::gateway
