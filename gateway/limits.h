// Bounds that only the gateway has; those it shares with the server are in base/limits.h. Constants only.
#pragma once

#include <cstddef>

#include "absl/time/time.h"

namespace invoice::gateway {

// --- Connections ---
inline constexpr absl::Duration kRequestReadWait = absl::Seconds(60);  // for a whole request, so that nobody trickles
inline constexpr absl::Duration kConnectionTick = absl::Milliseconds(200);  // between looks at the open connections
inline constexpr absl::Duration kDrainWait = absl::Seconds(3);              // for the rest of a refused body
inline constexpr absl::Duration kWriteWait = absl::Seconds(30);             // for a client that does not read
inline constexpr int kMaxRequestsPerConnection = 1000;

// --- JSON ---
inline constexpr size_t kMaxJsonValues = 100'000;  // values and names of one body
inline constexpr size_t kMaxFieldViolations = 20;  // reported at once
inline constexpr size_t kMaxEchoedNameBytes = 64;  // of a name that a client made up, in an error
inline constexpr size_t kMaxNamesInHint = 12;      // in an error about a name that is not known
inline constexpr size_t kMaxQueryParameters = 200;
inline constexpr size_t kMaxMetadataValueBytes = 2048;  // of one header that is handed on

// --- Errors about paths ---
inline constexpr size_t kMaxHintedPathBytes = 256;  // of an unknown path that are compared with the routes
inline constexpr size_t kMaxHintedParts = 12;       // its segments

// --- Calls ---
inline constexpr absl::Duration kUnaryDeadline = absl::Seconds(30);
inline constexpr absl::Duration kStreamDeadline = absl::Minutes(60);  // the server may end a stream before
inline constexpr absl::Duration kFirstMessageWait =
    absl::Seconds(1);  // then the headers of a stream go out without one
inline constexpr absl::Duration kStreamHeartbeat = absl::Seconds(15);  // of a quiet event stream
inline constexpr absl::Duration kMaxReconnectBackoff = absl::Seconds(1);
inline constexpr int kBackendChannels = 4;  // each one HTTP/2 connection
inline constexpr absl::Duration kRetryAfterUnreachable = absl::Seconds(1);

// --- CORS ---
inline constexpr absl::Duration kPreflightKeep = absl::Minutes(10);

}  // namespace invoice::gateway
