// The connections of this process to mail servers: kept between messages, so that a run of them pays for TLS and log-in
// once, and never more than a configuration allows to all workers together. Goodbyes are said on a thread of its own:
// nobody waits for a silent server. Thread-safe; each connection has one user at a time.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "app/mail_routes.h"
#include "mail/mailer.h"
#include "store/smtp_places.h"

namespace invoice::app {

class MailConnections {
 private:
  struct Connection;

 public:
  MailConnections(store::SmtpPlaces& places, std::function<std::unique_ptr<mail::Mailer>()> make_mailer);
  // Says all goodbyes at once.
  ~MailConnections();

  // A connection for as long as this lives.
  class Lease {
   public:
    Lease(Lease&&) = default;
    ~Lease();
    mail::Mailer& mailer();

   private:
    friend class MailConnections;
    Lease(MailConnections& connections, std::unique_ptr<Connection> connection);
    MailConnections* connections_;
    std::unique_ptr<Connection> connection_;
  };

  // Nothing where all of them are in use for as long as `wait`, or have been for that long already: their server hangs.
  std::optional<Lease> Take(const MailRoute& route, absl::Duration wait);
  // Whether Take() would find one at once, as far as this process knows.
  bool HasRoom(const MailRoute& route);

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  using Connections = std::vector<std::unique_ptr<Connection>>;
  struct Kept {  // of one configuration
    Connections idle;
    std::set<int> places;  // that this process holds
    SteadyTime moved_at;   // when one was begun or given back
  };

  std::unique_ptr<Connection> TryTake(const MailRoute& route) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void GiveBack(std::unique_ptr<Connection> connection);
  void Close();
  void PutIdleToLeaving() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void End(std::unique_ptr<Connection> connection);

  store::SmtpPlaces& places_;
  const std::function<std::unique_ptr<mail::Mailer>()> make_mailer_;
  absl::Mutex mutex_;
  absl::CondVar given_back_;
  std::map<std::string, Kept> kept_ ABSL_GUARDED_BY(mutex_);
  Connections leaving_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread closer_;
};

}  // namespace invoice::app
