#include "gateway/request_metrics.h"

#include "fmt/format.h"

namespace invoice::gateway {

std::string_view KnownMethod(std::string_view method) {
  for (const std::string_view known : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    if (known == method) return known;
  }
  return "OTHER";
}

void RequestMetrics::Add(std::string_view method, std::string_view path, int status, absl::Duration duration) {
  const Handles handles = HandlesOf(KnownMethod(method), path, status);
  handles.requests.Increment();
  handles.seconds.Observe(duration);
}

RequestMetrics::Handles RequestMetrics::HandlesOf(std::string_view method, std::string_view path, int status) {
  std::string key;
  key.reserve(method.size() + path.size() + 5);
  key.append(method).append(" ").append(path).append(" ").append(fmt::format_int(status).c_str());
  absl::MutexLock lock(&mutex_);
  const auto found = known_.find(key);
  if (found != known_.end()) return found->second;
  const base::Labels labels = {{"method", std::string(method)}, {"route", std::string(path)}};
  base::Labels with_code = labels;
  with_code["code"] = fmt::to_string(status);
  const Handles handles = {
      metrics_.GetCounter("invoice_http_requests_total", "Answered HTTP requests.", with_code),
      metrics_.GetHistogram("invoice_http_request_seconds",
                            "Time from the whole request to the answer, or to its last piece.", labels)};
  known_.emplace(std::move(key), handles);
  return handles;
}

}  // namespace invoice::gateway
