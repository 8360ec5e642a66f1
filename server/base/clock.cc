#include "base/clock.h"

#include "absl/time/clock.h"

namespace invoice::base {

absl::Time SystemClock::Now() const { return absl::Now(); }

absl::Time FakeClock::Now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

void FakeClock::Set(absl::Time now) {
  const std::lock_guard lock(mutex_);
  now_ = now;
}

void FakeClock::Advance(absl::Duration step) {
  const std::lock_guard lock(mutex_);
  now_ += step;
}

}  // namespace invoice::base
