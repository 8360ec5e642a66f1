#include "gateway/request_metrics.h"

#include <string>

#include "fmt/format.h"

namespace invoice::gateway {

RequestMetrics::Handles RequestMetrics::Find(std::string_view method, std::string_view path, int status) {
  absl::MutexLock lock(&mutex_);
  const auto key = std::make_tuple(method.data(), path.data(), status);
  if (const auto found = handles_.find(key); found != handles_.end()) return found->second;
  const base::Labels labels = {{"method", std::string(method)}, {"route", std::string(path)}};
  base::Labels with_code = labels;
  with_code["code"] = fmt::to_string(status);
  const Handles handles{
      metrics_.GetCounter("invoice_http_requests_total", "Answered HTTP requests.", with_code),
      metrics_.GetHistogram("invoice_http_request_seconds",
                            "Time from the whole request to the answer, or to its last piece.", labels)};
  handles_.emplace(key, handles);
  return handles;
}

void RequestMetrics::Count(std::string_view method, std::string_view path, int status, absl::Duration duration) {
  const Handles handles = Find(method, path, status);
  handles.counter.Increment();
  handles.histogram.Observe(duration);
}

}  // namespace invoice::gateway
