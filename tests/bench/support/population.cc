#include "tests/bench/support/population.h"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "tests/bench/support/copy_statement.h"
#include "tests/support/postgres.h"

namespace invoice::bench {
namespace {

constexpr std::chrono::milliseconds kLook(20);
constexpr std::chrono::minutes kLongest(10);

// The id of the n-th copy.
std::string CopyId(const std::string& model) { return fmt::format("md5('{}' || n)::uuid", model); }

void CopyCustomers(const System& system, const std::string& model, int customers) {
  PostgresClient client(system.database());
  const std::string copies = fmt::format("generate_series(2, {}) AS n", customers);
  const std::string id = CopyId(model);
  client.Run("BEGIN");
  client.Run(CopyStatement(client, "customers", fmt::format("customers m, {} WHERE m.id = '{}'", copies, model),
                           {{"id", id}, {"name", "m.name || ' ' || n"}}, "m"));
  for (const char* table : {"contracts", "schedules"}) {
    client.Run(CopyStatement(client, table, fmt::format("{} m, {} WHERE m.customer_id = '{}'", table, copies, model),
                             {{"customer_id", id}}, "m"));
  }
  client.Run("COMMIT");
}

}  // namespace

std::string DayText(absl::CivilDay day) { return fmt::format("{:04}-{:02}-{:02}", day.year(), day.month(), day.day()); }

Population::Population(const System& system, int customers, Series series, int batch)
    : system_(system), books_(system), customers_(customers), stub_(v1::RunService::NewStub(system.NewChannel())) {
  const std::string model = books_.NewCustomer("Customer");
  CopyCustomers(system, model, customers);
  PostgresClient client(system.database());
  client.Run(fmt::format("UPDATE contracts SET frequency = 'MONTHLY', default_hours = 37.5 WHERE vendor_id = '{}'",
                         vendor_id()));
  client.Run(fmt::format("UPDATE schedules SET enabled = true, next_run_on = '{}' WHERE vendor_id = '{}'",
                         DayText(DueDate(0)), vendor_id()));
  if (series == Series::kEight) {
    client.Run(
        fmt::format("UPDATE contracts k SET invoice_prefix = 'S' || (q.n / {} % 8) FROM (SELECT id, row_number() "
                    "OVER (ORDER BY id) - 1 AS n FROM customers WHERE vendor_id = '{}') AS q WHERE k.customer_id "
                    "= q.id",
                    batch, vendor_id()));
  }
  // What autovacuum would do to those that grew; one row is nothing to it.
  if (customers == 1) return;
  PostgresClient owner(test::Postgres::Instance().OwnerUrl(system.database()));
  for (const char* table : {"customers", "contracts", "schedules"}) owner.Run(fmt::format("ANALYZE {}", table));
}

double Population::Run(absl::CivilDay due) const {
  v1::CreateRunRequest request;
  request.set_mode(v1::Run::SCHEDULED);
  request.set_run_date(DayText(due));
  request.set_vendor_id(vendor_id());
  grpc::ClientContext context;
  system_.Authorize(&context);
  v1::Run run;
  const auto start = std::chrono::steady_clock::now();
  CheckOk(stub_->CreateRun(&context, request, &run), "CreateRun");
  v1::GetRunRequest get;
  get.set_id(run.id());
  while (run.state() == v1::Run::PENDING || run.state() == v1::Run::RUNNING) {
    if (std::chrono::steady_clock::now() - start > kLongest) throw std::runtime_error("the run takes too long");
    std::this_thread::sleep_for(kLook);
    grpc::ClientContext again;
    system_.Authorize(&again);
    CheckOk(stub_->GetRun(&again, get, &run), "GetRun");
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (run.state() != v1::Run::SUCCEEDED || run.progress().invoiced() != customers_) {
    throw std::runtime_error("not everybody was invoiced: " + run.ShortDebugString());
  }
  return seconds.count();
}

v1::PlanRunResponse Population::Plan(absl::CivilDay due) const {
  v1::PlanRunRequest request;
  request.set_mode(v1::Run::SCHEDULED);
  request.set_run_date(DayText(due));
  request.set_vendor_id(vendor_id());
  grpc::ClientContext context;
  system_.Authorize(&context);
  v1::PlanRunResponse plan;
  CheckOk(stub_->PlanRun(&context, request, &plan), "PlanRun");
  return plan;
}

}  // namespace invoice::bench
