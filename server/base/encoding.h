// Bytes as text: hexadecimal, base64 and base64url without padding. Decoders accept the exact alphabet only: no blanks,
// no line breaks. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace invoice::base {

// Lower case.
std::string HexEncode(std::string_view bytes);
std::optional<std::string> HexDecode(std::string_view text);

// With padding (RFC 4648, section 4).
std::string Base64Encode(std::string_view bytes);
std::optional<std::string> Base64Decode(std::string_view text);

// URL-safe alphabet, no padding (RFC 4648, section 5).
std::string Base64UrlEncode(std::string_view bytes);
std::optional<std::string> Base64UrlDecode(std::string_view text);

}  // namespace invoice::base
