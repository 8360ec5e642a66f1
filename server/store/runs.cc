#include "store/runs.h"

#include <algorithm>

#include "base/json.h"
#include "base/status.h"
#include "domain/calendar.h"
#include "store/copy_rows.h"
#include "store/json.h"
#include "store/run_json.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

using Json = nlohmann::json;

// An array column as JSON; NULL is an empty list.
std::vector<std::string> ReadTexts(const Row& row, std::string_view column) {
  return row.IsNull(column) ? std::vector<std::string>() : TextsFromJson(row.Text(column));
}

domain::RunRecord ReadRun(const Row& row) {
  domain::RunRecord run;
  run.id = row.Text("id");
  run.vendor_id = row.OptionalText("vendor_id").value_or("");
  run.mode = domain::Parse<domain::RunMode>(row.Text("mode")).value();
  run.state = domain::ParseRunState(row.Text("state")).value();
  run.run_date = row.Day("run_on");
  if (!row.IsNull("send_email")) run.send_email = row.Bool("send_email");
  run.requested_by = row.Text("requested_by");
  run.customer_ids = ReadTexts(row, "customer_ids");
  run.plan_id = row.OptionalText("plan_id").value_or("");
  run.plan_hash = row.OptionalText("plan_hash").value_or("");
  run.problem = row.Text("problem");
  run.complete = row.Bool("complete");
  run.total_count = static_cast<int>(row.Int("total_count"));
  run.invoiced_count = static_cast<int>(row.Int("invoiced_count"));
  run.skipped_count = static_cast<int>(row.Int("skipped_count"));
  run.held_count = static_cast<int>(row.Int("held_count"));
  run.failed_count = static_cast<int>(row.Int("failed_count"));
  run.totals = RunTotalsFromJson(row.Text("totals"));
  run.created_at = row.Time("created_at");
  run.finished_at = row.OptionalTime("finished_at");
  run.version = row.Int("version");
  return run;
}

std::vector<domain::Period> ReadPeriods(const std::string& text) {
  std::vector<domain::Period> periods;
  const Json list = Json::parse(text);
  for (const Json& period : list) {
    periods.push_back({domain::ParseDate(period.at("first").get<std::string>()).value(),
                       domain::ParseDate(period.at("last").get<std::string>()).value()});
  }
  return periods;
}

std::string PeriodsJson(const std::vector<domain::Period>& periods) {
  Json list = Json::array();
  for (const domain::Period& period : periods) {
    list.push_back({{"first", domain::FormatDate(period.first)}, {"last", domain::FormatDate(period.last)}});
  }
  return list.dump();
}

domain::RunResult ReadResult(const Row& row) {
  domain::RunResult result;
  result.run_id = row.Text("run_id");
  result.customer_id = row.Text("customer_id");
  result.vendor_id = row.Text("vendor_id");
  result.customer_name = row.Text("customer_name");
  result.outcome = domain::ParseRunOutcome(row.Text("outcome")).value();
  result.reason = row.Text("reason");
  result.message = row.Text("message");
  const Json detail = Json::parse(row.Text("detail"));
  for (const auto& [key, value] : detail.items()) {
    result.values.emplace_back(key, value.get<std::string>());
  }
  result.uncovered = ReadPeriods(row.Text("uncovered"));
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

absl::StatusOr<domain::RunRecord> OneRun(absl::StatusOr<std::optional<Row>> row, const std::string& id) {
  if (!row.ok()) return row.status();
  if (!*row) return base::NotFound("run", id);
  return ReadRun(**row);
}

// The first or last days of the periods; none where nothing was handed over.
std::optional<std::string> DaysOf(const domain::RunChunk& chunk, absl::CivilDay domain::Period::*day) {
  if (chunk.periods.empty()) return std::nullopt;
  std::vector<std::optional<absl::CivilDay>> days;
  for (const std::optional<domain::Period>& period : chunk.periods) {
    days.push_back(period ? std::optional((*period).*day) : std::nullopt);
  }
  return ArrayText(days);
}

std::vector<std::optional<domain::Period>> ReadHanded(const Row& row) {
  std::vector<std::optional<domain::Period>> periods;
  if (row.IsNull("period_starts_on")) return periods;
  const Json firsts = Json::parse(row.Text("period_starts_on"));
  const Json lasts = Json::parse(row.Text("period_ends_on"));
  for (size_t i = 0; i < firsts.size(); ++i) {
    if (firsts[i].is_null()) {
      periods.emplace_back();
    } else {
      periods.push_back(domain::Period{domain::ParseDate(firsts[i].get<std::string>()).value(),
                                       domain::ParseDate(lasts[i].get<std::string>()).value()});
    }
  }
  return periods;
}

absl::StatusOr<domain::RunChunk> ReadChunk(absl::StatusOr<std::optional<Row>> found, const std::string& id) {
  ASSIGN_OR_RETURN(const std::optional<Row> row, std::move(found));
  if (!row) return base::NotFound("run chunk", id);
  domain::RunChunk chunk;
  chunk.id = row->Text("id");
  chunk.run_id = row->Text("run_id");
  chunk.number = static_cast<int>(row->Int("chunk_no"));
  chunk.customer_ids = ReadTexts(*row, "customer_ids");
  chunk.periods = ReadHanded(*row);
  chunk.state = domain::ParseRunChunkState(row->Text("state")).value();
  chunk.invoiced_count = static_cast<int>(row->Int("invoiced_count"));
  chunk.skipped_count = static_cast<int>(row->Int("skipped_count"));
  chunk.held_count = static_cast<int>(row->Int("held_count"));
  chunk.failed_count = static_cast<int>(row->Int("failed_count"));
  chunk.totals = RunTotalsFromJson(row->Text("totals"));
  chunk.problem = row->Text("problem");
  return chunk;
}

}  // namespace

