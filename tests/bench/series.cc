// bench_series: eight workers that issue batches of 500 against one number series, against eight workers with eight
// series, each batch in one of them; the same customers' rows on both sides, in turns.
#include <algorithm>
#include <vector>

#include "tests/bench/support/population.h"
#include "tests/bench/support/report.h"
#include "tests/bench/support/system.h"

namespace invoice::bench {
namespace {

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void Measure(const Options& options, Report* report) {
  const int customers = options.smoke ? 200 : 20'000;
  const int rounds = options.smoke ? 1 : 3;
  System system;
  const Population one(system, customers, Series::kOne);
  const Population eight(system, customers, Series::kEight);
  system.StartWorker(8);
  std::vector<double> one_per_second;
  std::vector<double> eight_per_second;
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    one_per_second.push_back(customers / one.Run(Population::DueDate(round)));
    eight_per_second.push_back(customers / eight.Run(Population::DueDate(round)));
    ratios.push_back(one_per_second.back() / eight_per_second.back());
  }
  report->Add("ratio_to_separate", Median(ratios), "one series / eight series, the median of the rounds", 3);
  report->Add("one_series_per_second", Median(one_per_second), "invoices, eight workers, one series", 0);
  report->Add("eight_series_per_second", Median(eight_per_second), "invoices, eight workers, eight series", 0);
  report->Add("customers", customers, "of each side, in batches of 500", 0);
}

}  // namespace
}  // namespace invoice::bench

int main(int argc, char** argv) { return invoice::bench::RunBenchmark("series", argc, argv, invoice::bench::Measure); }
