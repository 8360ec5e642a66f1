#include "base/memory_trimmer.h"

#include <malloc.h>

namespace invoice::base {

MemoryTrimmer::MemoryTrimmer(absl::Duration interval)
    : thread_([this, interval] {
        while (!ended_.WaitForNotificationWithTimeout(interval)) malloc_trim(0);
      }) {}

MemoryTrimmer::~MemoryTrimmer() {
  ended_.Notify();
  thread_.join();
}

}  // namespace invoice::base
