#include "rpc/readiness.h"

#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/time/clock.h"
#include "rpc/limits.h"

namespace invoice::rpc {

SharedReadiness::SharedReadiness(std::function<Readiness()> probe, base::Metrics& metrics)
    : probe_(std::move(probe)),
      probes_(metrics.GetCounter("invoice_readiness_probes_total",
                                 "How often the database and Redis were asked whether they answer.")) {}

Readiness SharedReadiness::Get() {
  {
    const absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &SharedReadiness::IsIdle));
    if (absl::Now() < fresh_until_) return last_;
    probing_ = true;
  }
  absl::Cleanup idle = [this] {
    const absl::MutexLock lock(&mutex_);
    probing_ = false;
  };
  probes_.Increment();
  Readiness found = probe_();
  std::move(idle).Cancel();
  const absl::MutexLock lock(&mutex_);
  probing_ = false;
  fresh_until_ = absl::Now() + kReadinessKeep;
  last_ = found;
  return found;
}

}  // namespace invoice::rpc
