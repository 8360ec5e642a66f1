#include "base/clock.h"

#include <algorithm>
#include <fstream>

#include "absl/time/clock.h"

namespace invoice::base {

absl::Time SystemClock::Now() const { return absl::Now(); }

absl::StatusOr<std::unique_ptr<FileClock>> FileClock::Open(std::string path) {
  std::unique_ptr<FileClock> clock(new FileClock(std::move(path)));
  const std::optional<absl::Time> now = clock->Read();
  if (!now) return absl::FailedPreconditionError("the clock's file holds no instant like 2026-11-25T22:00:00Z");
  clock->last_ = *now;
  return clock;
}

std::optional<absl::Time> FileClock::Read() const {
  std::ifstream file(path_);
  std::string text;
  absl::Time time;
  std::string error;
  if (!std::getline(file, text) || !absl::ParseTime(absl::RFC3339_full, text, &time, &error)) return std::nullopt;
  return time;
}

// A file that cannot be read for a moment leaves the time as it was.
absl::Time FileClock::Now() const {
  const std::optional<absl::Time> now = Read();
  const std::lock_guard lock(mutex_);
  if (now) last_ = *now;
  return last_;
}

absl::Duration FileClock::SleepUntil(absl::Time until) const { return std::min(until - Now(), absl::Milliseconds(20)); }

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
