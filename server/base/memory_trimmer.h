// Returns freed memory to the system. The C library keeps free blocks that lie below one in use, so that a burst of
// large requests would stay resident for ever.
#pragma once

#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace invoice::base {

// Has a thread of its own from construction to destruction.
class MemoryTrimmer {
 public:
  explicit MemoryTrimmer(absl::Duration interval = absl::Seconds(30));
  ~MemoryTrimmer();
  MemoryTrimmer(const MemoryTrimmer&) = delete;
  MemoryTrimmer& operator=(const MemoryTrimmer&) = delete;

 private:
  absl::Notification ended_;
  std::thread thread_;
};

}  // namespace invoice::base
