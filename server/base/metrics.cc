#include "base/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <exception>
#include <mutex>
#include <utility>

#include "fmt/format.h"

namespace invoice::base {

void Counter::Increment(double by) const { counter_->Increment(by); }
double Counter::Value() const { return counter_->Value(); }
void Gauge::Set(double value) const { gauge_->Set(value); }
void Gauge::Add(double by) const { gauge_->Increment(by); }
double Gauge::Value() const { return gauge_->Value(); }
void Histogram::Observe(double value) const { histogram_->Observe(value); }

const std::vector<double>& DurationBuckets() {
  static const auto* buckets =
      new std::vector<double>{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
  return *buckets;
}

struct Metrics::Impl {
  // The family of a name, made at its first use; prometheus-cpp would make a second one for another help text.
  template <typename Family, typename Builder>
  Family& Get(std::map<std::string, Family*>& families, Builder builder, const std::string& name,
              const std::string& help) {
    const std::lock_guard lock(mutex);
    Family*& family = families[name];
    if (family == nullptr) family = &builder.Name(name).Help(help).Register(*registry);
    return *family;
  }

  std::mutex mutex;
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  std::map<std::string, prometheus::Family<prometheus::Counter>*> counters;
  std::map<std::string, prometheus::Family<prometheus::Gauge>*> gauges;
  std::map<std::string, prometheus::Family<prometheus::Histogram>*> histograms;
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

Counter Metrics::GetCounter(const std::string& name, const std::string& help, const Labels& labels) {
  return Counter(&impl_->Get(impl_->counters, prometheus::BuildCounter(), name, help).Add(labels));
}

Gauge Metrics::GetGauge(const std::string& name, const std::string& help, const Labels& labels) {
  return Gauge(&impl_->Get(impl_->gauges, prometheus::BuildGauge(), name, help).Add(labels));
}

Histogram Metrics::GetHistogram(const std::string& name, const std::string& help, const Labels& labels,
                                const std::vector<double>& buckets) {
  return Histogram(&impl_->Get(impl_->histograms, prometheus::BuildHistogram(), name, help).Add(labels, buckets));
}

std::string Metrics::Serialize() const { return prometheus::TextSerializer().Serialize(impl_->registry->Collect()); }

struct MetricsServer::Impl {
  explicit Impl(const std::string& address) : exposer(address, /*num_threads=*/2) {}
  prometheus::Exposer exposer;
};

MetricsServer::MetricsServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MetricsServer::~MetricsServer() = default;

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Start(const Metrics& metrics, const HostPort& listen) {
  try {
    auto impl = std::make_unique<Impl>(listen.ToString());
    impl->exposer.RegisterCollectable(metrics.impl_->registry);
    return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(impl)));
  } catch (const std::exception& fault) {  // the barrier of prometheus-cpp
    return absl::UnavailableError(fmt::format("cannot serve metrics on {}: {}", listen.ToString(), fault.what()));
  }
}

int MetricsServer::port() const {
  const std::vector<int> ports = impl_->exposer.GetListeningPorts();
  return ports.empty() ? 0 : ports.front();
}

}  // namespace invoice::base
