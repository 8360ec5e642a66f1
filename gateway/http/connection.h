// One connection of a client: reads its requests one after another, within their bounds, and gives each to the handler.
// Follows Poco's own HTTPServerConnection, but answers malformed requests through the handler too, so that all errors
// have one form. Lives in one thread.
#pragma once

#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/TCPServerConnection.h>

#include "gateway/http/connection_watch.h"
#include "gateway/http/exchange.h"
#include "gateway/http/request_body.h"

namespace invoice::gateway {

class Connection final : public Poco::Net::TCPServerConnection {
 public:
  // All must outlive the connection.
  Connection(const Poco::Net::StreamSocket& socket, Poco::Net::HTTPServerParams::Ptr params, const HttpHandler& handler,
             ConnectionWatch& watch);

  void run() override;

 private:
  enum class After { kKeep, kClose, kDrain };

  After ServeOne(ByteSession& session, ConnectionWatch::Entry& entry);
  // The rest of a refused body is read and thrown away, within bounds: a client that still sends would otherwise see a
  // reset instead of the answer.
  void Drain();

  Poco::Net::HTTPServerParams::Ptr params_;
  const HttpHandler& handler_;
  ConnectionWatch& watch_;
};

}  // namespace invoice::gateway
