// Asynchronous calls of the gRPC backend by the method's name, in bytes. It knows no method. A call that the backend
// has not looked at is tried again on another connection; whether to try any other again is the client's decision,
// which has the idempotency key. The I/O threads carry all calls, each on connections of its own. Thread safe.
#pragma once

#include <google/rpc/status.pb.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/time/time.h"
#include "gateway/limits.h"

namespace invoice::gateway {

using Metadata = std::vector<std::pair<std::string, std::string>>;

struct CallOptions {
  std::string rpc;  // "/invoice.v1.CustomerService/GetCustomer"
  Metadata metadata;
  absl::Duration deadline;  // from now on, with the time that the call waits for its turn
  bool waits = true;        // for its turn where too many calls are under way
};

// How a call ended.
struct CallEnd {
  google::rpc::Status status;  // with the backend's details; texts of gRPC itself are replaced by our own
  Metadata metadata;           // initial and trailing, texts only
  std::string log_detail;      // what gRPC said where it was replaced; for the log only
};

// The bytes of one message. Cheap to move.
class MessageBytes {
 public:
  virtual ~MessageBytes() = default;
  virtual std::string_view view() const = 0;
};
using MessagePtr = std::unique_ptr<const MessageBytes>;

// One call that is under way or waits. It ends whether or not somebody still holds this.
class Call {
 public:
  virtual ~Call() = default;
  // From any thread, at any time. The call then ends soon, with an error.
  virtual void Cancel() = 0;
};

// A call whose answer is a stream.
class StreamCall : public Call {
 public:
  // Asks for the next message; once more only after it came. The backend may send kStreamWindowBytes more than was
  // asked for.
  virtual void Read() = 0;
};

// Called once, on one of the I/O threads, where the call began on one on that one. `message` is null where the call
// failed.
using UnaryDone = absl::AnyInvocable<void(CallEnd end, MessagePtr message)>;

// Called likewise, one at a time.
struct StreamEvents {
  absl::AnyInvocable<void(MessagePtr message)> on_message;  // one for each Read()
  absl::AnyInvocable<void(CallEnd end)> on_end;             // once, in place of a message
};

class IoThreads;

class Backend {
 public:
  struct Limits {
    int under_way = kMaxCallsUnderWay;
    int waiting = kMaxCallsWaiting;
    absl::Duration wait = kMaxCallWait;
    int streams = kMaxStreams;
    absl::Duration connect_wait = kUpstreamConnectWait;
    absl::Duration ping_after = kPingAfter;
    absl::Duration ping_wait = kPingWait;
  };

  // "host:port". Connects on first use, again whenever it has to. The threads must run until the backend has gone.
  Backend(const std::string& address, IoThreads& io);
  Backend(const std::string& address, IoThreads& io, const Limits& limits);
  // Cancels what still runs and waits until all callbacks have returned. Not on an I/O thread.
  ~Backend();

  // UNAVAILABLE, OVERLOADED, with RetryInfo where too many calls wait or one waited too long.
  std::shared_ptr<Call> Unary(CallOptions options, std::string request, UnaryDone done);
  // The first message is asked for by Read(). OVERLOADED where there are too many streams.
  std::shared_ptr<StreamCall> Stream(CallOptions options, std::string request, StreamEvents events);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace invoice::gateway
