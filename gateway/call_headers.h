// Headers of HTTP into metadata of gRPC and back, both by closed lists: nothing else passes. Pure.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "gateway/http/message.h"
#include "gateway/upstream/upstream.h"

namespace invoice::gateway {

// The request's own id where it is at most base::kMaxRequestIdBytes of letters, digits, ".", "_" and "-"; else a new
// one.
std::string RequestIdOf(const HttpRequest& request);

// INVALID_ARGUMENT where a header that decides about the call is given twice or is not plain ASCII.
absl::StatusOr<Metadata> MetadataOf(const HttpRequest& request, const std::string& request_id);

// The headers of an answer that the backend decides.
Headers HeadersOf(const Metadata& metadata);

// "attachment" with the name in both forms of RFC 6266; without a name where it is empty.
std::string ContentDisposition(std::string_view file_name);

}  // namespace invoice::gateway
