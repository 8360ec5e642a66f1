// One call of the backend: what is sent, what has come in, and who is to be told. Used on its lane's thread alone, but
// for what is said otherwise.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "gateway/upstream/message_reader.h"
#include "gateway/upstream/response_headers.h"
#include "gateway/upstream/upstream.h"

namespace invoice::gateway {

class Admission;
class Lane;
class PeerConnection;

// Nanoseconds of a clock that only goes forward.
int64_t SteadyNanos();

// The end of a call that never reached the backend.
CallEnd RefusedEnd();

// How a call is counted.
enum class RpcKind {
  kUnary,   // one of those that wait for their turn
  kUrgent,  // not counted
  kStream,
};

class Rpc : public std::enable_shared_from_this<Rpc> {
 public:
  Rpc(RpcKind kind, CallOptions options, std::string message);
  virtual ~Rpc() = default;
  Rpc(const Rpc&) = delete;
  Rpc& operator=(const Rpc&) = delete;

  // --- For the connection that carries it ---

  // Bytes of the answer. Gives how many of them the backend may send anew; the others stand in a buffer of at most the
  // stream's window.
  virtual size_t OnData(std::string_view bytes) = 0;
  // kOk unless the backend sent what is no message.
  GrpcStatus fault() const;
  // Whether the stream's window should take a whole message, for the bytes that are missing of it.
  virtual bool Widens() const = 0;
  const MessageReader& reader() const { return reader_; }

  // --- For its lane ---

  // The call is over; no byte comes any more.
  void Close(GrpcStatus status);
  bool closed() const { return closed_; }
  // Tells its owner what there is to tell. True where that was the end.
  virtual bool Deliver() = 0;
  // Tells its owner that there was no room for it.
  virtual void Refuse() = 0;
  // What still comes is thrown away.
  virtual void Abandon() {}

  const RpcKind kind;
  const std::string path;
  const Metadata metadata;
  const std::string message;  // what is sent
  const std::array<char, kMessagePrefixBytes> prefix;
  const int64_t deadline;  // of SteadyNanos()

  // Of the connection.
  PeerConnection* connection = nullptr;  // null while it waits for one
  int32_t stream = 0;
  size_t sent = 0;       // of the prefix and the message
  bool begun = false;    // the backend may know of it
  bool widened = false;  // its window takes the whole message
  ResponseHeaders headers;

  // Of the lane.
  enum class Phase { kNew, kRunning, kOver };
  Phase phase = Phase::kNew;
  std::shared_ptr<Lane> lane;  // set before it begins
  size_t place = 0;            // among the lane's calls
  int tries = 0;
  const PeerConnection* refused_by = nullptr;
  bool cancelled = false;
  bool due = false;  // Deliver() will be called

  // Of Admission, under its lock.
  bool admitted = false;
  int64_t waiting_until = 0;

 protected:
  // Of a good end: changes it where the messages do not fit to it.
  virtual void CheckEnd(GrpcStatus* status) = 0;
  CallEnd TakeEnd();

  MessageReader reader_;
  bool closed_ = false;

 private:
  GrpcStatus status_;
};

class UnaryRpc final : public Rpc, public Call {
 public:
  UnaryRpc(CallOptions options, std::string message, UnaryDone done, std::shared_ptr<Admission> admission)
      : Rpc(options.waits ? RpcKind::kUnary : RpcKind::kUrgent, std::move(options), std::move(message)),
        done_(std::move(done)),
        admission_(std::move(admission)) {}

  size_t OnData(std::string_view bytes) override;
  bool Widens() const override { return true; }
  bool Deliver() override;
  void Refuse() override;
  void Cancel() override;

 private:
  void CheckEnd(GrpcStatus* status) override;

  UnaryDone done_;
  bool surplus_ = false;  // something came behind the message
  const std::shared_ptr<Admission> admission_;
};

class StreamRpc final : public Rpc, public StreamCall {
 public:
  StreamRpc(CallOptions options, std::string message, StreamEvents events)
      : Rpc(RpcKind::kStream, std::move(options), std::move(message)), events_(std::move(events)) {}

  size_t OnData(std::string_view bytes) override;
  bool Widens() const override { return false; }
  bool Deliver() override;
  void Refuse() override;
  void Abandon() override;
  void Read() override;
  void Cancel() override;

 private:
  void CheckEnd(GrpcStatus* status) override;
  void ReadMore();

  StreamEvents events_;
  std::string unread_;      // what came in and was not asked for
  size_t unread_from_ = 0;  // what stands before was read
  bool wanted_ = false;     // a message
  bool abandoned_ = false;
};

}  // namespace invoice::gateway
