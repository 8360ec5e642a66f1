#include "app/mail_connections.h"

#include <algorithm>
#include <future>
#include <utility>

namespace invoice::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr absl::Duration kMaxIdle = absl::Seconds(30);
constexpr absl::Duration kLook = absl::Seconds(5);             // for what was idle for too long
constexpr absl::Duration kAskAgain = absl::Milliseconds(100);  // for a place that another worker gave back

absl::Duration Since(Clock::time_point time) { return absl::FromChrono(Clock::now() - time); }

}  // namespace

struct MailConnections::Connection {
  std::string configuration;
  int place = 0;
  int64_t era = 0;  // of the places
  std::unique_ptr<mail::Mailer> mailer;
  SteadyTime last_used;
};

MailConnections::MailConnections(store::SmtpPlaces& places, std::function<std::unique_ptr<mail::Mailer>()> make_mailer)
    : places_(places), make_mailer_(std::move(make_mailer)), closer_([this] { Close(); }) {}

MailConnections::~MailConnections() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  closer_.join();
  absl::MutexLock lock(&mutex_);
  for (auto& [configuration, kept] : kept_) {
    std::move(kept.idle.begin(), kept.idle.end(), std::back_inserter(leaving_));
    kept.idle.clear();
  }
  std::vector<std::future<void>> goodbyes;
  for (std::unique_ptr<Connection>& connection : leaving_) {
    goodbyes.push_back(std::async(std::launch::async, [&connection] { connection->mailer.reset(); }));
  }
  for (std::future<void>& goodbye : goodbyes) goodbye.wait();
}

MailConnections::Lease::Lease(MailConnections& connections, std::unique_ptr<Connection> connection)
    : connections_(&connections), connection_(std::move(connection)) {}

MailConnections::Lease::~Lease() {
  if (connection_) connections_->GiveBack(std::move(connection_));
}

mail::Mailer& MailConnections::Lease::mailer() { return *connection_->mailer; }

std::optional<MailConnections::Lease> MailConnections::Take(const MailRoute& route, absl::Duration wait) {
  absl::Duration waited;
  absl::MutexLock lock(&mutex_);
  for (;;) {
    if (std::unique_ptr<Connection> connection = TryTake(route)) return Lease(*this, std::move(connection));
    const Kept& kept = kept_[route.smtp.id];
    const bool hangs = !kept.places.empty() && Since(kept.moved_at) >= wait;
    if (hangs || waited >= wait) return std::nullopt;
    given_back_.WaitWithTimeout(&mutex_, kAskAgain);
    waited += kAskAgain;
  }
}

bool MailConnections::HasRoom(const MailRoute& route) {
  absl::MutexLock lock(&mutex_);
  const Kept& kept = kept_[route.smtp.id];
  return !kept.idle.empty() || static_cast<int>(kept.places.size()) < route.max_connections;
}

std::unique_ptr<MailConnections::Connection> MailConnections::TryTake(const MailRoute& route) {
  Kept& kept = kept_[route.smtp.id];
  while (!kept.idle.empty()) {
    std::unique_ptr<Connection> connection = std::move(kept.idle.back());
    kept.idle.pop_back();
    if (connection->place < route.max_connections && connection->era == places_.era()) return connection;
    leaving_.push_back(std::move(connection));  // fewer are allowed now, or its place was lost with the database
  }
  for (int place = 0; place < route.max_connections; ++place) {
    if (kept.places.contains(place) || !places_.Take(route.smtp.id, place)) continue;
    kept.places.insert(place);
    kept.moved_at = Clock::now();
    return std::make_unique<Connection>(Connection{.configuration = route.smtp.id,
                                                   .place = place,
                                                   .era = places_.era(),
                                                   .mailer = make_mailer_(),
                                                   .last_used = {}});
  }
  return nullptr;
}

void MailConnections::GiveBack(std::unique_ptr<Connection> connection) {
  connection->last_used = Clock::now();
  absl::MutexLock lock(&mutex_);
  Kept& kept = kept_[connection->configuration];
  kept.moved_at = connection->last_used;
  kept.idle.push_back(std::move(connection));
  given_back_.Signal();
}

void MailConnections::Close() {
  const auto wanted = [this] {
    mutex_.AssertReaderHeld();
    return ending_ || !leaving_.empty();
  };
  for (;;) {
    Connections leaving;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&wanted), kLook);
      if (ending_) return;
      PutIdleToLeaving();
      leaving.swap(leaving_);
    }
    for (std::unique_ptr<Connection>& connection : leaving) End(std::move(connection));
  }
}

void MailConnections::PutIdleToLeaving() {
  for (auto& [configuration, kept] : kept_) {
    const auto first_old = std::partition(
        kept.idle.begin(), kept.idle.end(),
        [](const std::unique_ptr<Connection>& connection) { return Since(connection->last_used) < kMaxIdle; });
    std::move(first_old, kept.idle.end(), std::back_inserter(leaving_));
    kept.idle.erase(first_old, kept.idle.end());
  }
}

// The goodbye may take a while: nobody waits for it with the lock.
void MailConnections::End(std::unique_ptr<Connection> connection) {
  connection->mailer.reset();
  if (connection->era == places_.era()) places_.GiveBack(connection->configuration, connection->place);
  absl::MutexLock lock(&mutex_);
  kept_[connection->configuration].places.erase(connection->place);
}

}  // namespace invoice::app
