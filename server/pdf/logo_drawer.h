// Draws uploaded logos, each in a process of its own with bounds on time, memory, files and output. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "pdf/logo_form.h"

namespace invoice::pdf {

class LogoDrawer {
 public:
  // `command` is a program with its arguments that runs DrawLogoOfInput().
  explicit LogoDrawer(std::vector<std::string> command) : command_(std::move(command)) {}

  // Answers at `latest` at the latest, and within the bounds of base/limits.h, which are below 3 seconds together.
  // INVALID_ARGUMENT with the field "content" where FormOfLogo refuses the image or it takes more than the bounds;
  // UNAVAILABLE where the machine is too busy to tell; INTERNAL where the command cannot be run.
  absl::StatusOr<LogoForm> Draw(std::string_view upload, absl::Time latest);

 private:
  class Seat;

  const std::vector<std::string> command_;
  absl::Mutex mutex_;
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace invoice::pdf
