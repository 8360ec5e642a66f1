// Calls of the gRPC backend by the method's name. It knows no method and retries nothing: whether to try again is the
// client's decision, which has the idempotency key. Backend is thread safe; a call belongs to one thread, but for
// Cancel().
#pragma once

#include <google/rpc/status.pb.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace invoice::gateway {

using Metadata = std::vector<std::pair<std::string, std::string>>;

struct CallOptions {
  std::string rpc;  // "/invoice.v1.CustomerService/GetCustomer"
  Metadata metadata;
  absl::Duration deadline;
};

// How a call ended.
struct CallEnd {
  google::rpc::Status status;  // with the backend's details; texts of gRPC itself are replaced by our own
  Metadata metadata;           // initial and trailing, texts only
  std::string log_detail;      // what gRPC said where it was replaced; for the log only
};

class Backend {
 public:
  // "host:port". Connects on first use, again whenever it has to.
  explicit Backend(const std::string& address);
  ~Backend();

 private:
  friend class Call;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// One call. Either Unary(), or Start() and Read() until it is not kMessage, then Finish().
class Call {
 public:
  Call(Backend& backend, CallOptions options);
  // Cancels what still runs.
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  // Messages are wire bytes, here and below.
  CallEnd Unary(std::string_view request, std::string* response);

  enum class ReadResult { kMessage, kTimeout, kEnd };
  void Start(std::string_view request);
  // The next message of a server stream; after kTimeout the same message is waited for again. At most one message is
  // held, gRPC's flow control keeps the backend from sending much more.
  ReadResult Read(std::string* message, absl::Duration timeout);
  CallEnd Finish();

  // From any thread, at any time.
  void Cancel();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace invoice::gateway
