// Bounds that only the gRPC port has; those it shares with others are in base/limits.h. Constants only.
#pragma once

#include <cstddef>

#include "absl/time/time.h"
#include "base/limits.h"

namespace invoice::rpc {

inline constexpr absl::Duration kSendWait = absl::Seconds(20);  // for the client to take an answer
inline constexpr size_t kMinSendBytesPerSecond = 64 * 1024;     // a large answer has so much longer
inline constexpr size_t kMaxUnsentBytes = 256UL * 1024 * 1024;  // of all answers; above that the oldest is cut off
inline constexpr absl::Duration kReadinessKeep = absl::Milliseconds(250);  // of one answer, for all who ask
inline constexpr int kMaxReflectionCalls = 8;    // each holds a thread until its client ends it
inline constexpr int kMaxListEntries = 100'000;  // of all lists of a request; each may cost 100 bytes
inline constexpr int kMaxOpenStreams = 1280;     // of answers; above base::kMaxWatchers
inline constexpr int kMaxStreamThreads = 32;     // for all of them; beyond, a stream waits for its turn
inline constexpr int kMaxWatchersOfKey = base::kMaxWatchers / 2;  // of one API key
inline constexpr size_t kMaxWaitingCalls = 1024;                  // of PUBLIC methods, for a thread
inline constexpr size_t kMaxWaitingRequestBytes = 16 * 1024;      // a call with a longer request does not wait
inline constexpr int kMaxStreamsPerConnection = 512;              // HTTP/2's; a gateway has 4 connections
inline constexpr size_t kMemoryQuotaBytes = 256 * 1024 * 1024;    // of gRPC for all connections
inline constexpr int kMaxConnections = 4096;
inline constexpr int kSpareDescriptors = 384;  // for everything that is no connection of a client
inline constexpr int kProxyShare = 4;          // of so many connections, one is kept for TRUSTED_PROXIES
inline constexpr int kAddressShare = 4;        // an address that is none of them may have one of so many
inline constexpr absl::Duration kClosedCheck = absl::Milliseconds(20);  // between looks which connections are closed
inline constexpr absl::Duration kAcceptRetry = absl::Milliseconds(50);  // where descriptors ran out
inline constexpr absl::Duration kRefusalLog = absl::Seconds(10);        // between lines about refused connections
inline constexpr int kListenBacklog = 1024;
inline constexpr absl::Duration kHandshakeWait = absl::Seconds(10);      // of a connection for the client's settings
inline constexpr absl::Duration kKeepaliveTime = absl::Seconds(60);      // of a silent connection, then it is asked
inline constexpr absl::Duration kKeepaliveWait = absl::Seconds(20);      // for its answer
inline constexpr absl::Duration kMinPingInterval = absl::Seconds(20);    // of a client without calls
inline constexpr absl::Duration kMaxConnectionIdle = absl::Minutes(10);  // without a call
inline constexpr absl::Duration kMaxConnectionAge = absl::Hours(1);
inline constexpr absl::Duration kMaxConnectionGrace = absl::Hours(1);  // for streams of a connection that is too old

}  // namespace invoice::rpc
