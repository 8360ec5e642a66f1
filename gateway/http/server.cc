#include "gateway/http/server.h"

#include <utility>
// Asio needs <utility> before itself.
#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>
#include <vector>

#include "base/descriptors.h"
#include "base/log.h"
#include "fmt/format.h"
#include "gateway/http/connection.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

// After the handlers were told to end.
constexpr absl::Duration kLastWait = absl::Seconds(1);

std::string AddressOf(const tcp::endpoint& peer) {
  const auto address = peer.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

}  // namespace

struct HttpServer::Impl {
  Impl(ServerOptions options, HttpHandler handler)
      : core(std::make_shared<ServerCore>(std::move(options), std::move(handler))),
        strand(boost::asio::make_strand(core->io)),
        acceptor(strand),
        accept_timer(strand),
        tick_timer(strand) {}

  // Without SO_REUSEPORT: two gateways on one port would share it silently.
  error_code Listen() {
    error_code fault;
    tcp::resolver resolver(core->io);
    const base::HostPort& listen = core->options.listen;
    const auto found = resolver.resolve(listen.host, std::to_string(listen.port), tcp::resolver::passive, fault);
    if (fault) return fault;
    const tcp::endpoint endpoint = *found.begin();
    if (acceptor.open(endpoint.protocol(), fault)) return fault;
    if (acceptor.set_option(tcp::acceptor::reuse_address(true), fault)) return fault;
    // Connections inherit both.
    acceptor.set_option(tcp::acceptor::send_buffer_size(kSocketSendBytes), fault);
    acceptor.set_option(tcp::acceptor::receive_buffer_size(kSocketReceiveBytes), fault);
    if (acceptor.bind(endpoint, fault)) return fault;
    if (acceptor.listen(kListenBacklog, fault)) return fault;
    port = acceptor.local_endpoint(fault).port();
    return fault;
  }

  void Run() {
    const auto wanted = static_cast<int>(std::thread::hardware_concurrency());
    Accept();
    Tick();
    for (int i = 0; i < std::clamp(wanted, kMinIoThreads, kMaxIoThreads); ++i) threads.emplace_back([this] { Work(); });
  }

  // The barrier of the library and of callbacks: what they throw ends no thread.
  void Work() {
    for (;;) {
      try {
        core->io.run();
        return;
      } catch (const std::exception& fault) {
        base::Log(base::Level::kError, "connection failed", {{"detail", fault.what()}});
      }
    }
  }

  void Accept() {
    acceptor.async_accept(boost::asio::make_strand(core->io), [this](error_code fault, Connection::Socket socket) {
      if (core->stopping) return;
      if (!fault) {
        Welcome(std::move(socket));
      } else if (fault == boost::asio::error::no_descriptors || fault.value() == ENFILE || fault.value() == ENOMEM) {
        core->table.EvictSlowest();
        accept_timer.expires_after(absl::ToChronoMilliseconds(kAcceptRetry));
        return accept_timer.async_wait([this](error_code) {
          if (!core->stopping) Accept();
        });
      }
      Accept();
    });
  }

  void Welcome(Connection::Socket socket) {
    error_code fault;
    const tcp::endpoint peer = socket.remote_endpoint(fault);
    if (fault) return;
    std::string address = AddressOf(peer);
    const bool exempt = core->options.proxies.Contains(address);
    const auto connection = std::make_shared<Connection>(std::move(socket), std::move(address), exempt, core);
    if (core->table.Enter(connection.get())) connection->Start();
  }

  void Tick() {
    tick_timer.expires_after(absl::ToChronoMilliseconds(kConnectionTick));
    tick_timer.async_wait([this](error_code) {
      if (core->finished) return;
      core->table.CallLate(NowNanos());
      Tick();
    });
  }

  void CloseDoor() {
    core->stopping = true;
    boost::asio::post(strand, [this] {
      error_code ignored;
      acceptor.close(ignored);
      accept_timer.cancel();
    });
  }

  ~Impl() {
    core->finished = true;
    core->io.stop();
    for (std::thread& thread : threads) thread.join();
  }

  const std::shared_ptr<ServerCore> core;
  Connection::Strand strand;  // of the acceptor and the timers
  boost::asio::basic_socket_acceptor<tcp, Connection::Strand> acceptor;
  boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                    Connection::Strand>
      accept_timer;
  boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                    Connection::Strand>
      tick_timer;
  int port = 0;
  std::vector<std::thread> threads;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() { Stop(absl::ZeroDuration()); }

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(ServerOptions options, HttpHandler handler) {
  const int allowed = base::ReserveDescriptors(kMaxConnections, kSpareDescriptors);
  options.max_connections = std::min(options.max_connections, static_cast<size_t>(allowed));
  const std::string address = options.listen.ToString();
  auto impl = std::make_unique<Impl>(std::move(options), std::move(handler));
  if (const error_code fault = impl->Listen()) {
    return absl::UnavailableError(fmt::format("cannot listen on {}: {}", address, fault.message()));
  }
  impl->Run();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

int HttpServer::port() const { return impl_->port; }
int HttpServer::open_connections() const { return impl_->core->table.open(); }
size_t HttpServer::buffered_bytes() const { return impl_->core->table.held(); }

void HttpServer::Stop(absl::Duration patience) {
  ConnectionTable& table = impl_->core->table;
  impl_->CloseDoor();
  table.ForEach([](Seat* seat) { seat->BeginStop(); });
  if (table.WaitUntilGone(patience)) return;
  if (patience > absl::ZeroDuration()) base::Log(base::Level::kWarning, "running requests were ended");
  table.ForEach([](Seat* seat) { seat->EndNow(); });
  table.WaitUntilGone(kLastWait);
}

}  // namespace invoice::gateway
