// The counter and the histogram of requests. Looked up by their labels once, so that a request costs no texts. Thread
// safe.
#pragma once

#include <string_view>
#include <tuple>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/metrics.h"

namespace invoice::gateway {

class RequestMetrics {
 public:
  // `metrics` must outlive it.
  explicit RequestMetrics(base::Metrics& metrics) : metrics_(metrics) {}

  // Both texts come from closed lists and stay where they are for as long as this lives.
  void Count(std::string_view method, std::string_view path, int status, absl::Duration duration);

 private:
  struct Handles {
    base::Counter counter;
    base::Histogram histogram;
  };

  Handles Find(std::string_view method, std::string_view path, int status);

  base::Metrics& metrics_;
  absl::Mutex mutex_;
  // By the places of the texts.
  absl::flat_hash_map<std::tuple<const char*, const char*, int>, Handles> handles_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace invoice::gateway
