#include "app/mail_connections.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace invoice::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr absl::Duration kMaxIdle = absl::Seconds(30);
constexpr absl::Duration kAskAgain = absl::Milliseconds(100);  // for a place that another worker gave back

}  // namespace

struct MailConnections::Connection {
  std::string configuration;
  int place = 0;
  std::unique_ptr<mail::Mailer> mailer;
  Clock::time_point last_used;
};

MailConnections::MailConnections(store::SmtpPlaces& places, std::function<std::unique_ptr<mail::Mailer>()> make_mailer)
    : places_(places), make_mailer_(std::move(make_mailer)) {}

MailConnections::~MailConnections() = default;

MailConnections::Lease::Lease(MailConnections& connections, std::unique_ptr<Connection> connection)
    : connections_(&connections), connection_(std::move(connection)) {}

MailConnections::Lease::~Lease() {
  if (connection_) connections_->GiveBack(std::move(connection_));
}

mail::Mailer& MailConnections::Lease::mailer() { return *connection_->mailer; }

std::optional<MailConnections::Lease> MailConnections::Take(const MailRoute& route, absl::Duration wait) {
  const absl::Time give_up = absl::Now() + wait;
  absl::MutexLock lock(&mutex_);
  for (;;) {
    if (std::unique_ptr<Connection> connection = TryTake(route)) return Lease(*this, std::move(connection));
    const absl::Duration left = give_up - absl::Now();
    if (left <= absl::ZeroDuration()) return std::nullopt;
    given_back_.WaitWithTimeout(&mutex_, std::min(left, kAskAgain));
  }
}

std::unique_ptr<MailConnections::Connection> MailConnections::TryTake(const MailRoute& route) {
  Kept& kept = kept_[route.smtp.id];
  if (!kept.idle.empty()) {
    std::unique_ptr<Connection> connection = std::move(kept.idle.back());
    kept.idle.pop_back();
    return connection;
  }
  for (int place = 0; place < route.max_connections; ++place) {
    if (kept.places.contains(place) || !places_.Take(route.smtp.id, place)) continue;
    kept.places.insert(place);
    return std::make_unique<Connection>(
        Connection{.configuration = route.smtp.id, .place = place, .mailer = make_mailer_(), .last_used = {}});
  }
  return nullptr;
}

void MailConnections::GiveBack(std::unique_ptr<Connection> connection) {
  connection->last_used = Clock::now();
  absl::MutexLock lock(&mutex_);
  Kept& kept = kept_[connection->configuration];
  kept.idle.push_back(std::move(connection));
  given_back_.Signal();
}

void MailConnections::CloseIdle() {
  std::vector<std::unique_ptr<Connection>> old;
  {
    absl::MutexLock lock(&mutex_);
    for (auto& [configuration, kept] : kept_) {
      const auto is_young = [](const std::unique_ptr<Connection>& connection) {
        return absl::FromChrono(Clock::now() - connection->last_used) < kMaxIdle;
      };
      const auto first_old = std::partition(kept.idle.begin(), kept.idle.end(), is_young);
      std::move(first_old, kept.idle.end(), std::back_inserter(old));
      kept.idle.erase(first_old, kept.idle.end());
    }
  }
  for (std::unique_ptr<Connection>& connection : old) End(std::move(connection));
}

// The goodbye may take a while: nobody waits for it with the lock.
void MailConnections::End(std::unique_ptr<Connection> connection) {
  connection->mailer.reset();
  places_.GiveBack(connection->configuration, connection->place);
  absl::MutexLock lock(&mutex_);
  kept_[connection->configuration].places.erase(connection->place);
}

}  // namespace invoice::app
