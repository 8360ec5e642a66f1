// The time of day as business rules see it. Nothing else in the system may ask the machine for the time of an invoice,
// a schedule or a token, so that tests decide it. A clock never waits. All clocks are thread safe.
#pragma once

#include <mutex>

#include "absl/time/time.h"

namespace invoice::base {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  absl::Time Now() const override;
};

// A clock that stands still until a test moves it.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(absl::Time now) : now_(now) {}

  absl::Time Now() const override;
  void Set(absl::Time now);
  void Advance(absl::Duration step);

 private:
  mutable std::mutex mutex_;
  absl::Time now_;
};

}  // namespace invoice::base
