// Percent-decoding of the parts of a URL (RFC 3986, section 2.1). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace invoice::gateway {

// Nothing where a sequence is malformed, or where the result is not UTF-8 or has a NUL. With `plus_is_space`, as in
// forms and queries, "+" is a blank.
std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space = false);

}  // namespace invoice::gateway
