#include "gateway/upstream/lane.h"

#include <algorithm>
#include <chrono>

#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

GrpcStatus Unavailable(std::string why) { return {absl::StatusCode::kUnavailable, std::move(why), ""}; }

GrpcStatus Cancelled() { return {absl::StatusCode::kCancelled, "cancelled", ""}; }

constexpr int kLooksPerPing = 5;  // at the backend's silence

int64_t Nanos(absl::Duration duration) { return absl::ToInt64Nanoseconds(duration); }

}  // namespace

Lane::Lane(IoThreads& io, int index, base::HostPort peer, const Backend::Limits& limits, int connections,
           std::shared_ptr<Admission> admission)
    : io_(io),
      loop_(io.loop(index)),
      index_(index),
      peer_(std::move(peer)),
      waits_{limits.connect_wait, limits.ping_after, limits.ping_wait},
      most_connections_(static_cast<size_t>(connections)),
      admission_(std::move(admission)),
      timer_(loop_) {}

// --- What calls want ---

void Lane::Begin(const std::shared_ptr<Rpc>& rpc) {
  rpc->phase = Rpc::Phase::kRunning;
  rpc->place = rpcs_.size();
  rpcs_.push_back(rpc);
  ++unplaced_;
  if (gone_ || rpc->cancelled) {
    rpc->Abandon();
    return End(*rpc, Cancelled());
  }
  WakeAt(rpc->deadline);
  if (rpcs_.size() == 1) WakeAt(SteadyNanos() + Nanos(waits_.ping_after) / kLooksPerPing);
  Place(*rpc);
}

void Lane::Refuse(const std::shared_ptr<Rpc>& rpc) {
  rpc->Refuse();
  for (const auto& next : admission_->Leave(*rpc)) next->lane->Do([next] { next->lane->Begin(next); });
}

void Lane::Cancel(Rpc& rpc) {
  if (rpc.phase == Rpc::Phase::kOver) return;
  rpc.cancelled = true;
  rpc.Abandon();
  if (rpc.phase == Rpc::Phase::kNew) return;
  if (!rpc.closed()) return End(rpc, Cancelled());
  Tell(rpc);
  RunSoon();
}

void Lane::Proceed(Rpc& rpc, size_t taken) {
  if (rpc.phase != Rpc::Phase::kRunning) return;
  if (rpc.connection != nullptr && taken > 0) rpc.connection->Release(rpc, taken);
  RunSoon();
  if (const GrpcStatus fault = rpc.fault(); !fault.ok() && !rpc.closed()) return End(rpc, fault);
  if (rpc.closed() || rpc.reader().state() == MessageReader::State::kWhole) Tell(rpc);
}

// --- Which connection has a call ---

PeerConnection* Lane::Best(RpcKind kind, const PeerConnection* avoided) const {
  PeerConnection* best = nullptr;
  for (const auto& connection : connections_) {
    // Streams last: they leave room for calls of one message.
    const int kept = kind == RpcKind::kStream ? std::min(kRoomForUnaryCalls, connection->most_calls() / 4) : 0;
    if (!connection->open() || connection->room() <= kept) continue;
    const bool better = best == nullptr || best == avoided || connection->calls() < best->calls();
    if (better && (best == nullptr || connection.get() != avoided)) best = connection.get();
  }
  // Where others still connect, a refused call waits for one of them.
  const auto connects = [](const auto& connection) { return !connection->ready(); };
  if (best == avoided && std::any_of(connections_.begin(), connections_.end(), connects)) return nullptr;
  return best;
}

void Lane::OpenConnections() {
  if (connections_.size() >= most_connections_ || (retry_at_ != 0 && SteadyNanos() < retry_at_)) return;
  while (connections_.size() < most_connections_) {
    connections_.push_back(std::make_shared<PeerConnection>(loop_, peer_, waits_, *this));
    const auto connection = connections_.back();
    connection->Connect();
  }
}

void Lane::Place(Rpc& rpc) {
  OpenConnections();
  PeerConnection* best = Best(rpc.kind, rpc.refused_by);
  while (best != nullptr && !best->Start(rpc)) {
    OnLeaving(*best);
    OpenConnections();
    best = Best(rpc.kind, nullptr);
  }
  if (best != nullptr) {
    rpc.connection = best;
    --unplaced_;
    RunSoon();
  } else if (connections_.empty()) {
    End(rpc, Unavailable(last_fault_));
  }
}

// No call leaves here, so that none is passed over.
void Lane::PlaceWaiting() {
  for (size_t i = 0; i < rpcs_.size() && unplaced_ > 0; ++i) {
    if (rpcs_[i]->connection == nullptr && !rpcs_[i]->closed()) Place(*rpcs_[i]);
  }
}

// --- What connections tell ---

void Lane::OnReady() {
  retry_at_ = backoff_ = 0;
  PlaceWaiting();
}

bool Lane::Remove(PeerConnection& connection) {
  const auto is_it = [&](const auto& other) { return other.get() == &connection; };
  return std::erase_if(connections_, is_it) + std::erase_if(leaving_, is_it) > 0;
}

void Lane::OnLeaving(PeerConnection& connection) {
  const auto self = connection.shared_from_this();
  Remove(connection);
  leaving_.push_back(self);
}

