// Instants and durations in JSON's spelling: "2026-10-01T08:30:00Z", "1.5s". Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/transcode/json_output.h"

namespace invoice::gateway {

// The content of a google.protobuf.Timestamp or Duration.
struct SecondsAndNanos {
  int64_t seconds = 0;
  int32_t nanos = 0;
};

// In quotes. False where the value is outside of what the type may hold.
bool WriteTimestamp(SecondsAndNanos time, JsonOutput* out);
bool WriteDuration(SecondsAndNanos duration, JsonOutput* out);

// Any offset from UTC is accepted. Digits after the ninth of a second are dropped.
std::optional<SecondsAndNanos> ParseTimestamp(std::string_view text);
std::optional<SecondsAndNanos> ParseDuration(std::string_view text);

}  // namespace invoice::gateway
