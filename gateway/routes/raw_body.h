// A message that reaches REST as bytes: its parts are looked at where they lie. Pure.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "gateway/routes/route.h"

namespace invoice::gateway {

// Into the wire bytes, which must outlive it, or into constants.
struct RawFileView {
  std::string_view content_type;
  std::string_view name;
  std::string_view data;
};

// INTERNAL where the bytes are malformed. A content type that could break a header becomes application/octet-stream.
absl::StatusOr<RawFileView> ReadRawBody(const RawBody& raw, std::string_view wire);

}  // namespace invoice::gateway
