// Counters, gauges and histograms, and the page on which Prometheus reads them. Names are invoice_<thing>_<unit>;
// labels come from closed lists (a method, a reason), never from input. Handles are cheap to copy and live as long as
// their Metrics. Thread safe.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/config.h"

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace invoice::base {

using Labels = std::map<std::string, std::string>;

// Only goes up.
class Counter {
 public:
  void Increment(double by = 1) const;
  double Value() const;

 private:
  friend class Metrics;
  explicit Counter(prometheus::Counter* counter) : counter_(counter) {}
  prometheus::Counter* counter_;
};

// A level: the size of a pool, the age of a queue.
class Gauge {
 public:
  void Set(double value) const;
  void Add(double by) const;
  double Value() const;

 private:
  friend class Metrics;
  explicit Gauge(prometheus::Gauge* gauge) : gauge_(gauge) {}
  prometheus::Gauge* gauge_;
};

class Histogram {
 public:
  void Observe(double value) const;
  void Observe(absl::Duration duration) const { Observe(absl::ToDoubleSeconds(duration)); }

 private:
  friend class Metrics;
  explicit Histogram(prometheus::Histogram* histogram) : histogram_(histogram) {}
  prometheus::Histogram* histogram_;
};

// Bounds of the buckets for durations in seconds: 1 ms to 30 s.
const std::vector<double>& DurationBuckets();

// The registry of one process. The same name and labels give the same metric; a name keeps its first help text.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  Counter GetCounter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge GetGauge(const std::string& name, const std::string& help, const Labels& labels = {});
  Histogram GetHistogram(const std::string& name, const std::string& help, const Labels& labels = {},
                         const std::vector<double>& buckets = DurationBuckets());

  // The page in Prometheus' text form.
  std::string Serialize() const;

 private:
  friend class MetricsServer;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Serves GET /metrics until it goes. `metrics` must outlive it.
class MetricsServer {
 public:
  // Port 0 takes a free one. UNAVAILABLE where the address cannot be bound.
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Start(const Metrics& metrics, const HostPort& listen);
  ~MetricsServer();

  int port() const;

 private:
  struct Impl;
  explicit MetricsServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace invoice::base
