// Percent-decoding of the parts of a URL (RFC 3986, section 2.1). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace invoice::gateway {

enum class Encoded : uint8_t {
  kSegment,   // one segment of a path
  kSegments,  // several segments: an encoded slash stays encoded, so that it does not become a separator
  kQuery,     // also of a form: "+" is a blank
};

// Nothing where a sequence is malformed, or where the result is not UTF-8 or has a NUL.
std::optional<std::string> PercentDecode(std::string_view text, Encoded as = Encoded::kSegment);

}  // namespace invoice::gateway
