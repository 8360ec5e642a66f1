#include "gateway/upstream/upstream.h"

#include <algorithm>
#include <atomic>

#include "absl/synchronization/blocking_counter.h"
#include "base/config.h"
#include "gateway/io/io_threads.h"
#include "gateway/upstream/admission.h"
#include "gateway/upstream/lane.h"
#include "gateway/upstream/rpc.h"

namespace invoice::gateway {

struct Backend::Impl {
  Impl(const std::string& address, IoThreads& given_io, const Limits& limits)
      : io(given_io), admission(std::make_shared<Admission>(limits)) {
    const base::HostPort peer = base::ParseHostPort(address).value_or(base::HostPort{address, 0});
    const int connections = std::max(1, kBackendConnections / io.count());
    for (int i = 0; i < io.count(); ++i) {
      lanes.push_back(std::make_shared<Lane>(io, i, peer, limits, connections, admission));
    }
  }

  ~Impl() {
    for (const auto& rpc : admission->Stop()) rpc->lane->Post([rpc] { rpc->lane->Refuse(rpc); });
    absl::BlockingCounter closed(io.count());
    for (const auto& lane : lanes) {
      lane->Post([&] {
        lane->Close();
        closed.DecrementCount();
      });
    }
    closed.Wait();
    admission->WaitUntilEmpty();
  }

  // That of the calling thread, where it is one of the I/O threads.
  const std::shared_ptr<Lane>& LaneOfCaller() {
    const int current = io.Current();
    const unsigned index = current >= 0 ? static_cast<unsigned>(current) : next++;
    return lanes[index % lanes.size()];
  }

  void Begin(const std::shared_ptr<Rpc>& rpc) {
    rpc->lane = LaneOfCaller();
    switch (admission->Enter(rpc)) {
      case Admission::Turn::kNow:
        return rpc->lane->Do([rpc] { rpc->lane->Begin(rpc); });
      case Admission::Turn::kLater:
        return rpc->lane->Do([lane = rpc->lane] { lane->WatchQueue(); });
      case Admission::Turn::kNever:
        return rpc->lane->Post([rpc] { rpc->lane->Refuse(rpc); });
    }
  }

  IoThreads& io;
  const std::shared_ptr<Admission> admission;
  std::vector<std::shared_ptr<Lane>> lanes;
  std::atomic<unsigned> next = 0;
};

Backend::Backend(const std::string& address, IoThreads& io) : Backend(address, io, Limits()) {}

Backend::Backend(const std::string& address, IoThreads& io, const Limits& limits)
    : impl_(std::make_unique<Impl>(address, io, limits)) {}

Backend::~Backend() = default;

std::shared_ptr<Call> Backend::Unary(CallOptions options, std::string request, UnaryDone done) {
  auto call = std::make_shared<UnaryRpc>(std::move(options), std::move(request), std::move(done), impl_->admission);
  impl_->Begin(call);
  return call;
}

std::shared_ptr<StreamCall> Backend::Stream(CallOptions options, std::string request, StreamEvents events) {
  auto call = std::make_shared<StreamRpc>(std::move(options), std::move(request), std::move(events));
  impl_->Begin(call);
  return call;
}

}  // namespace invoice::gateway
