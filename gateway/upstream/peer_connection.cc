#include "gateway/upstream/peer_connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/ip/address.hpp>

#include "fmt/format.h"

namespace invoice::gateway {
namespace {

constexpr size_t kPiecesAtOnce = 64;

}  // namespace

PeerConnection::PeerConnection(boost::asio::io_context& loop, const base::HostPort& peer, const Waits& waits,
                               Owner& owner)
    : owner_(owner),
      peer_(peer),
      waits_(waits),
      session_(peer.ToString(), *this),
      connect_timer_(loop),
      socket_(loop) {}

// --- Connecting ---

void PeerConnection::Connect() {
  connect_timer_->expires_after(absl::ToChronoMilliseconds(waits_.connect));
  connect_timer_->async_wait([self = shared_from_this()](Fault fault) {
    if (!fault && !self->closed_ && !self->ready_) self->Fail(fmt::format("{}: no answer", self->peer_.ToString()));
  });
  Fault not_numeric;
  const auto address = boost::asio::ip::make_address(peer_.host, not_numeric);
  if (!not_numeric) {
    endpoints_ = {{address, static_cast<uint16_t>(peer_.port)}};
    return TryNext();
  }
  resolver_.emplace(socket_.get_executor());
  resolver_->async_resolve(peer_.host, std::to_string(peer_.port), Tcp::resolver::numeric_service,
                           [self = shared_from_this()](Fault fault, const Tcp::resolver::results_type& found) {
                             if (self->closed_) return;
                             if (fault) self->last_fault_ = fault.message();
                             for (const auto& entry : found) self->endpoints_.push_back(entry.endpoint());
                             self->TryNext();
                           });
}

void PeerConnection::TryNext() {
  Fault ignored;
  socket_.close(ignored);
  if (next_endpoint_ >= endpoints_.size()) return Fail(fmt::format("{}: {}", peer_.ToString(), last_fault_));
  socket_.async_connect(endpoints_[next_endpoint_++], [self = shared_from_this()](Fault fault) {
    if (self->closed_) return;
    if (!fault) return self->OnConnected();
    self->last_fault_ = fault.message();
    self->TryNext();
  });
}

void PeerConnection::OnConnected() {
  Fault ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(Tcp::no_delay(true), ignored);
  // A host that is gone without a word acknowledges nothing.
  const int silence_ms = static_cast<int>(absl::ToInt64Milliseconds(waits_.ping));
  setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &silence_ms, sizeof(silence_ms));
  dirty_ = true;
  Flush();
  if (!closed_) Read();
}

// --- Calls ---

bool PeerConnection::Start(Rpc& rpc) {
  dirty_ = true;
  return session_.Start(rpc);
}

void PeerConnection::Forget(Rpc& rpc) {
  dirty_ = true;
  session_.Forget(rpc);
}

void PeerConnection::Release(const Rpc& rpc, size_t bytes) {
  dirty_ = true;
  session_.Release(rpc, bytes);
}

// --- Bytes ---

void PeerConnection::Read() {
  socket_.async_read_some(boost::asio::buffer(input_), [self = shared_from_this()](Fault fault, size_t count) {
    if (!self->closed_) self->OnRead(fault, count);
  });
}

void PeerConnection::OnRead(Fault fault, size_t count) {
  if (fault) return Fail(session_.fault().empty() ? fault.message() : session_.fault());
  heard_ = true;
  dirty_ = true;
  const bool whole = session_.Receive({input_.data(), count});
  if (!whole) {
    Flush();
    return closed_ ? void() : Fail(session_.fault());
  }
  if (!ready_ && session_.greeted()) {
    ready_ = true;
    connect_timer_.reset();
    owner_.OnReady();
  }
  if (ready_ && !left_ && !session_.open()) {
    left_ = true;
    owner_.OnLeaving(*this);
  }
  owner_.OnReceived();
  if (closed_) return;
  Flush();
  if (!closed_) Read();
}

void PeerConnection::Flush() {
  if (!dirty_ || closed_ || waiting_ || deaf_) return;
  dirty_ = false;
  for (;;) {
    if (output_.empty() && !session_.Send(&output_)) return Fail(session_.fault());
    if (output_.empty() || !Write()) break;
  }
  owner_.OnSent();
}

bool PeerConnection::Write() {
  std::array<iovec, kPiecesAtOnce> pieces;
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = output_.Fill(pieces.data(), pieces.size());
  const ssize_t count = sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (count >= 0) {
    output_.Consume(static_cast<size_t>(count));
    return true;
  }
  if (errno == EINTR) return true;
  if (errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOBUFS) {
    // Its last words may still be there to read; then comes the end.
    deaf_ = true;
    output_.Clear();
    return false;
  }
  waiting_ = true;
  socket_.async_wait(Tcp::socket::wait_write, [self = shared_from_this()](Fault) {
    self->waiting_ = false;
    self->dirty_ = true;
    self->Flush();
  });
  return false;
}

// --- The end ---

void PeerConnection::CheckLife(int64_t now) {
  if (closed_ || !ready_) return;
  if (heard_ || calls() == 0) {
    heard_ = false;
    heard_at_ = now;
    asked_at_ = 0;
  } else if (asked_at_ == 0 && now - heard_at_ >= absl::ToInt64Nanoseconds(waits_.ping_after)) {
    asked_at_ = now;
    dirty_ = true;
    session_.Ping();
    Flush();
  } else if (asked_at_ != 0 && now - asked_at_ >= absl::ToInt64Nanoseconds(waits_.ping)) {
    Fail(fmt::format("{}: no sign of life", peer_.ToString()));
  }
}

void PeerConnection::Fail(const std::string& reason) {
  if (closed_) return;
  const auto self = shared_from_this();
  Close();
  owner_.OnGone(*this, reason);
}

void PeerConnection::Close() {
  closed_ = true;
  Fault ignored;
  socket_.close(ignored);
  resolver_.reset();
  connect_timer_.reset();
  output_.Clear();
}

}  // namespace invoice::gateway
