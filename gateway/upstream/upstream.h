// Asynchronous calls of the gRPC backend by the method's name, in bytes. It knows no method and retries nothing:
// whether to try again is the client's decision, which has the idempotency key. A few threads carry all calls. Thread
// safe.
#pragma once

#include <google/rpc/status.pb.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/time/time.h"

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
  // Asks for the next message; once more only after it came. gRPC's flow control keeps the backend from sending much
  // more than was asked for.
  virtual void Read() = 0;
};

// Called once, on one of the upstream's threads. `message` is null where the call failed.
using UnaryDone = absl::AnyInvocable<void(CallEnd end, MessagePtr message)>;

// Called on the upstream's threads, one at a time. Both must not throw.
struct StreamEvents {
  absl::AnyInvocable<void(MessagePtr message)> on_message;  // one for each Read()
  absl::AnyInvocable<void(CallEnd end)> on_end;             // once, in place of a message
};

class Backend {
 public:
  struct Limits {
    int under_way;
    int waiting;
    absl::Duration wait;
    int streams;
  };

  // "host:port". Connects on first use, again whenever it has to.
  explicit Backend(const std::string& address);
  Backend(const std::string& address, const Limits& limits);
  // Cancels what still runs and waits until all callbacks have returned.
  ~Backend();

  // UNAVAILABLE, OVERLOADED, with RetryInfo where too many calls wait or one waited too long.
  std::shared_ptr<Call> Unary(CallOptions options, std::string request, UnaryDone done);
  // The first message is asked for by Read(). OVERLOADED where there are too many streams.
  std::shared_ptr<StreamCall> Stream(CallOptions options, std::string request, StreamEvents events);

 private:
  class Operation;
  class UnaryOperation;
  class StreamOperation;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace invoice::gateway
