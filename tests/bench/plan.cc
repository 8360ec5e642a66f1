// bench_plan: PlanRun over 100,000 customers, first without and then with an invoice of the period before.
#include <chrono>
#include <stdexcept>

#include "tests/bench/support/population.h"
#include "tests/bench/support/report.h"
#include "tests/bench/support/system.h"

namespace invoice::bench {
namespace {

double PlanSeconds(const Population& population, int month, int customers) {
  const auto start = std::chrono::steady_clock::now();
  const v1::PlanRunResponse plan = population.Plan(Population::DueDate(month));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (plan.invoiced_count() != customers)
    throw std::runtime_error("not everybody is planned: " + plan.ShortDebugString());
  return seconds.count();
}

void Measure(const Options& options, Report* report) {
  const int customers = options.smoke ? 200 : 100'000;
  System system;
  const Population population(system, customers, Series::kOne);
  const double first = PlanSeconds(population, 0, customers);
  system.StartWorker(2);
  population.Run(Population::DueDate(0));
  system.StopWorker();  // it would render documents meanwhile
  const double second = PlanSeconds(population, 1, customers);
  report->Add("customers", customers, "planned by one call", 0);
  report->Add("plan_seconds", first, "nobody was billed before");
  report->Add("plan_after_run_seconds", second, "each compared with the invoice of the period before");
  report->Add("customers_per_second", customers / second, "", 0);
}

}  // namespace
}  // namespace invoice::bench

int main(int argc, char** argv) { return invoice::bench::RunBenchmark("plan", argc, argv, invoice::bench::Measure); }
