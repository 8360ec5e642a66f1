// bench_get: GetInvoice against the emptiest call of the same server, grpc.health.v1.Health/Check, which goes through
// the same sockets and threads and does nothing. What is left is what an answer of ours costs: key, transaction, two
// statements, message.
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/support/byte_buffer.h>

#include <deque>

#include "tests/bench/support/books.h"
#include "tests/bench/support/measure.h"
#include "tests/bench/support/report.h"
#include "tests/bench/support/system.h"

namespace invoice::bench {
namespace {

// The path of a generated stub, with bytes for messages: the package has no generated health client. No bytes are an
// empty HealthCheckRequest, "the server as a whole".
class HealthClient {
 public:
  explicit HealthClient(const System& system)
      : channel_(system.NewChannel()),
        check_("/grpc.health.v1.Health/Check", grpc::internal::RpcMethod::NORMAL_RPC, channel_) {}

  void Check() {
    const grpc::Slice empty;
    const grpc::ByteBuffer request(&empty, 1);
    grpc::ClientContext context;
    grpc::ByteBuffer response;
    CheckOk(grpc::internal::BlockingUnaryCall(channel_.get(), check_, &context, request, &response), "Check");
  }

 private:
  std::shared_ptr<grpc::Channel> channel_;
  grpc::internal::RpcMethod check_;
};

void Measure(const Options& options, Report* report) {
  const Plan plan = options.smoke ? Plan{.clients = 2, .rounds = 1, .round = std::chrono::milliseconds(20)} : Plan{};
  const System system;
  const Books books(system);
  const std::string customer_id = books.NewCustomer("Maple Leaf Logistics Ltd.");
  std::deque<Biller> billers;
  std::deque<HealthClient> health_clients;
  for (int i = 0; i < plan.clients; ++i) {
    billers.emplace_back(system, customer_id);
    health_clients.emplace_back(system);
  }
  const std::string id = billers.front().RunQuick().id();
  const Comparison result = Compare(
      plan, [&](int client) { billers[client].GetInvoice(id); }, [&](int client) { health_clients[client].Check(); });
  report->Add("ratio_to_empty", result.ratio, "GetInvoice calls per second / empty calls per second", 3);
  report->Add("get_per_second", result.subject.per_second, "GetInvoice by gRPC", 0);
  report->Add("get_p50_ms", result.subject.p50_ms, "");
  report->Add("get_p95_ms", result.subject.p95_ms, "");
  report->Add("empty_per_second", result.base.per_second, "grpc.health.v1 Check of the same server", 0);
  report->Add("empty_p50_ms", result.base.p50_ms, "");
  report->Add("empty_p95_ms", result.base.p95_ms, "");
  report->Add("clients", plan.clients, "connections, one call at a time each", 0);
  report->Add("calls", static_cast<double>(result.subject.calls), "of GetInvoice in all", 0);
}

}  // namespace
}  // namespace invoice::bench

int main(int argc, char** argv) { return invoice::bench::RunBenchmark("get", argc, argv, invoice::bench::Measure); }
