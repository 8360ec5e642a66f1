#include "store/listener.h"

#include <libpq-fe.h>
#include <poll.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include "base/log.h"
#include "store/database.h"

namespace invoice::store {
namespace {

PGconn* ConnectionOf(soci::session& session) {
  return static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_;
}

// Takes all notifications that have arrived; how many, or -1 where the connection is gone.
int Drain(PGconn* connection) {
  if (PQconsumeInput(connection) == 0) return -1;
  int count = 0;
  while (PGnotify* notification = PQnotifies(connection)) {
    PQfreemem(notification);
    ++count;
  }
  return count;
}

}  // namespace

struct Listener::Impl {
  std::unique_ptr<soci::session> session;
};

Listener::Listener(std::string url, std::string channel)
    : url_(std::move(url)), channel_(std::move(channel)), impl_(std::make_unique<Impl>()) {}
Listener::~Listener() = default;

bool Listener::Connect() {
  try {
    impl_->session = std::make_unique<soci::session>(soci::postgresql, WithNetworkBounds(url_));
    *impl_->session << "LISTEN " + channel_;
    return true;
  } catch (const std::exception&) {
    // The pool logs why the database cannot be reached; one voice is enough.
    impl_->session.reset();
    return false;
  }
}

bool Listener::Wait(absl::Duration timeout) {
  if (!impl_->session) {
    if (Connect()) return true;
    ::poll(nullptr, 0, static_cast<int>(absl::ToInt64Milliseconds(timeout)));
    return false;
  }
  PGconn* connection = ConnectionOf(*impl_->session);
  int heard = Drain(connection);
  if (heard == 0) {
    pollfd readable{.fd = PQsocket(connection), .events = POLLIN, .revents = 0};
    ::poll(&readable, 1, static_cast<int>(absl::ToInt64Milliseconds(timeout)));
    if (readable.revents != 0) heard = Drain(connection);
  }
  if (heard < 0) Lose();
  return heard != 0;
}

void Listener::Lose() {
  base::Log(base::Level::kWarning, "listener_lost_database");
  impl_->session.reset();
}

}  // namespace invoice::store
