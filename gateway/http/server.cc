#include "gateway/http/server.h"

#include <utility>
// Asio needs <utility> before itself.
#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/descriptors.h"
#include "base/log.h"
#include "fmt/format.h"
#include "gateway/http/connection.h"
#include "gateway/io/io_threads.h"
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

// The acceptor and the timers, all on the first loop. Lives as long as one of their handlers.
class Door : public std::enable_shared_from_this<Door> {
 public:
  explicit Door(std::shared_ptr<ServerCore> core)
      : core_(std::move(core)), acceptor_(loop()), accept_timer_(loop()), tick_timer_(loop()) {}

  error_code Listen();
  int port() const { return port_; }

  void Open() {
    boost::asio::post(loop(), [self = shared_from_this()] {
      self->Accept();
      self->Tick();
    });
  }

  // Takes no new connection.
  void CloseAcceptor() {
    core_->stopping = true;
    boost::asio::post(loop(), [self = shared_from_this()] {
      error_code ignored;
      self->acceptor_.close(ignored);
      self->accept_timer_.cancel();
    });
  }

  void Close() {
    CloseAcceptor();
    boost::asio::post(loop(), [self = shared_from_this()] {
      self->closed_ = true;
      self->tick_timer_.cancel();
    });
  }

 private:
  boost::asio::io_context& loop() { return core_->io->loop(0); }

  void Accept();
  void Welcome(Connection::Socket socket, int target);
  void Tick();

  const std::shared_ptr<ServerCore> core_;
  boost::asio::basic_socket_acceptor<tcp, IoThreads::Executor> acceptor_;
  boost::asio::steady_timer accept_timer_;
  boost::asio::steady_timer tick_timer_;
  bool closed_ = false;
  int port_ = 0;
};

// Without SO_REUSEPORT: two gateways on one port would share it silently.
error_code Door::Listen() {
  error_code fault;
  tcp::resolver resolver(loop());
  const base::HostPort& listen = core_->options.listen;
  const auto found = resolver.resolve(listen.host, std::to_string(listen.port), tcp::resolver::passive, fault);
  if (fault) return fault;
  const tcp::endpoint endpoint = *found.begin();
  if (acceptor_.open(endpoint.protocol(), fault)) return fault;
  if (acceptor_.set_option(tcp::acceptor::reuse_address(true), fault)) return fault;
  // Connections inherit both.
  acceptor_.set_option(tcp::acceptor::send_buffer_size(kSocketSendBytes), fault);
  acceptor_.set_option(tcp::acceptor::receive_buffer_size(kSocketReceiveBytes), fault);
  if (acceptor_.bind(endpoint, fault)) return fault;
  if (acceptor_.listen(kListenBacklog, fault)) return fault;
  port_ = acceptor_.local_endpoint(fault).port();
  return fault;
}

void Door::Accept() {
  const int target = core_->LeastLoaded();
  acceptor_.async_accept(core_->io->loop(target).get_executor(), [self = shared_from_this(), target](
                                                                     error_code fault, Connection::Socket socket) {
    ServerCore& core = *self->core_;
    if (core.stopping) return;
    if (!fault) {
      self->Welcome(std::move(socket), target);
    } else if (fault == boost::asio::error::no_descriptors || fault.value() == ENFILE || fault.value() == ENOMEM) {
      core.table.EvictSlowest();
      self->accept_timer_.expires_after(absl::ToChronoMilliseconds(kAcceptRetry));
      return self->accept_timer_.async_wait([self](error_code) {
        if (!self->core_->stopping) self->Accept();
      });
    }
    self->Accept();
  });
}

void Door::Welcome(Connection::Socket socket, int target) {
  error_code fault;
  const tcp::endpoint peer = socket.remote_endpoint(fault);
  if (fault) return;
  std::string address = AddressOf(peer);
  const bool exempt = core_->options.proxies.Contains(address);
  const auto connection = std::make_shared<Connection>(std::move(socket), target, std::move(address), exempt, core_);
  if (core_->table.Enter(connection.get())) connection->Start();
}

void Door::Tick() {
  tick_timer_.expires_after(absl::ToChronoMilliseconds(kConnectionTick));
  tick_timer_.async_wait([self = shared_from_this()](error_code) {
    if (self->closed_) return;
    self->core_->table.CallLate(NowNanos());
    self->Tick();
  });
}

}  // namespace

struct HttpServer::Impl {
  Impl(ServerOptions options, HttpHandler handler)
      : owns_threads(options.io == nullptr),
        core(std::make_shared<ServerCore>(std::move(options), std::move(handler))),
        door(std::make_shared<Door>(core)) {}

  ~Impl() {
    door->Close();
    if (owns_threads) core->io->Stop();
  }

  const bool owns_threads;
  const std::shared_ptr<ServerCore> core;
  const std::shared_ptr<Door> door;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() { Stop(absl::ZeroDuration()); }

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(ServerOptions options, HttpHandler handler) {
  const int allowed = base::ReserveDescriptors(kMaxConnections, kSpareDescriptors);
  options.max_connections = std::min(options.max_connections, static_cast<size_t>(allowed));
  const std::string address = options.listen.ToString();
  auto impl = std::make_unique<Impl>(std::move(options), std::move(handler));
  if (const error_code fault = impl->door->Listen()) {
    return absl::UnavailableError(fmt::format("cannot listen on {}: {}", address, fault.message()));
  }
  impl->door->Open();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

int HttpServer::port() const { return impl_->door->port(); }
int HttpServer::open_connections() const { return impl_->core->table.open(); }
size_t HttpServer::buffered_bytes() const { return impl_->core->table.held(); }

void HttpServer::Stop(absl::Duration patience) {
  ConnectionTable& table = impl_->core->table;
  impl_->door->CloseAcceptor();
  table.ForEach([](Seat* seat) { seat->BeginStop(); });
  if (table.WaitUntilGone(patience)) return;
  if (patience > absl::ZeroDuration()) base::Log(base::Level::kWarning, "running requests were ended");
  table.ForEach([](Seat* seat) { seat->EndNow(); });
  table.WaitUntilGone(kLastWait);
}

}  // namespace invoice::gateway
