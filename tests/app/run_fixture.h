// Batch runs on the use cases, with a worker that the test steps by hand.
#pragma once

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/drafts.h"
#include "app/periods.h"
#include "app/plans.h"
#include "app/run_work.h"
#include "app/runs.h"
#include "app/scheduling.h"
#include "base/status.h"
#include "store/jobs.h"
#include "tests/app/app_fixture.h"

namespace invoice::app {

inline constexpr domain::Period kOctober{absl::CivilDay(2026, 10, 1), absl::CivilDay(2026, 10, 31)};

class RunTest : public AppTest {
 protected:
  // A customer billed by its schedule: 10 hours at 100.00, 13 % tax, monthly on the first, in Toronto unless changed.
  std::string NewScheduled(const std::string& vendor_id, const std::string& name = "Customer",
                           const std::function<void(domain::Customer&)>& change = {}) {
    return NewCustomerWith(vendor_id, [&](domain::Customer& customer) {
      customer.name = name;
      customer.contract.rate_per_hour = domain::UnitPrice::Parse("100");
      customer.contract.default_hours = domain::Quantity::Parse("10");
      customer.contract.taxes.push_back({.name = "HST", .rate = *domain::Rate::Parse("0.13")});
      customer.schedule.enabled = true;
      customer.schedule.time_zone = "America/Toronto";
      if (change) change(customer);
    });
  }

  void GoTo(absl::CivilDay day, int hour = 12) {
    clock_.Set(absl::FromCivil(absl::CivilHour(day.year(), day.month(), day.day(), hour), absl::UTCTimeZone()));
  }

  // Leases the oldest job of a run that is due.
  std::optional<store::Job> TakeRunJob() {
    auto transaction = database_.Begin();
    auto jobs = store::Jobs(*transaction).Fetch("test", 1000, absl::Seconds(30));
    EXPECT_TRUE(jobs.ok()) << jobs.status();
    std::sort(jobs->begin(), jobs->end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    std::optional<store::Job> mine;
    for (const store::Job& job : *jobs) {
      const bool of_runs = job.kind == "START_RUN" || job.kind == "RUN_CHUNK";
      if (of_runs && !mine) {
        mine = job;
      } else {
        EXPECT_TRUE(store::Jobs(*transaction).GiveBack(job).ok());
      }
    }
    EXPECT_TRUE(transaction->Commit().ok());
    return mine;
  }

  // Does up to `limit` jobs of runs; how many were done.
  int WorkJobs(int limit = 1000) {
    int done = 0;
    while (done < limit) {
      const std::optional<store::Job> mine = TakeRunJob();
      if (!mine) return done;
      const absl::Status status = mine->kind == "START_RUN" ? work_.Start(*mine) : work_.Work(*mine);
      EXPECT_TRUE(status.ok()) << mine->kind << ": " << status;
      if (!status.ok()) return done;
      ++done;
    }
    return done;
  }

  // What the scheduler does now, and the work that comes of it.
  int TakeDue() {
    int taken = 0;
    for (;;) {
      const auto round = scheduling_.TakeDue();
      EXPECT_TRUE(round.ok()) << round.status();
      if (!round.ok() || round->taken == 0) break;
      taken += round->taken;
    }
    WorkJobs();
    return taken;
  }

  domain::RunRecord Create(const BatchScope& scope, const std::string& plan_hash = "") {
    const auto run = Runs(*core_).Create(NewCall("CreateRun"), scope, plan_hash, {});
    EXPECT_TRUE(run.ok()) << run.status();
    return run.ok() ? run->result : domain::RunRecord{};
  }
  domain::RunRecord Finished(const std::string& id) {
    WorkJobs();
    return Runs(*core_).Get(id).value();
  }
  std::vector<domain::RunResult> Results(const std::string& run_id) {
    return Runs(*core_).ListResults(run_id, std::nullopt, {.size = 200})->records;
  }
  std::vector<domain::InvoiceRecord> InvoicesOf(const std::string& customer_id) {
    return Invoices(*core_).List({.customer_id = customer_id, .oldest_first = true}, {.size = 200})->records;
  }
  std::vector<store::HeldPeriod> Held() { return Periods(*core_).ListMissed("", {.size = 200})->records; }

  RunWork work_{*core_, 10};
  Scheduling scheduling_{*core_, work_};
};

}  // namespace invoice::app
