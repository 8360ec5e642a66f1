#include "base/metrics.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

namespace invoice::base {
namespace {

using ::testing::HasSubstr;

// The answer to GET `path` on a local port.
std::string Get(int port, const std::string& path) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    const std::string request = "GET " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n";
    EXPECT_EQ(write(fd, request.data(), request.size()), static_cast<ssize_t>(request.size()));
    char buffer[4096];
    for (ssize_t size; (size = read(fd, buffer, sizeof buffer)) > 0;) answer.append(buffer, static_cast<size_t>(size));
  }
  close(fd);
  return answer;
}

TEST(Metrics, GiveTheSameMetricForTheSameNameAndLabels) {
  Metrics metrics;
  metrics.GetCounter("invoice_calls_total", "Calls.", {{"method", "a"}}).Increment();
  metrics.GetCounter("invoice_calls_total", "Another help text.", {{"method", "a"}}).Increment(2);
  metrics.GetCounter("invoice_calls_total", "Calls.", {{"method", "b"}}).Increment();
  EXPECT_EQ(metrics.GetCounter("invoice_calls_total", "", {{"method", "a"}}).Value(), 3);
  const std::string page = metrics.Serialize();
  EXPECT_THAT(page, HasSubstr("# HELP invoice_calls_total Calls."));
  EXPECT_THAT(page, HasSubstr("invoice_calls_total{method=\"b\"} 1"));
}

TEST(Metrics, HistogramsCountInSeconds) {
  Metrics metrics;
  const Histogram histogram = metrics.GetHistogram("invoice_wait_seconds", "Waits.", {}, {0.1, 1});
  histogram.Observe(absl::Milliseconds(50));
  histogram.Observe(absl::Seconds(5));
  const std::string page = metrics.Serialize();
  EXPECT_THAT(page, HasSubstr("invoice_wait_seconds_bucket{le=\"0.1\"} 1"));
  EXPECT_THAT(page, HasSubstr("invoice_wait_seconds_bucket{le=\"1\"} 1"));
  EXPECT_THAT(page, HasSubstr("invoice_wait_seconds_count 2"));
}

TEST(MetricsServer, ServesThePageOnAFreePort) {
  Metrics metrics;
  metrics.GetGauge("invoice_pool_size", "Sessions.").Set(7);
  auto server = MetricsServer::Start(metrics, {"127.0.0.1", 0});
  ASSERT_TRUE(server.ok()) << server.status();
  ASSERT_GT((*server)->port(), 0);
  EXPECT_THAT(Get((*server)->port(), "/metrics"), HasSubstr("invoice_pool_size 7"));

  const auto second = MetricsServer::Start(metrics, {"127.0.0.1", (*server)->port()});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace invoice::base
