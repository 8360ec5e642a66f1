#include "store/runs.h"

#include <nlohmann/json.hpp>

#include "base/status.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

using Json = nlohmann::json;

domain::RunRecord Read(const Row& row) {
  domain::RunRecord run;
  run.id = row.Text("id");
  run.vendor_id = row.OptionalText("vendor_id").value_or("");
  run.mode = domain::Parse<domain::RunMode>(row.Text("mode")).value();
  run.state = domain::ParseRunState(row.Text("state")).value();
  run.run_date = row.Day("run_on");
  run.send_email = row.Bool("send_email");
  run.requested_by = row.Text("requested_by");
  run.total_count = static_cast<int>(row.Int("total_count"));
  run.invoiced_count = static_cast<int>(row.Int("invoiced_count"));
  run.skipped_count = static_cast<int>(row.Int("skipped_count"));
  run.held_count = static_cast<int>(row.Int("held_count"));
  run.failed_count = static_cast<int>(row.Int("failed_count"));
  for (const Json& total : Json::parse(row.Text("totals"))) {
    run.totals.push_back(
        {.currency_code = total.at("currencyCode"), .count = total.at("count"), .total_minor = total.at("totalMinor")});
  }
  run.created_at = row.Time("created_at");
  run.finished_at = row.OptionalTime("finished_at");
  run.version = row.Int("version");
  return run;
}

domain::RunResult ReadResult(const Row& row) {
  domain::RunResult result;
  result.run_id = row.Text("run_id");
  result.customer_id = row.Text("customer_id");
  result.customer_name = row.Text("customer_name");
  result.outcome = domain::ParseRunOutcome(row.Text("outcome")).value();
  result.reason = row.Text("reason");
  const Json detail = Json::parse(row.Text("detail"));
  for (const auto& [key, value] : detail.items()) {
    result.values.emplace_back(key, value.get<std::string>());
  }
  result.invoice_id = row.OptionalText("invoice_id").value_or("");
  result.invoice_number = row.OptionalText("invoice_number").value_or("");
  if (!row.IsNull("total_minor")) result.total_minor = row.Int("total_minor");
  result.currency_code = row.OptionalText("currency_code").value_or("");
  if (!row.IsNull("period_start_on")) result.period = {row.Day("period_start_on"), row.Day("period_end_on")};
  result.created_at = row.Time("created_at");
  return result;
}

std::string DetailJson(const domain::RunResult& result) {
  Json detail = Json::object();
  for (const auto& [key, value] : result.values) detail[key] = value;
  return detail.dump();
}

}  // namespace

absl::Status Runs::Insert(const domain::RunRecord& run, absl::Time now) {
  return transaction_
      .Execute(sql::kRunInsert, {{"id", run.id},
                                 {"vendor_id", NullIfEmpty(run.vendor_id)},
                                 {"mode", domain::Name(run.mode)},
                                 {"state", domain::Name(run.state)},
                                 {"run_on", run.run_date},
                                 {"send_email", run.send_email},
                                 {"requested_by", run.requested_by},
                                 {"total_count", run.total_count},
                                 {"invoiced_count", run.invoiced_count},
                                 {"skipped_count", run.skipped_count},
                                 {"held_count", run.held_count},
                                 {"failed_count", run.failed_count},
                                 {"finished_at", run.finished_at},
                                 {"now", now}})
      .status();
}

absl::Status Runs::InsertResult(const std::string& vendor_id, const domain::RunResult& result, absl::Time now) {
  const auto first = result.period ? std::optional(result.period->first) : std::nullopt;
  const auto last = result.period ? std::optional(result.period->last) : std::nullopt;
  return transaction_
      .Execute(sql::kRunResultInsert, {{"run_id", result.run_id},
                                       {"customer_id", result.customer_id},
                                       {"vendor_id", vendor_id},
                                       {"outcome", domain::Name(result.outcome)},
                                       {"reason", result.reason},
                                       {"detail", DetailJson(result)},
                                       {"invoice_id", NullIfEmpty(result.invoice_id)},
                                       {"period_start_on", first},
                                       {"period_end_on", last},
                                       {"now", now}})
      .status();
}

absl::StatusOr<domain::RunRecord> Runs::Get(const std::string& id) {
  ASSIGN_OR_RETURN(const std::optional<Row> row, transaction_.QueryRow(sql::kRunGet, {{"id", id}}));
  if (!row) return base::NotFound("run", id);
  return Read(*row);
}

absl::StatusOr<Page<domain::RunRecord>> Runs::List(const RunFilter& filter, const PageRequest& page) {
  const auto mode = filter.mode ? std::optional(std::string(domain::Name(*filter.mode))) : std::nullopt;
  const auto state = filter.state ? std::optional(std::string(domain::Name(*filter.state))) : std::nullopt;
  return ReadPage<domain::RunRecord>(transaction_, sql::kRunList, sql::kRunCount,
                                     {{"vendor_id", NullIfEmpty(filter.vendor_id)}, {"mode", mode}, {"state", state}},
                                     page, Read);
}

absl::StatusOr<Page<domain::RunResult>> Runs::ListResults(const std::string& run_id,
                                                          std::optional<domain::RunOutcome> outcome,
                                                          const PageRequest& page) {
  const auto name = outcome ? std::optional(std::string(domain::Name(*outcome))) : std::nullopt;
  return ReadPage<domain::RunResult>(transaction_, sql::kRunResultList, sql::kRunResultCount,
                                     {{"run_id", run_id}, {"outcome", name}}, page, ReadResult);
}

}  // namespace invoice::store
