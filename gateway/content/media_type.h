// What clients say about the form of bodies (RFC 9110, sections 8.3 and 12.5.1). Pure.
#pragma once

#include <string_view>

namespace invoice::gateway {

// application/json, alone or with the charset utf-8.
bool IsJson(std::string_view content_type);

// Whether an Accept header names text/event-stream. A wildcard does not: it says nothing about streams.
bool AcceptsEventStream(std::string_view accept);

}  // namespace invoice::gateway
