// Messages in gRPC's buffers, without a copy where it can be. Pure.
#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <string>

#include "gateway/upstream/upstream.h"

namespace invoice::gateway {

// Hands the string's memory over; nothing is copied.
grpc::ByteBuffer ToBuffer(std::string bytes);

// Empties the buffer. Null where it cannot be read.
MessagePtr TakeMessage(grpc::ByteBuffer* buffer);

}  // namespace invoice::gateway
