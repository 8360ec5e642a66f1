// The calls and the connections of one I/O thread. A call begins, goes on and ends on its lane's thread. What is said
// otherwise aside, all of it runs on that thread.
#pragma once

#include <utility>
// Asio needs <utility> before itself.
#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/io/io_threads.h"
#include "gateway/upstream/admission.h"
#include "gateway/upstream/peer_connection.h"
#include "gateway/upstream/rpc.h"

namespace invoice::gateway {

class Lane final : public PeerConnection::Owner, public std::enable_shared_from_this<Lane> {
 public:
  // `connections` is how many it holds to the backend.
  Lane(IoThreads& io, int index, base::HostPort peer, const Backend::Limits& limits, int connections,
       std::shared_ptr<Admission> admission);

  // From any thread: runs the work on the lane's, at once where that is the calling one.
  template <typename Work>
  void Do(Work work) {
    if (io_.Current() == index_) return work();
    Post(std::move(work));
  }
  // Likewise, but never at once.
  template <typename Work>
  void Post(Work work) {
    boost::asio::post(loop_, std::move(work));
  }

  // From any thread: whether it was closed.
  bool gone() const { return gone_; }

  // A call whose turn it is.
  void Begin(const std::shared_ptr<Rpc>& rpc);
  // A call for which there was no room.
  void Refuse(const std::shared_ptr<Rpc>& rpc);
  // The owner of the call wants nothing more of it.
  void Cancel(Rpc& rpc);
  // The owner of the call took bytes and wants a message.
  void Proceed(Rpc& rpc, size_t taken);
  // Calls may wait for their turn.
  void WatchQueue();
  // Ends everything; calls that come later end at once.
  void Close();

 private:
  using Connections = std::vector<std::shared_ptr<PeerConnection>>;

  void OnEnded(Rpc& rpc, GrpcStatus status) override;
  void OnRefused(Rpc& rpc) override;
  void OnMessage(Rpc& rpc) override { Tell(rpc); }
  void OnReceived() override { RunDue(); }
  void OnSent() override;
  void OnReady() override;
  void OnLeaving(PeerConnection& connection) override;
  void OnGone(PeerConnection& connection, const std::string& reason) override;

  // Gives the call to a connection, lets it wait for one, or ends it.
  void Place(Rpc& rpc);
  void PlaceWaiting();
  PeerConnection* Best(RpcKind kind, const PeerConnection* avoided) const;
  void OpenConnections();
  bool Remove(PeerConnection& connection);

  // Ends the call from this side.
  void End(Rpc& rpc, GrpcStatus status);
  // Its callback will be called, by RunDue().
  void Tell(Rpc& rpc);
  void RunDue();
  void Leave(const std::shared_ptr<Rpc>& rpc);
  void RunSoon();
  void FlushAll();

  void WakeAt(int64_t nanos);
  void OnTimer();

  IoThreads& io_;
  boost::asio::io_context& loop_;
  const int index_;
  const base::HostPort peer_;
  const PeerConnection::Waits waits_;
  const size_t most_connections_;
  const std::shared_ptr<Admission> admission_;
  std::atomic<bool> gone_ = false;

  Connections connections_;  // that connect or take calls
  Connections leaving_;      // that end with their last call
  int64_t retry_at_ = 0;
  int64_t backoff_ = 0;
  std::string last_fault_;

  std::vector<std::shared_ptr<Rpc>> rpcs_;  // until their last callback has returned
  size_t unplaced_ = 0;                     // of those: that have no connection and did not end
  std::vector<std::shared_ptr<Rpc>> due_;
  bool run_posted_ = false;

  std::optional<boost::asio::steady_timer> timer_;  // the one for all
  int64_t timer_at_ = 0;                            // 0 where it is not set
};

}  // namespace invoice::gateway
