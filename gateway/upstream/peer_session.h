// HTTP/2 of one connection to the backend, by bytes: what comes in and what has to go out. Knows no socket. Not thread
// safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/upstream/output.h"
#include "gateway/upstream/rpc.h"

typedef struct nghttp2_session nghttp2_session;

namespace invoice::gateway {

class PeerSession {
 public:
  // Called while bytes are taken or given; they must not call back.
  class Events {
   public:
    virtual ~Events() = default;
    // The call is over, and with it the session's part in it.
    virtual void OnEnded(Rpc& rpc, GrpcStatus status) = 0;
    // Likewise; the backend has not looked at it.
    virtual void OnRefused(Rpc& rpc) = 0;
    // A message of the call is whole.
    virtual void OnMessage(Rpc& rpc) = 0;
  };

  // `authority` is what calls name as their host.
  PeerSession(std::string authority, Events& events);
  ~PeerSession();
  PeerSession(const PeerSession&) = delete;
  PeerSession& operator=(const PeerSession&) = delete;

  // The backend has sent its settings.
  bool greeted() const { return greeted_; }
  // The backend takes new calls.
  bool open() const { return greeted_ && !leaving_; }
  // How many calls it takes at a time.
  int most_calls() const;
  // How many more it takes at the moment.
  int room() const { return most_calls() - calls_; }
  int calls() const { return calls_; }

  // The call must live until it is over, or forgotten. False where it cannot be begun.
  bool Start(Rpc& rpc);
  // Ends the call on the backend's side; no event comes any more.
  void Forget(Rpc& rpc);
  // The backend may send so many bytes more.
  void Release(const Rpc& rpc, size_t bytes);
  void Ping();

  // False where the session is at its end.
  bool Receive(std::string_view bytes);
  // Adds bytes that have to go out, somewhat more than kMaxGatheredBytes at most. False where the session is at its
  // end.
  bool Send(Output* output);
  // What went wrong, for the log.
  const std::string& fault() const { return fault_; }

 private:
  friend struct PeerCallbacks;

  void End(Rpc& rpc, GrpcStatus status);
  void Abort(Rpc& rpc, GrpcStatus status);
  void OnData(Rpc& rpc, std::string_view bytes);
  void OnLastWord(Rpc& rpc);
  void OnStreamClose(Rpc& rpc, uint32_t code);
  void Drop(Rpc& rpc);

  const std::string authority_;
  Events& events_;
  nghttp2_session* session_ = nullptr;
  Output* output_ = nullptr;  // while bytes are given
  int calls_ = 0;
  bool greeted_ = false;
  bool leaving_ = false;  // the backend takes no more calls
  std::string fault_;
};

}  // namespace invoice::gateway
