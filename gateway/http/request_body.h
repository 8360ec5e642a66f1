// Whether the head of a request is one that HTTP/1.1 allows, and its body, within the bounds of base/limits.h.
// Stateless.
#pragma once

#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponseImpl.h>

#include "gateway/http/message.h"

namespace invoice::gateway {

// Fills `request->body`, or `request->fault` where the request must be refused. Tells a client that waits for it to go
// on. False where the client went away before its body was whole.
bool ReadBody(Poco::Net::HTTPServerRequestImpl& incoming, Poco::Net::HTTPServerResponseImpl& response, int fd,
              HttpRequest* request);

}  // namespace invoice::gateway
