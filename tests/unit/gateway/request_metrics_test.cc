#include "gateway/request_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace invoice::gateway {
namespace {

using ::testing::HasSubstr;

TEST(RequestMetrics, CountsByMethodRouteAndStatus) {
  base::Metrics metrics;
  RequestMetrics requests(metrics);
  constexpr std::string_view kMethod = "GET";
  constexpr std::string_view kPath = "/api/v1/invoices/{id}";
  for (const int status : {200, 200, 404}) requests.Count(kMethod, kPath, status, absl::Milliseconds(3));
  const std::string page = metrics.Serialize();
  EXPECT_THAT(page,
              HasSubstr(R"(invoice_http_requests_total{code="200",method="GET",route="/api/v1/invoices/{id}"} 2)"));
  EXPECT_THAT(page,
              HasSubstr(R"(invoice_http_requests_total{code="404",method="GET",route="/api/v1/invoices/{id}"} 1)"));
  EXPECT_THAT(page, HasSubstr(R"(invoice_http_request_seconds_count{method="GET",route="/api/v1/invoices/{id}"} 3)"));
}

TEST(RequestMetrics, CountsFromSeveralThreads) {
  base::Metrics metrics;
  RequestMetrics requests(metrics);
  constexpr std::string_view kMethod = "GET";
  constexpr std::string_view kPath = "/health";
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&requests, kMethod, kPath] {
      for (int j = 0; j < 1000; ++j) requests.Count(kMethod, kPath, 200 + j % 3, absl::ZeroDuration());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(metrics.Serialize(),
              HasSubstr(R"(invoice_http_request_seconds_count{method="GET",route="/health"} 4000)"));
}

}  // namespace
}  // namespace invoice::gateway
