// Between the texts of HTTP and the bytes of messages that the backend takes and gives: the one place where the gateway
// converts them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "gateway/message_writer.h"
#include "gateway/transcode/request_reader.h"
#include "gateway/transcode/routes.h"

namespace invoice::gateway {

// The request message; INVALID_ARGUMENT as ReadRequest().
absl::StatusOr<std::string> RequestBytes(const Route& route, const RequestParts& parts);

// An answer of the route as JSON, or as a file where the route has raw_body.
absl::StatusOr<std::string> JsonOf(const Route& route, std::string_view bytes);
absl::StatusOr<RawFile> FileOf(const Route& route, std::string_view bytes);

}  // namespace invoice::gateway
