// bench_rest: the same invoice by REST through the gateway, over connections that are kept open, against gRPC straight
// to the server: what the way through HTTP and JSON costs. Then the gateway against grpc-gateway.
#include <deque>
#include <stdexcept>

#include "tests/bench/rest_gateways.h"
#include "tests/bench/support/books.h"
#include "tests/bench/support/http_connection.h"
#include "tests/bench/support/measure.h"
#include "tests/bench/support/report.h"
#include "tests/bench/support/system.h"

namespace invoice::bench {
namespace {

void Measure(const Options& options, Report* report) {
  const Plan plan = options.smoke ? Plan{.clients = 2, .rounds = 1, .round = std::chrono::milliseconds(20)} : Plan{};
  const System system(/*with_gateway=*/true);
  const Books books(system);
  const std::string customer_id = books.NewCustomer("Maple Leaf Logistics Ltd.");
  std::deque<Biller> billers;
  std::deque<HttpConnection> connections;
  for (int i = 0; i < plan.clients; ++i) {
    billers.emplace_back(system, customer_id);
    connections.emplace_back(system.http_port(), system.api_key());
  }
  const v1::Invoice invoice = billers.front().RunQuick();
  for (int i = 1; i < kListedInvoices; ++i) billers.front().RunQuick();
  const std::string path = "/api/v1/invoices/" + invoice.id();
  const std::string body = connections.front().Get(path);
  if (body.find(invoice.number()) == std::string::npos) throw std::runtime_error("another invoice: " + body);
  const Comparison result = Compare(
      plan, [&](int client) { connections[client].Get(path); },
      [&](int client) { billers[client].GetInvoice(invoice.id()); });
  report->Add("ratio_to_grpc", result.ratio, "REST calls per second / gRPC calls per second", 3);
  report->Add("rest_per_second", result.subject.per_second, "GET of an invoice through the gateway", 0);
  report->Add("rest_p50_ms", result.subject.p50_ms, "");
  report->Add("rest_p95_ms", result.subject.p95_ms, "");
  report->Add("grpc_per_second", result.base.per_second, "GetInvoice of the same server", 0);
  report->Add("grpc_p50_ms", result.base.p50_ms, "");
  report->Add("grpc_p95_ms", result.base.p95_ms, "");
  report->Add("clients", plan.clients, "connections, one call at a time each", 0);
  report->Add("json_bytes", static_cast<double>(body.size()), "of the answer", 0);
  report->Add("proto_bytes", static_cast<double>(invoice.ByteSizeLong()), "of the same message by gRPC", 0);
  MeasureGateways(options, system, invoice.id(), report);
}

}  // namespace
}  // namespace invoice::bench

int main(int argc, char** argv) { return invoice::bench::RunBenchmark("rest", argc, argv, invoice::bench::Measure); }
