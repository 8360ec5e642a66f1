// The time of day as business rules see it. Nothing else in the system may ask the machine for the time of an invoice,
// a schedule or a token, so that tests decide it. A clock never waits. All clocks are thread safe.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace invoice::base {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
  // How long somebody who waits until `until` may sleep before looking at the clock again.
  virtual absl::Duration SleepUntil(absl::Time until) const { return until - Now(); }
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  absl::Time Now() const override;
};

// A clock for development and tests that several processes share: the instant that a
// file holds ("2026-11-25T22:00:00Z"). It stands still until a test
// replaces the file.
class FileClock final : public Clock {
 public:
  // FAILED_PRECONDITION where the file is not there or holds no instant.
  static absl::StatusOr<std::unique_ptr<FileClock>> Open(std::string path);

  absl::Time Now() const override;
  // The file may be replaced at any moment.
  absl::Duration SleepUntil(absl::Time until) const override;

 private:
  explicit FileClock(std::string path) : path_(std::move(path)) {}
  std::optional<absl::Time> Read() const;

  const std::string path_;
  mutable std::mutex mutex_;
  mutable absl::Time last_;  // what the file said last
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
