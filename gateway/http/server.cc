#include "gateway/http/server.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/ThreadPool.h>

#include <utility>

#include "base/limits.h"
#include "base/log.h"
#include "fmt/format.h"
#include "gateway/http/connection.h"
#include "gateway/http/connection_watch.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

using Poco::Net::HTTPServerParams;
using Poco::Net::ServerSocket;
using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;
using Poco::Net::TCPServerConnection;

constexpr int kIdleThreads = 8;  // kept ready; also how many may be left before idle connections are closed
// A thread that begins to wait for a connection just when Poco's dispatcher stops is not woken, so this is what
// stopping may take longer.
constexpr absl::Duration kThreadIdleWait = absl::Milliseconds(500);

Poco::Timespan ToTimespan(absl::Duration duration) { return {absl::ToInt64Microseconds(duration)}; }

HTTPServerParams::Ptr MakeParams() {
  HTTPServerParams::Ptr params = new HTTPServerParams;
  params->setMaxThreads(base::kMaxHttpConnections);
  params->setMaxQueued(base::kMaxHttpQueue);
  params->setThreadIdleTime(ToTimespan(kThreadIdleWait));
  params->setTimeout(ToTimespan(base::kHttpReadWait));
  params->setKeepAlive(true);
  params->setKeepAliveTimeout(ToTimespan(base::kHttpKeepAlive));
  params->setMaxKeepAliveRequests(kMaxRequestsPerConnection);
  return params;
}

// Without SO_REUSEPORT, which Poco's shorter bind() sets: two gateways on one port would share it silently.
ServerSocket Listen(const base::HostPort& listen) {
  ServerSocket socket;
  socket.bind(SocketAddress(listen.host, static_cast<Poco::UInt16>(listen.port)), /*reuseAddress=*/true,
              /*reusePort=*/false);
  socket.listen(base::kMaxHttpQueue);
  return socket;
}

class Factory final : public Poco::Net::TCPServerConnectionFactory {
 public:
  Factory(HTTPServerParams::Ptr params, const HttpHandler& handler, ConnectionWatch& watch)
      : params_(std::move(params)), handler_(handler), watch_(watch) {}

  TCPServerConnection* createConnection(const StreamSocket& socket) override {
    return new Connection(socket, params_, handler_, watch_);
  }

 private:
  HTTPServerParams::Ptr params_;
  const HttpHandler& handler_;
  ConnectionWatch& watch_;
};

}  // namespace

struct HttpServer::Impl {
  Impl(const base::HostPort& listen, HttpHandler given)
      : handler(std::move(given)),
        params(MakeParams()),
        socket(Listen(listen)),
        watch(base::kMaxHttpConnections - kIdleThreads),
        threads("http", kIdleThreads, base::kMaxHttpConnections + kIdleThreads),
        server(new Factory(params, handler, watch), threads, socket, params) {
    server.start();
  }

  HttpHandler handler;
  HTTPServerParams::Ptr params;
  ServerSocket socket;
  ConnectionWatch watch;
  Poco::ThreadPool threads;
  Poco::Net::TCPServer server;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() { Stop(absl::ZeroDuration()); }

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const base::HostPort& listen, HttpHandler handler) {
  try {
    return std::unique_ptr<HttpServer>(new HttpServer(std::make_unique<Impl>(listen, std::move(handler))));
  } catch (const Poco::Exception& fault) {
    return absl::UnavailableError(fmt::format("cannot listen on {}: {}", listen.ToString(), fault.displayText()));
  }
}

int HttpServer::port() const { return impl_->socket.address().port(); }
int HttpServer::open_connections() const { return impl_->watch.open(); }

void HttpServer::Stop(absl::Duration patience) {
  impl_->server.stop();
  if (!impl_->watch.Stop(patience)) base::Log(base::Level::kWarning, "running requests were ended");
}

}  // namespace invoice::gateway
