// The headers of gRPC over HTTP/2: what they say about the end of a call. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "gateway/upstream/call_status.h"
#include "gateway/upstream/upstream.h"

namespace invoice::gateway {

// The value of grpc-timeout, of at most eight digits: milliseconds, rounded up, or seconds where those are too many.
std::string TimeoutText(int64_t nanos);

// Headers and trailers of one answer, as they come in. Not thread safe.
class ResponseHeaders {
 public:
  // False where all of them together are longer than kMaxResponseHeaderBytes.
  bool Add(std::string_view name, std::string_view value);
  // None has come in.
  bool empty() const { return bytes_ == 0; }
  // How the call ended; asked after the last of them. Without a grpc-status the status of HTTP decides.
  GrpcStatus Status() const;
  // What the backend's methods added, texts only.
  Metadata TakeMetadata() { return std::move(metadata_); }

 private:
  size_t bytes_ = 0;
  int http_status_ = 0;
  bool of_grpc_ = false;  // its content type
  std::optional<absl::StatusCode> status_;
  std::string message_;  // percent-encoded
  std::string details_;  // in base64
  Metadata metadata_;
};

}  // namespace invoice::gateway
