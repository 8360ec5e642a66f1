// The forms of the logos that this process printed last, by the SHA-256 of the logo: a run prints the same few
// thousands of times. Bounded. Thread-safe.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace invoice::app {

class LogoFiles {
 public:
  using File = std::shared_ptr<const std::string>;

  // Null where it is not kept.
  File Find(const std::string& sha256);
  // Keeps it in the place of the one that was not asked for the longest.
  void Keep(const std::string& sha256, File file);

 private:
  absl::Mutex mutex_;
  std::list<std::pair<std::string, File>> files_ ABSL_GUARDED_BY(mutex_);  // the last asked for first
};

}  // namespace invoice::app
