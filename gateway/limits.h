// Bounds that only the gateway has; those it shares with the server are in base/limits.h. Constants only.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace invoice::gateway {

// --- Connections ---
inline constexpr int kMaxConnections = 4096;          // of the process; beyond, the slowest is closed
inline constexpr int kMaxConnectionsOfAddress = 256;  // of a client's address, unless it is a trusted proxy
inline constexpr int kEvictedAtOnce = 16;      // so that a flood does not search all connections for each new one
inline constexpr int kSpareDescriptors = 128;  // for everything that is no client's connection
inline constexpr int kListenBacklog = 1024;
inline constexpr int kMinIoThreads = 2;
inline constexpr int kMaxIoThreads = 4;
inline constexpr int kMaxRequestsPerConnection = 1000;
inline constexpr size_t kMaxHeadBytes = 32 * 1024;
inline constexpr size_t kMaxChunkLineBytes = 4096;       // of a chunk's size with its extensions, and of the trailer
inline constexpr size_t kFirstReadBytes = 1024;          // of a connection; doubles while reads fill it
inline constexpr size_t kMaxReadBytes = 64 * 1024;       // at once
inline constexpr size_t kMaxReadAheadBytes = 16 * 1024;  // of pipelined requests
inline constexpr size_t kMaxWriteAtOnce = 1024 * 1024;   // then other connections have their turn
inline constexpr int kSocketSendBytes = 256 * 1024;      // that the kernel holds for one connection
inline constexpr int kSocketReceiveBytes = 128 * 1024;   // likewise
// Bytes of requests that came in and of answers that were not yet taken, of all connections together.
inline constexpr size_t kMaxBufferedBytes = 48UL * 1024 * 1024;
inline constexpr size_t kAlwaysHeldBytes = 4096;  // a connection that holds no more is served also where that is full
inline constexpr size_t kProgressBytes = 64 * 1024;  // a connection that moved so many bytes is not the slowest

inline constexpr absl::Duration kFirstByteWait = absl::Seconds(15);
inline constexpr absl::Duration kHeadWait = absl::Seconds(10);
inline constexpr absl::Duration kBodyWait = absl::Seconds(10);   // and a second for each kMinBytesPerSecond
inline constexpr absl::Duration kWriteWait = absl::Seconds(30);  // likewise, for a client that does not read
inline constexpr int64_t kMinBytesPerSecond = 8 * 1024;
inline constexpr absl::Duration kConnectionTick = absl::Milliseconds(250);  // between looks at the deadlines
inline constexpr absl::Duration kDrainWait = absl::Seconds(3);              // for what a client sends after its answer
inline constexpr absl::Duration kHalfClosedWait =
    absl::Milliseconds(500);                                               // a client that only half closed is answered
inline constexpr absl::Duration kStopReadWait = absl::Seconds(2);          // for a request that comes in while stopping
inline constexpr absl::Duration kStopDrainWait = absl::Milliseconds(250);  // likewise
inline constexpr absl::Duration kAcceptRetry = absl::Milliseconds(50);     // where descriptors ran out

// --- JSON ---
inline constexpr size_t kMaxJsonValues = 100'000;  // values and names of one body
inline constexpr size_t kMaxFieldViolations = 20;  // reported at once
inline constexpr size_t kMaxEchoedNameBytes = 64;  // of a name that a client made up, in an error
inline constexpr size_t kMaxNamesInHint = 12;      // in an error about a name that is not known
inline constexpr size_t kMaxQueryParameters = 200;
inline constexpr size_t kMaxMetadataValueBytes = 2048;  // of one header that is handed on
inline constexpr size_t kMaxEventIdBytes = 256;         // of Last-Event-ID, and of the ids of events

// --- Content codings ---
inline constexpr size_t kMinCompressedBytes = 1024;  // of a body; a smaller one fits into a packet anyway
// A larger body goes out as it is: a megabyte holds up the other connections of its thread for about 6 ms.
inline constexpr size_t kMaxCompressedBytes = 1024 * 1024;

// --- Errors about paths ---
inline constexpr size_t kMaxHintedPathBytes = 256;  // of an unknown path that are compared with the routes
inline constexpr size_t kMaxHintedParts = 12;       // its segments

// --- Calls ---
inline constexpr absl::Duration kUnaryDeadline = absl::Seconds(30);
inline constexpr absl::Duration kStreamDeadline = absl::Minutes(60);  // the server may end a stream before
inline constexpr absl::Duration kFirstMessageWait =
    absl::Seconds(1);  // then the headers of a stream go out without one
inline constexpr absl::Duration kStreamHeartbeat = absl::Seconds(15);  // of a quiet event stream
inline constexpr int kMaxCallsUnderWay = 200;  // unary ones; below base::kMaxConcurrentCalls of the server
inline constexpr int kMaxCallsWaiting = 1024;  // for one of those; more get UNAVAILABLE at once
inline constexpr absl::Duration kMaxCallWait = absl::Seconds(5);
inline constexpr int kMaxStreams = 1024;  // at a time; above base::kMaxWatchers
inline constexpr absl::Duration kRetryAfterUnreachable = absl::Seconds(1);

// --- Connections to the backend ---
inline constexpr int kBackendConnections = 4;  // of the process; each I/O thread has its share, and at least one
inline constexpr absl::Duration kUpstreamConnectWait = absl::Seconds(1);         // until the backend has greeted
inline constexpr absl::Duration kMinReconnectBackoff = absl::Milliseconds(100);  // doubles with each failure
inline constexpr absl::Duration kMaxReconnectBackoff = absl::Seconds(1);
inline constexpr absl::Duration kPingAfter = absl::Seconds(25);  // of silence, with calls; the server allows every 20 s
inline constexpr absl::Duration kPingWait = absl::Seconds(10);   // then the backend is given up
inline constexpr int kMaxTransparentTries = 2;        // of a call that the backend has not looked at, after the first
inline constexpr int kMaxCallsOfConnection = 1000;    // whatever the backend allows
inline constexpr int kRoomForUnaryCalls = 128;        // of those, that streams do not take
inline constexpr int kStreamWindowBytes = 64 * 1024;  // that came in and nobody asked for, of one call
inline constexpr int kConnectionWindowBytes = 16 * 1024 * 1024;  // on their way, of one connection
inline constexpr size_t kMaxResponseHeaderBytes = 32 * 1024;     // headers and trailers of one call
inline constexpr size_t kMaxGatheredBytes = 256 * 1024;          // of frames, for one write
inline constexpr size_t kUpstreamReadBytes = 64 * 1024;          // at once

// --- CORS ---
inline constexpr absl::Duration kPreflightKeep = absl::Minutes(10);

}  // namespace invoice::gateway