absl::Status Runs::Insert(const domain::RunRecord& run, absl::Time now) {
  const auto customers = run.customer_ids.empty() ? std::nullopt : std::optional(ArrayText(run.customer_ids));
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
                                 {"totals", RunTotalsToJson(run.totals)},
                                 {"customer_ids", customers},
                                 {"plan_id", NullIfEmpty(run.plan_id)},
                                 {"plan_hash", NullIfEmpty(run.plan_hash)},
                                 {"finished_at", run.finished_at},
                                 {"now", now}})
      .status();
}

absl::Status Runs::InsertResults(const std::vector<domain::RunResult>& results, absl::Time now) {
  CopyRows rows;
  for (const domain::RunResult& result : results) {
    const auto first = result.period ? std::optional(result.period->first) : std::nullopt;
    const auto last = result.period ? std::optional(result.period->last) : std::nullopt;
    rows.Add({result.run_id, result.customer_id, result.vendor_id, domain::Name(result.outcome), result.reason,
              result.message, DetailJson(result), PeriodsJson(result.uncovered), NullIfEmpty(result.invoice_id), first,
              last, now});
  }
  return transaction_.Copy(sql::kRunResultCopy, rows.text());
}

absl::StatusOr<domain::RunRecord> Runs::Get(const std::string& id) {
  return OneRun(transaction_.QueryRow(sql::kRunGet, {{"id", id}}), id);
}

absl::StatusOr<domain::RunRecord> Runs::Lock(const std::string& id) {
  RETURN_IF_ERROR(transaction_.EnterGate("run " + id));
  return OneRun(transaction_.QueryRow(sql::kRunLock, {{"id", id}}), id);
}

absl::StatusOr<domain::RunRecord> Runs::LockToAdd(const std::string& id) {
  RETURN_IF_ERROR(transaction_.EnterGate("run " + id));
  return OneRun(transaction_.QueryRow(sql::kRunLockToAdd, {{"id", id}}), id);
}

absl::StatusOr<domain::RunRecord> Runs::Share(const std::string& id) {
  return OneRun(transaction_.QueryRow(sql::kRunShare, {{"id", id}}), id);
}

absl::Status Runs::Begin(const std::string& id, int count, bool complete) {
  return transaction_.Execute(sql::kRunBegin, {{"id", id}, {"count", count}, {"complete", complete}}).status();
}

absl::Status Runs::SetState(const std::string& id, domain::RunState state, const std::string& problem,
                            std::optional<absl::Time> finished_at) {
  return transaction_
      .Execute(sql::kRunSetState,
               {{"id", id}, {"state", domain::Name(state)}, {"problem", problem}, {"finished_at", finished_at}})
      .status();
}

absl::StatusOr<bool> Runs::Finish(const std::string& id, absl::Time now) {
  ASSIGN_OR_RETURN(const int64_t finished, transaction_.Execute(sql::kRunFinish, {{"id", id}, {"now", now}}));
  return finished == 1;
}

absl::Status Runs::InsertChunks(const std::vector<domain::RunChunk>& chunks) {
  CopyRows rows;
  for (const domain::RunChunk& chunk : chunks) {
    rows.Add({chunk.id, chunk.run_id, chunk.number, ArrayText(chunk.customer_ids),
              DaysOf(chunk, &domain::Period::first), DaysOf(chunk, &domain::Period::last), domain::Name(chunk.state)});
  }
  return transaction_.Copy(sql::kRunChunkCopy, rows.text());
}

absl::StatusOr<bool> Runs::HasOpenChunks(const std::string& run_id) {
  ASSIGN_OR_RETURN(const std::optional<Row> row, transaction_.QueryRow(sql::kRunChunkOpen, {{"run_id", run_id}}));
  return row->Bool("open");
}

absl::StatusOr<int> Runs::CountChunks(const std::string& run_id) {
  ASSIGN_OR_RETURN(const std::optional<Row> row, transaction_.QueryRow(sql::kRunChunkCount, {{"run_id", run_id}}));
  return static_cast<int>(row->Int("count"));
}

absl::StatusOr<std::string> Runs::LastChunkedCustomer(const std::string& run_id) {
  ASSIGN_OR_RETURN(const std::optional<Row> row,
                   transaction_.QueryRow(sql::kRunChunkLastCustomer, {{"run_id", run_id}}));
  return row ? row->Text("customer_id") : "";
}

