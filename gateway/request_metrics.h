// Counts and times the answered requests, by closed lists: a method, a route's template, a status. Thread safe.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/metrics.h"

namespace invoice::gateway {

// `method` where it is a known one, else "OTHER".
std::string_view KnownMethod(std::string_view method);

class RequestMetrics {
 public:
  // `metrics` must outlive it.
  explicit RequestMetrics(base::Metrics& metrics) : metrics_(metrics) {}

  // `path` is a route's template or another text of a closed list, never what a client wrote.
  void Add(std::string_view method, std::string_view path, int status, absl::Duration duration);

 private:
  struct Handles {
    base::Counter requests;
    base::Histogram seconds;
  };
  // The registry looks metrics up by their texts, which costs more than the count itself.
  Handles HandlesOf(std::string_view method, std::string_view path, int status);

  base::Metrics& metrics_;
  absl::Mutex mutex_;
  std::unordered_map<std::string, Handles> known_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace invoice::gateway
