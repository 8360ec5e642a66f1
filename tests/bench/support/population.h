// Many customers of one vendor, each billed monthly by its schedule: two lines (hours and a fee), two taxes. The first
// is made by the API as a client does; the others are copies of its rows, because 100,000 calls would only measure the
// API.
#pragma once

#include <memory>
#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "invoice/v1/runs.grpc.pb.h"
#include "tests/bench/support/books.h"
#include "tests/bench/support/postgres_client.h"
#include "tests/bench/support/system.h"

namespace invoice::bench {

// How many customers of consecutive ids share a number series.
enum class Series { kOne, kEight };

class Population {
 public:
  // `batch`: with kEight, so many customers after one another have one series, then the next.
  Population(const System& system, int customers, Series series, int batch = 500);

  const std::string& vendor_id() const { return books_.vendor_id(); }
  // A due date of all of them, in the months to come, so that the scheduler leaves them to the benchmark.
  static absl::CivilDay DueDate(int month) {
    return absl::CivilDay(absl::ToCivilMonth(absl::Now(), absl::UTCTimeZone()) + 1 + month);
  }

  // Runs the due date to its end and says how long that took, in seconds. Throws where not everybody was invoiced.
  double Run(absl::CivilDay due) const;
  // The plan of that run.
  v1::PlanRunResponse Plan(absl::CivilDay due) const;

 private:
  const System& system_;
  Books books_;
  const int customers_;
  std::unique_ptr<v1::RunService::Stub> stub_;
};

std::string DayText(absl::CivilDay day);

}  // namespace invoice::bench
