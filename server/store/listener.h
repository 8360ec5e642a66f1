// Hears PostgreSQL's notifications on one channel, on a session of its own. A lost connection is opened again on the
// next wait; what was missed meanwhile is for the poll to find. Wait() belongs to one thread, Wake() to any.
#pragma once

#include <memory>
#include <string>

#include "absl/time/time.h"

namespace invoice::store {

class Listener {
 public:
  // `url` as in DatabaseOptions; `channel` a plain name.
  Listener(std::string url, std::string channel);
  ~Listener();

  // True when a notification came, or may have come: the connection was lost, or could be opened again, or Wake() was
  // called. False when `timeout` passed.
  bool Wait(absl::Duration timeout);
  // Ends the present wait, or the next one.
  void Wake();

 private:
  struct Impl;
  bool Connect();
  // Whether something came within the time: on the connection, where there is one, or by Wake().
  bool Poll(int connection, absl::Duration timeout);
  void Lose();

  std::string url_;
  std::string channel_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace invoice::store
