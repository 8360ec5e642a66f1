// One HTTP method and path, and the gRPC method behind it. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "gateway/transcode/message_table.h"

namespace invoice::gateway {

// A field within nested messages, outermost first.
using FieldPath = absl::InlinedVector<const FieldTable*, 4>;

// The parts of a message that reaches REST as bytes.
struct RawBody {
  const FieldTable* content_type = nullptr;
  const FieldTable* data = nullptr;
  const FieldTable* file_name = nullptr;
};

struct Route {
  enum class Body : uint8_t {
    kNone,   // no body is taken
    kWhole,  // the body is the request message
    kField,  // the body is one field of it
  };

  // What a part of the path fills.
  struct Variable {
    FieldPath field;
    bool multi = false;  // may have several segments
  };

  std::string http_method;  // "*" for every one that the path does not have otherwise
  std::string path;         // the template in JSON's spelling, as it is documented, for hints, logs and metrics
  std::string rpc;          // "/invoice.v1.CustomerService/GetCustomer"
  const MessageTable* request = nullptr;
  const MessageTable* response = nullptr;
  std::vector<Variable> variables;
  Body body = Body::kNone;
  const FieldTable* body_field = nullptr;     // of kField
  const FieldTable* update_mask = nullptr;    // the mask that a PATCH body gives where none is sent
  const FieldTable* response_body = nullptr;  // the field that is the answer; null for the whole message
  bool server_streaming = false;
  std::optional<RawBody> raw_body;
  FieldPath etag;                             // of the request: the version that must be current; empty for none
  const FieldTable* response_etag = nullptr;  // the version that the answer shows
  const FieldTable* event_id = nullptr;       // of each message of a stream; null where it cannot be resumed
  const FieldTable* resume_from = nullptr;    // of the request, where there is an event_id
};

// In JSON's spelling, as seen from the body: the name of the field that is the body is left out.
std::string SpellPath(const Route& route, const FieldPath& path);

}  // namespace invoice::gateway
