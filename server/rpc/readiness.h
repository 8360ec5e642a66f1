// One answer about readiness for all who ask at about the same time. Thread safe.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/metrics.h"

namespace invoice::rpc {

// What HealthService.GetReadiness answers; the texts are those of protos/invoice/v1/health.proto.
struct Readiness {
  bool ready = false;
  std::string version;
  std::string database;
  std::string redis;
  std::string migrations;
  std::vector<std::string> problems;
};

class SharedReadiness {
 public:
  // `probe` looks anew; its waits are bounded.
  SharedReadiness(std::function<Readiness()> probe, base::Metrics& metrics);

  // An answer that is at most kReadinessKeep old. One caller at a time looks anew, others wait for what it finds.
  Readiness Get();

 private:
  bool IsIdle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !probing_; }

  const std::function<Readiness()> probe_;
  const base::Counter probes_;
  absl::Mutex mutex_;
  Readiness last_ ABSL_GUARDED_BY(mutex_);
  absl::Time fresh_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool probing_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace invoice::rpc
