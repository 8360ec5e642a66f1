// One connection to the backend: its socket, and what goes over it. All of it runs on its lane's thread.
#pragma once

#include <utility>
// Asio needs <utility> before itself.
#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/config.h"
#include "gateway/limits.h"
#include "gateway/upstream/peer_session.h"

namespace invoice::gateway {

class PeerConnection final : public PeerSession::Events, public std::enable_shared_from_this<PeerConnection> {
 public:
  // What it tells its lane.
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void OnEnded(Rpc& rpc, GrpcStatus status) = 0;
    virtual void OnRefused(Rpc& rpc) = 0;
    virtual void OnMessage(Rpc& rpc) = 0;
    // Calls can be begun.
    virtual void OnReady() = 0;
    // It takes no more calls; those that it has go on.
    virtual void OnLeaving(PeerConnection& connection) = 0;
    // It is closed, and the calls that it had are nowhere.
    virtual void OnGone(PeerConnection& connection, const std::string& reason) = 0;
    // Bytes came in, or went out, and were worked on.
    virtual void OnReceived() = 0;
    virtual void OnSent() = 0;
  };

  struct Waits {
    absl::Duration connect;
    absl::Duration ping_after;
    absl::Duration ping;
  };

  // The owner is not used after Close().
  PeerConnection(boost::asio::io_context& loop, const base::HostPort& peer, const Waits& waits, Owner& owner);

  void Connect();
  // It was connected at least once.
  bool ready() const { return ready_; }
  // It takes calls.
  bool open() const { return ready_ && !closed_ && !left_ && session_.open(); }
  int most_calls() const { return session_.most_calls(); }
  int room() const { return session_.room(); }
  int calls() const { return session_.calls(); }

  // As PeerSession.
  bool Start(Rpc& rpc);
  void Forget(Rpc& rpc);
  void Release(const Rpc& rpc, size_t bytes);
  // Writes what has to go out.
  void Flush();
  // Asks a silent backend that has calls for a sign of life, and gives up one that gave none.
  void CheckLife(int64_t now);
  // Nothing is told any more.
  void Close();

 private:
  using Tcp = boost::asio::ip::tcp;
  using Fault = boost::system::error_code;

  void OnEnded(Rpc& rpc, GrpcStatus status) override { owner_.OnEnded(rpc, std::move(status)); }
  void OnRefused(Rpc& rpc) override { owner_.OnRefused(rpc); }
  void OnMessage(Rpc& rpc) override { owner_.OnMessage(rpc); }

  void TryNext();  // of the addresses
  void OnConnected();
  void Read();
  void OnRead(Fault fault, size_t count);
  bool Write();  // false where it has to wait
  void Fail(const std::string& reason);

  Owner& owner_;
  const base::HostPort peer_;
  const Waits waits_;
  PeerSession session_;
  std::optional<Tcp::resolver> resolver_;
  std::optional<boost::asio::steady_timer> connect_timer_;
  std::vector<Tcp::endpoint> endpoints_;
  size_t next_endpoint_ = 0;
  Tcp::socket socket_;
  Output output_;
  std::array<char, kUpstreamReadBytes> input_;
  std::string last_fault_ = "no address";
  bool ready_ = false;
  bool left_ = false;  // the lane knows that it takes no more calls
  bool closed_ = false;
  bool dirty_ = false;    // there may be something to write
  bool waiting_ = false;  // until the socket takes more
  bool deaf_ = false;     // the socket takes nothing more; what it still gives is read
  bool heard_ = false;    // something, since the last look
  int64_t heard_at_ = 0;
  int64_t asked_at_ = 0;  // for a sign of life; 0 where it has come
};

}  // namespace invoice::gateway