void Lane::OnGone(PeerConnection& connection, const std::string& reason) {
  const auto self = connection.shared_from_this();
  Remove(connection);
  last_fault_ = reason;
  if (!connection.ready()) {
    backoff_ = std::clamp(2 * backoff_, Nanos(kMinReconnectBackoff), Nanos(kMaxReconnectBackoff));
    retry_at_ = SteadyNanos() + backoff_;
  }
  for (size_t i = 0; i < rpcs_.size(); ++i) {
    Rpc& rpc = *rpcs_[i];
    if (rpc.connection != &connection) continue;
    rpc.connection = nullptr;
    rpc.stream = 0;
    ++unplaced_;
    if (rpc.begun || ++rpc.tries > kMaxTransparentTries) End(rpc, Unavailable(reason));
  }
  RunSoon();
}

void Lane::OnEnded(Rpc& rpc, GrpcStatus status) {
  rpc.connection = nullptr;
  rpc.Close(std::move(status));
  Tell(rpc);
}

void Lane::OnRefused(Rpc& rpc) {
  rpc.refused_by = std::exchange(rpc.connection, nullptr);
  rpc.begun = false;
  rpc.sent = 0;
  ++unplaced_;
  if (++rpc.tries > kMaxTransparentTries) End(rpc, Unavailable("the backend refused the call"));
}

void Lane::OnSent() {
  if (!due_.empty() || unplaced_ > 0) RunSoon();
}

// --- Ends and callbacks ---

void Lane::End(Rpc& rpc, GrpcStatus status) {
  if (rpc.connection != nullptr) {
    rpc.connection->Forget(rpc);
    rpc.connection = nullptr;
  } else {
    --unplaced_;
  }
  rpc.Close(std::move(status));
  Tell(rpc);
  RunSoon();
}

void Lane::Tell(Rpc& rpc) {
  if (std::exchange(rpc.due, true)) return;
  due_.push_back(rpc.shared_from_this());
}

void Lane::RunDue() {
  while (!due_.empty()) {
    for (const auto& rpc : std::exchange(due_, {})) {
      rpc->due = false;
      if (rpc->phase == Rpc::Phase::kRunning && rpc->Deliver()) Leave(rpc);
    }
  }
  if (unplaced_ > 0) PlaceWaiting();
}

void Lane::Leave(const std::shared_ptr<Rpc>& rpc) {
  rpc->phase = Rpc::Phase::kOver;
  rpcs_[rpc->place] = std::move(rpcs_.back());
  rpcs_[rpc->place]->place = rpc->place;
  rpcs_.pop_back();
  for (const auto& next : admission_->Leave(*rpc)) next->lane->Do([next] { next->lane->Begin(next); });
}

// Once for all that is at hand: several calls go out in one write.
void Lane::RunSoon() {
  if (std::exchange(run_posted_, true)) return;
  Post([self = shared_from_this()] {
    self->run_posted_ = false;
    self->RunDue();
    self->FlushAll();
  });
}

void Lane::FlushAll() {
  const Connections leaving = leaving_;
  for (const auto& connection : leaving) connection->Flush();
  for (size_t i = connections_.size(); i-- > 0;) {
    if (i < connections_.size()) connections_[i]->Flush();
  }
}

// --- Time ---

void Lane::WakeAt(int64_t nanos) {
  if (!timer_ || (timer_at_ != 0 && timer_at_ <= nanos)) return;
  timer_at_ = nanos;
  timer_->expires_at(std::chrono::steady_clock::time_point(std::chrono::nanoseconds(nanos)));
  timer_->async_wait([self = shared_from_this()](boost::system::error_code fault) {
    if (!fault) self->OnTimer();
  });
}

void Lane::OnTimer() {
  timer_at_ = 0;
  if (!timer_) return;
  const int64_t now = SteadyNanos();
  for (const auto& rpc : admission_->TakeLate(now)) rpc->lane->Post([rpc] { rpc->lane->Refuse(rpc); });
  if (const int64_t late = admission_->NextLate()) WakeAt(late);
  for (const auto& connections : {connections_, leaving_}) {
    for (const auto& connection : connections) connection->CheckLife(now);
  }
  for (size_t i = 0; i < rpcs_.size(); ++i) {
    Rpc& rpc = *rpcs_[i];
    if (rpc.closed()) continue;
    if (rpc.deadline > now) {
      WakeAt(rpc.deadline);
    } else {
      End(rpc, {absl::StatusCode::kDeadlineExceeded, "the deadline has passed", ""});
    }
  }
  if (!rpcs_.empty()) WakeAt(now + Nanos(waits_.ping_after) / kLooksPerPing);
  if (unplaced_ > 0) PlaceWaiting();
}

void Lane::WatchQueue() {
  if (const int64_t late = admission_->NextLate()) WakeAt(late);
}

void Lane::Close() {
  gone_ = true;
  timer_.reset();
  for (const auto& rpc : rpcs_) {
    rpc->Abandon();
    if (!rpc->closed()) End(*rpc, Cancelled());
    Tell(*rpc);
  }
  RunDue();
  FlushAll();
  for (const auto& connections : {std::exchange(connections_, {}), std::exchange(leaving_, {})}) {
    for (const auto& connection : connections) connection->Close();
  }
}

}  // namespace invoice::gateway
