// Short messages between the processes of the system: wake-ups and live progress. Everything works without them,
// slower, so nothing here is an error for the caller.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace invoice::redis {

class Signals {
 public:
  virtual ~Signals() = default;

  // Whether Redis answers now.
  virtual bool Ping() = 0;
  // Tells whoever listens to `channel`; lost where Redis is away or nobody listens.
  virtual void Publish(std::string_view channel, std::string_view text) = 0;
};

// Signals that go nowhere: for a system without Redis. Ping is false.
class NoSignals : public Signals {
 public:
  bool Ping() override { return false; }
  void Publish(std::string_view, std::string_view) override {}
};

// For REDIS_URL: redis://[[user]:password@]host[:port][/database] or redis+unix:///path. Empty gives NoSignals.
// INVALID_ARGUMENT, without the URL in it, where it is neither. Does not connect yet.
absl::StatusOr<std::unique_ptr<Signals>> MakeSignals(std::string_view url);

}  // namespace invoice::redis
