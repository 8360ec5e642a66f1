#include "tests/bench/support/measure.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace invoice::bench {
namespace {

using Clock = std::chrono::steady_clock;

double Quantile(const std::vector<double>& sorted, double quantile) {
  return sorted[std::min(sorted.size() - 1, static_cast<size_t>(quantile * static_cast<double>(sorted.size())))];
}

// All rounds of one side.
struct Rounds {
  std::vector<double> per_second;
  std::vector<double> p50_ms;
  std::vector<double> p95_ms;
  int64_t calls = 0;

  Figures Medians() const { return {Median(per_second), Median(p50_ms), Median(p95_ms), calls}; }
};

// What one client did in a round.
std::vector<double> CallUntil(Clock::time_point end, int64_t max_calls, const std::function<void()>& call) {
  std::vector<double> times_ms;
  Clock::time_point now = Clock::now();
  do {
    call();
    const Clock::time_point after = Clock::now();
    times_ms.push_back(std::chrono::duration<double, std::milli>(after - now).count());
    now = after;
  } while (now < end && static_cast<int64_t>(times_ms.size()) < max_calls);
  return times_ms;
}

void RunRound(const Plan& plan, const ClientCall& call, Rounds* rounds) {
  std::vector<double> times_ms;
  std::exception_ptr fault;
  std::mutex mutex;
  const Clock::time_point start = Clock::now();
  std::vector<std::thread> clients;
  for (int client = 0; client < plan.clients; ++client) {
    clients.emplace_back([&, client] {
      try {
        const std::vector<double> mine =
            CallUntil(start + plan.round, plan.max_calls_per_client, [&] { call(client); });
        const std::lock_guard lock(mutex);
        times_ms.insert(times_ms.end(), mine.begin(), mine.end());
      } catch (...) {
        const std::lock_guard lock(mutex);
        fault = std::current_exception();
      }
    });
  }
  for (std::thread& client : clients) client.join();
  if (fault) std::rethrow_exception(fault);
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  std::sort(times_ms.begin(), times_ms.end());
  rounds->per_second.push_back(static_cast<double>(times_ms.size()) / seconds);
  rounds->p50_ms.push_back(Quantile(times_ms, 0.50));
  rounds->p95_ms.push_back(Quantile(times_ms, 0.95));
  rounds->calls += static_cast<int64_t>(times_ms.size());
}

}  // namespace

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Comparison Compare(const Plan& plan, const ClientCall& subject, const ClientCall& base) {
  // Connections, caches and threads come to be in calls that do not count.
  for (int client = 0; client < plan.clients; ++client) {
    subject(client);
    base(client);
  }
  Rounds of_subject;
  Rounds of_base;
  std::vector<double> ratios;
  for (int round = 0; round < plan.rounds; ++round) {
    const bool subject_first = round % 2 == 0;  // neither side always meets the other's leftovers
    if (subject_first) RunRound(plan, subject, &of_subject);
    RunRound(plan, base, &of_base);
    if (!subject_first) RunRound(plan, subject, &of_subject);
    ratios.push_back(of_subject.per_second.back() / of_base.per_second.back());
  }
  return {of_subject.Medians(), of_base.Medians(), Median(ratios)};
}

}  // namespace invoice::bench
