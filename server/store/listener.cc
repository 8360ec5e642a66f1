#include "store/listener.h"

#include <libpq-fe.h>
#include <poll.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <sys/eventfd.h>
#include <unistd.h>

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
  Impl() : waker(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
  ~Impl() { ::close(waker); }
  const int waker;
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
  if (!impl_->session) return Connect() || Poll(-1, timeout);
  PGconn* connection = ConnectionOf(*impl_->session);
  int heard = Drain(connection);
  bool woken = false;
  if (heard == 0) {
    woken = Poll(PQsocket(connection), timeout);
    if (woken) heard = Drain(connection);
  }
  if (heard < 0) Lose();
  return woken || heard != 0;
}

bool Listener::Poll(int connection, absl::Duration timeout) {
  pollfd sources[] = {{.fd = impl_->waker, .events = POLLIN, .revents = 0},
                      {.fd = connection, .events = POLLIN, .revents = 0}};  // -1 is passed over
  if (::poll(sources, 2, static_cast<int>(absl::ToInt64Milliseconds(timeout))) <= 0) return false;
  uint64_t count = 0;
  while (::read(impl_->waker, &count, sizeof(count)) > 0) {
  }
  return true;
}

void Listener::Wake() {
  const uint64_t one = 1;
  // It cannot fail but for being full, and then the wait ends anyway.
  if (::write(impl_->waker, &one, sizeof(one)) < 0) return;
}

void Listener::Lose() {
  base::Log(base::Level::kWarning, "listener_lost_database");
  impl_->session.reset();
}

}  // namespace invoice::store
