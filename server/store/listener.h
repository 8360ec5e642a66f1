// Hears PostgreSQL's notifications on one channel, on a session of its own. A lost connection is opened again on the
// next wait; what was missed meanwhile is for the poll to find. Belongs to one thread.
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

  // True when a notification came, or may have come: the connection was lost, or could be opened again. False when
  // `timeout` passed.
  bool Wait(absl::Duration timeout);

 private:
  struct Impl;
  bool Connect();
  void Lose();

  std::string url_;
  std::string channel_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace invoice::store
