// A server stream into an HTTP answer in pieces: events where the client accepts text/event-stream, else one JSON
// object a line, or the bare bytes where the messages are pieces of a file. One message is held at a time. Stateless.
#pragma once

#include <string_view>

#include "gateway/responder.h"
#include "gateway/transcode/routes.h"
#include "gateway/upstream/upstream.h"

namespace invoice::gateway {

// An error before the first message is an ordinary error answer. Afterwards it is an event "error" or a last line with
// the one form of errors; a file is broken off.
void ForwardStream(const Route& route, std::string_view request, Call& call, Responder& responder);

}  // namespace invoice::gateway
