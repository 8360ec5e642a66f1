// A server stream into an HTTP answer in pieces: events where the client accepts text/event-stream, else one JSON
// object a line, or the bare bytes where the messages are pieces of a file. One message is held at a time: the next one
// is read when the client took the last. No thread waits. Thread safe.
#pragma once

#include <string>

#include "gateway/responder.h"
#include "gateway/routes/routes.h"
#include "gateway/upstream/upstream.h"

namespace invoice::gateway {

// An error before the first message is an ordinary error answer. Afterwards it is an event "error" or a last line with
// the one form of errors; a file is broken off. The route must outlive the answer.
void ForwardStream(const Route& route, CallOptions options, std::string request, Backend& backend,
                   const ResponderPtr& responder);

}  // namespace invoice::gateway
