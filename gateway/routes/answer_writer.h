// The wire bytes of an answer as REST shows them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "gateway/routes/route.h"

namespace invoice::gateway {

// Appends the JSON of the answer: of the message, or of the field that the route names. INTERNAL where it cannot be
// shown; `out` is as before then.
absl::Status WriteAnswer(const Route& route, std::string_view wire, std::string* out);

// Appends the line `id: 42` of an event where the route's messages have positions. Nothing is appended where the
// position is empty, longer than kMaxEventIdBytes or no printable ASCII: such an event has no id.
void WriteEventId(const Route& route, std::string_view wire, std::string* out);

// The version that the answer shows; empty for none.
std::string_view EtagOf(const Route& route, std::string_view wire);

}  // namespace invoice::gateway
