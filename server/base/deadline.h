// The deadline of the call that a thread works for, so that a lower layer can refuse to finish what nobody waits for.
#pragma once

#include "absl/time/time.h"

namespace invoice::base {

// Sets the deadline of this thread while it lives; the earlier one of nested scopes counts.
class ScopedDeadline {
 public:
  explicit ScopedDeadline(absl::Time deadline);
  ~ScopedDeadline();
  ScopedDeadline(const ScopedDeadline&) = delete;
  ScopedDeadline& operator=(const ScopedDeadline&) = delete;

 private:
  absl::Time previous_;
};

// The deadline of this thread; the infinite future outside of a scope.
absl::Time CurrentDeadline();

}  // namespace invoice::base