absl::StatusOr<domain::RunStats> Runs::Stats(const std::string& vendor_id, absl::CivilDay from, absl::CivilDay to) {
  const Params span = {{"vendor_id", NullIfEmpty(vendor_id)}, {"from_on", from}, {"to_on", to}};
  domain::RunStats stats;
  ASSIGN_OR_RETURN(const Rows states, transaction_.Query(sql::kRunStatsStates, span));
  for (const Row& row : states) {
    stats.states.emplace_back(domain::ParseRunState(row.Text("state")).value(), static_cast<int>(row.Int("count")));
    stats.invoiced_count += static_cast<int>(row.Int("invoiced_count"));
    stats.skipped_count += static_cast<int>(row.Int("skipped_count"));
    stats.held_count += static_cast<int>(row.Int("held_count"));
    stats.failed_count += static_cast<int>(row.Int("failed_count"));
  }
  ASSIGN_OR_RETURN(const Rows totals, transaction_.Query(sql::kRunStatsTotals, span));
  for (const Row& row : totals) {
    stats.totals.push_back({.currency_code = row.Text("currency_code"),
                            .count = static_cast<int>(row.Int("count")),
                            .total_minor = row.Int("total_minor")});
  }
  return stats;
}

absl::StatusOr<std::string> Runs::RunOfChunk(const std::string& id) {
  ASSIGN_OR_RETURN(const std::optional<Row> row, transaction_.QueryRow(sql::kRunOfChunk, {{"id", id}}));
  if (!row) return base::NotFound("run chunk", id);
  return row->Text("run_id");
}

absl::StatusOr<domain::RunChunk> Runs::GetChunk(const std::string& id) {
  return ReadChunk(transaction_.QueryRow(sql::kRunChunkGet, {{"id", id}}), id);
}

absl::StatusOr<domain::RunChunk> Runs::LockChunk(const std::string& id) {
  return ReadChunk(transaction_.QueryRow(sql::kRunChunkLock, {{"id", id}}), id);
}

absl::Status Runs::UpdateChunk(const domain::RunChunk& chunk) {
  return transaction_
      .Execute(sql::kRunChunkUpdate, {{"id", chunk.id},
                                      {"state", domain::Name(chunk.state)},
                                      {"invoiced_count", chunk.invoiced_count},
                                      {"skipped_count", chunk.skipped_count},
                                      {"held_count", chunk.held_count},
                                      {"failed_count", chunk.failed_count},
                                      {"totals", RunTotalsToJson(chunk.totals)},
                                      {"problem", chunk.problem}})
      .status();
}

absl::Status Runs::StopChunks(const std::string& run_id) {
  return transaction_.Execute(sql::kRunChunkStop, {{"run_id", run_id}}).status();
}

absl::StatusOr<std::vector<std::string>> Runs::ResumeChunks(const std::string& run_id) {
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kRunChunkResume, {{"run_id", run_id}}));
  std::vector<std::string> ids;
  for (const Row& row : rows) ids.push_back(row.Text("id"));
  std::sort(ids.begin(), ids.end());  // in the order of their making
  return ids;
}

absl::StatusOr<std::set<std::string>> Runs::FindDone(const std::string& run_id,
                                                     const std::vector<std::string>& customer_ids) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      transaction_.Query(sql::kRunResultDone, {{"run_id", run_id}, {"customer_ids", ArrayText(customer_ids)}}));
  std::set<std::string> done;
  for (const Row& row : rows) done.insert(row.Text("customer_id"));
  return done;
}

absl::StatusOr<std::vector<domain::RunResult>> Runs::FindResults(const std::string& customer_id,
                                                                 const domain::Period& period) {
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kRunResultOfCustomer, {{"customer_id", customer_id},
                                                                                   {"first", period.first},
                                                                                   {"last", period.last},
                                                                                   {"limit", base::kMaxDecisions}}));
  std::vector<domain::RunResult> results;
  for (const Row& row : rows) results.push_back(ReadResult(row));
  return results;
}

absl::StatusOr<Page<domain::RunRecord>> Runs::List(const RunFilter& filter, const PageRequest& page) {
  const auto mode = filter.mode ? std::optional(std::string(domain::Name(*filter.mode))) : std::nullopt;
  const auto state = filter.state ? std::optional(std::string(domain::Name(*filter.state))) : std::nullopt;
  return ReadPage<domain::RunRecord>(transaction_, sql::kRunList, sql::kRunCount,
                                     {{"vendor_id", NullIfEmpty(filter.vendor_id)}, {"mode", mode}, {"state", state}},
                                     page, ReadRun);
}

absl::StatusOr<Page<domain::RunResult>> Runs::ListResults(const std::string& run_id,
                                                          std::optional<domain::RunOutcome> outcome,
                                                          const PageRequest& page) {
  const auto name = outcome ? std::optional(std::string(domain::Name(*outcome))) : std::nullopt;
  return ReadPage<domain::RunResult>(transaction_, sql::kRunResultList, sql::kRunResultCount,
                                     {{"run_id", run_id}, {"outcome", name}}, page, ReadResult);
}

}  // namespace invoice::store
