// Reasons of errors that only the gateway has, as clients see them in google.rpc.ErrorInfo; all others are in
// base/reasons.h. docs/errors.md explains each. Constants only.
#pragma once

#include <string_view>

namespace invoice::gateway {

inline constexpr std::string_view kMalformedRequest = "MALFORMED_REQUEST";           // not HTTP/1.1 as it should be
inline constexpr std::string_view kBodyTooLarge = "BODY_TOO_LARGE";                  // over base::kMaxRequestBytes
inline constexpr std::string_view kUnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE";  // a body that is not JSON in UTF-8
inline constexpr std::string_view kMethodNotAllowed = "METHOD_NOT_ALLOWED";     // the header Allow names those that are
inline constexpr std::string_view kBackendUnreachable = "BACKEND_UNREACHABLE";  // may be tried again after Retry-After

}  // namespace invoice::gateway
