// Whether the head of a request is one that HTTP/1.1 allows, and its body, within the bounds of base/limits.h.
// Stateless.
#pragma once

#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponseImpl.h>
#include <Poco/Net/HTTPServerSession.h>

#include "gateway/http/chunked_body.h"
#include "gateway/http/message.h"

namespace invoice::gateway {

// Poco's session, with its bytes: what it has read ahead and then the socket's.
class ByteSession final : public Poco::Net::HTTPServerSession, public ByteSource {
 public:
  using HTTPServerSession::HTTPServerSession;
  int Get() override { return get(); }
  int Read(char* buffer, int size) override { return read(buffer, size); }
};

// Fills `request->body`, or `request->fault` where the request must be refused. Tells a client that waits for it to go
// on. False where the client went away before its body was whole.
bool ReadBody(const Poco::Net::HTTPServerRequestImpl& incoming, Poco::Net::HTTPServerResponseImpl& response,
              ByteSession& session, HttpRequest* request);

}  // namespace invoice::gateway
