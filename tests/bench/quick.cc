// bench_quick: invoices issued by RunQuick each second, each client with a customer of its own, against the same rows
// written by the same number of clients with plain SQL. Both wait for the vendor's number series, and neither for a
// disk: the private PostgreSQL runs with fsync off.
#include <fmt/format.h>

#include <deque>
#include <stdexcept>

#include "tests/bench/support/books.h"
#include "tests/bench/support/measure.h"
#include "tests/bench/support/report.h"
#include "tests/bench/support/row_copier.h"
#include "tests/bench/support/system.h"

namespace invoice::bench {
namespace {

// A floor that wrote fewer rows would prove nothing.
void CheckSameRows(const System& system, const v1::Invoice& model) {
  PostgresClient client(system.database());
  const std::string different =
      client.Run(fmt::format("SELECT count(*) FROM invoices i, invoices m WHERE m.id = '{}' AND "
                             "((SELECT count(*) FROM invoice_lines WHERE invoice_id = i.id) <> (SELECT count(*) FROM "
                             "invoice_lines WHERE invoice_id = m.id)"
                             " OR (SELECT count(*) FROM invoice_taxes WHERE invoice_id = i.id) <> (SELECT count(*) "
                             "FROM invoice_taxes WHERE invoice_id = m.id)"
                             " OR (SELECT count(*) FROM period_claims WHERE invoice_id = i.id) <> 1"
                             " OR (SELECT count(*) FROM run_results WHERE invoice_id = i.id) <> 1"
                             " OR (SELECT count(*) FROM jobs WHERE subject_id = i.id) <> 1"
                             " OR (SELECT count(*) FROM audit_events WHERE resource_id = i.id) <> 1)",
                             model.id()));
  if (different != "0") throw std::runtime_error(different + " invoices have other rows than the server's first one");
}

void Measure(const Options& options, Report* report) {
  Plan plan{.max_calls_per_client = 300};  // all rounds together stay within the weeks of a customer
  if (options.smoke) plan = {.clients = 2, .rounds = 1, .round = std::chrono::milliseconds(20)};
  const System system;
  const Books books(system);
  std::deque<Biller> billers;
  for (int i = 0; i < plan.clients; ++i) billers.emplace_back(system, books.NewCustomer(fmt::format("Customer {}", i)));
  const v1::Invoice model = billers.front().RunQuick();
  std::deque<RowCopier> copiers;
  for (int i = 0; i < plan.clients; ++i) {
    copiers.emplace_back(system.database(), model, books.NewCustomer(fmt::format("Customer of the floor {}", i)));
  }
  const Comparison result = Compare(
      plan, [&](int client) { billers[client].RunQuick(); }, [&](int client) { copiers[client].WriteNext(); });
  CheckSameRows(system, model);
  report->Add("quick_per_second", result.subject.per_second, "RunQuick by gRPC", 0);
  report->Add("quick_p50_ms", result.subject.p50_ms, "");
  report->Add("quick_p95_ms", result.subject.p95_ms, "");
  report->Add("ratio_to_floor", result.ratio, "RunQuick calls per second / transactions of the floor per second", 3);
  report->Add("floor_per_second", result.base.per_second, "the same rows by plain prepared SQL", 0);
  report->Add("floor_p50_ms", result.base.p50_ms, "");
  report->Add("floor_p95_ms", result.base.p95_ms, "");
  report->Add("clients", plan.clients, "each with a customer of its own, all of one vendor", 0);
  report->Add("invoices", static_cast<double>(result.subject.calls), "issued by the server in all", 0);
}

}  // namespace
}  // namespace invoice::bench

int main(int argc, char** argv) { return invoice::bench::RunBenchmark("quick", argc, argv, invoice::bench::Measure); }
