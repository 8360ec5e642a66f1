// The head of an answer as it goes over the wire. Pure but for the date.
#pragma once

#include <string>
#include <string_view>

#include "gateway/http/message.h"

namespace invoice::gateway {

// How the body behind a head ends.
struct BodyEnd {
  enum class Kind { kNone, kLength, kChunks, kClose };
  Kind kind = Kind::kNone;
  size_t length = 0;  // of kLength
};

// `connection` is the value of the header Connection, or empty for none. Control characters in values become blanks.
std::string ResponseHead(const HttpResponse& response, const BodyEnd& end, std::string_view connection);

}  // namespace invoice::gateway
