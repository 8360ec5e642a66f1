// bench_run: a scheduled run over 100,000 customers, two lines each, by the real server, worker, scheduler and gateway,
// against the floor: the same rows by plain set-based SQL into the same tables with the same constraints and indexes,
// half of them before the run and half after it, so that neither side has the smaller tables.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "tests/bench/support/copy_statement.h"
#include "tests/bench/support/population.h"
#include "tests/bench/support/report.h"
#include "tests/bench/support/system.h"

namespace invoice::bench {
namespace {

constexpr int kCustomers = 100'000;
constexpr int kSmokeCustomers = 200;

// The rows of an invoice of the run, for each customer of another population, by one statement for each table.
class Floor {
 public:
  Floor(const System& system, const Population& customers, std::string model_id)
      : client_(system.database()), vendor_id_(customers.vendor_id()), model_id_(std::move(model_id)) {
    client_.Run(
        "CREATE TEMPORARY TABLE target AS SELECT id AS customer_id, md5(id::text || 'invoice')::uuid AS invoice_id, "
        "row_number() OVER (ORDER BY id) AS n FROM customers WHERE vendor_id = '" +
        vendor_id_ + "'");
    client_.Run("ANALYZE target");
  }

  // For the customers of that half; seconds.
  double Write(int half, int customers) {
    const int first = half * (customers / 2);
    const std::string these = fmt::format("target t WHERE t.n > {} AND t.n <= {}", first, first + customers / 2);
    const auto start = std::chrono::steady_clock::now();
    client_.Run("BEGIN");
    client_.Run(
        fmt::format("INSERT INTO number_series VALUES ('{}', 'FLOOR-{{SEQ}}', {}) ON CONFLICT (vendor_id, "
                    "series_key) DO UPDATE SET last_sequence = {}",
                    vendor_id_, first + customers / 2, first + customers / 2));
    Copy("period_claims", "invoice_id", these,
         {{"invoice_id", "t.invoice_id"}, {"customer_id", "t.customer_id"}, {"vendor_id", Quoted(vendor_id_)}});
    Copy("invoices", "id", these,
         {{"id", "t.invoice_id"},
          {"customer_id", "t.customer_id"},
          {"vendor_id", Quoted(vendor_id_)},
          {"series_key", "'FLOOR-{SEQ}'"},
          {"sequence", "t.n"},
          {"number", "'FLOOR-' || t.n"},
          {"created_in", "pg_current_xact_id()"}});
    for (const char* table : {"invoice_lines", "invoice_taxes"}) {
      Copy(table, "invoice_id", these, {{"invoice_id", "t.invoice_id"}, {"vendor_id", Quoted(vendor_id_)}});
    }
    client_.Run(
        fmt::format("INSERT INTO jobs (id, kind, subject_id, run_at, urgency) SELECT md5(t.invoice_id::text)::uuid, "
                    "'RENDER_DOCUMENT', t.invoice_id, now() + interval '1 day', 2 FROM {}",
                    these));
    Copy("run_results", "invoice_id", these,
         {{"customer_id", "t.customer_id"}, {"invoice_id", "t.invoice_id"}, {"vendor_id", Quoted(vendor_id_)}});
    Copy("audit_events", "resource_id", these,
         {{"id", "md5(t.invoice_id::text)::uuid"},
          {"vendor_id", Quoted(vendor_id_)},
          {"resource_id", "t.invoice_id"},
          {"written_in", "pg_current_xact_id()"}});
    client_.Run(
        fmt::format("UPDATE schedules s SET last_run_on = s.next_run_on, next_run_on = (s.next_run_on + interval "
                    "'1 month')::date FROM {} AND s.customer_id = t.customer_id",
                    these));
    client_.Run("COMMIT");
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    return seconds.count();
  }

 private:
  static std::string Quoted(const std::string& id) { return "'" + id + "'::uuid"; }

  void Copy(const std::string& table, const std::string& key, const std::string& these,
            const std::vector<std::pair<std::string, std::string>>& changed) {
    client_.Run(CopyStatement(client_, table, fmt::format("{} m, {} AND m.{} = '{}'", table, these, key, model_id_),
                              changed, "m"));
  }

  PostgresClient client_;
  const std::string vendor_id_;
  const std::string model_id_;
};

// The greatest sum of all processes' memory while it lives.
class MemoryWatch {
 public:
  explicit MemoryWatch(const System& system)
      : thread_([this, &system] {
          while (!stop_) {
            peak_ = std::max(peak_, system.ResidentMib());
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
          }
        }) {}
  ~MemoryWatch() { End(); }
  double End() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
    return peak_;
  }

 private:
  std::atomic<bool> stop_ = false;
  double peak_ = 0;
  std::thread thread_;
};

void Measure(const Options& options, Report* report) {
  const int customers = options.smoke ? kSmokeCustomers : kCustomers;
  System system(/*with_gateway=*/true);
  const Population model(system, 1, Series::kOne);
  const Population run(system, customers, Series::kOne);
  const Population floor_customers(system, customers, Series::kOne);
  system.StartWorker(2);
  model.Run(Population::DueDate(0));
  const std::string model_id = PostgresClient(system.database()).Run("SELECT id FROM invoices");
  Floor floor(system, floor_customers, model_id);
  const double floor_before = floor.Write(0, customers);
  system.StartScheduler();
  MemoryWatch memory(system);
  const double seconds = run.Run(Population::DueDate(0));
  const double rss = memory.End();
  system.StopWorker();  // it would render documents meanwhile
  const double floor_after = floor.Write(1, customers);
  const double per_second = customers / seconds;
  const double floor_per_second = customers / (floor_before + floor_after);
  report->Add("customers", customers, "two lines and two taxes each", 0);
  report->Add("invoices_per_second", per_second, "committed, from the request for the run to its end", 0);
  report->Add("floor_per_second", floor_per_second, "the same rows by plain set-based SQL", 0);
  report->Add("ratio_to_floor", per_second / floor_per_second, "", 3);
  report->Add("rss_mib", rss, "server, gateway, worker and scheduler together, the most seen during the run", 1);
  report->Add("run_seconds", seconds, "");
}

}  // namespace
}  // namespace invoice::bench

int main(int argc, char** argv) { return invoice::bench::RunBenchmark("run", argc, argv, invoice::bench::Measure); }
