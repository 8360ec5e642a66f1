#include "store/period_decisions.h"

#include "base/json.h"
#include "base/status.h"
#include "domain/calendar.h"
#include "store/copy_rows.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

using Json = nlohmann::json;

domain::PeriodDecision ReadPeriodDecision(const Row& row) {
  domain::PeriodDecision decision;
  decision.customer_id = row.Text("customer_id");
  decision.period = {row.Day("period_start_on"), row.Day("period_end_on")};
  if (const auto first = row.OptionalDay("whole_start_on")) decision.whole = {*first, row.Day("whole_end_on")};
  decision.due_date = row.Day("due_on");
  decision.state = domain::ParsePeriodDecisionState(row.Text("state")).value();
  decision.reason = row.Text("reason");
  decision.message = row.Text("message");
  decision.run_id = row.OptionalText("run_id").value_or("");
  decision.decided_by = row.Text("decided_by");
  decision.decided_at = row.Time("decided_at");
  return decision;
}

std::vector<domain::PeriodDecision> ReadPeriodDecisions(const Rows& rows) {
  std::vector<domain::PeriodDecision> decisions;
  decisions.reserve(rows.size());
  for (const Row& row : rows) decisions.push_back(ReadPeriodDecision(row));
  return decisions;
}

}  // namespace

absl::Status PeriodDecisions::PutAll(const std::vector<domain::PeriodDecision>& decisions, absl::Time now) {
  if (decisions.empty()) return absl::OkStatus();
  Json list = Json::array();
  for (const domain::PeriodDecision& decision : decisions) {
    Json row = {{"customer_id", decision.customer_id},
                {"period_start_on", domain::FormatDate(decision.period.first)},
                {"period_end_on", domain::FormatDate(decision.period.last)},
                {"due_on", domain::FormatDate(decision.due_date)},
                {"state", domain::Name(decision.state)},
                {"reason", decision.reason},
                {"message", decision.message},
                {"decided_by", decision.decided_by}};
    if (!decision.run_id.empty()) row["run_id"] = decision.run_id;
    if (decision.whole) {
      row["whole_start_on"] = domain::FormatDate(decision.whole->first);
      row["whole_end_on"] = domain::FormatDate(decision.whole->last);
    }
    list.push_back(std::move(row));
  }
  return transaction_.Execute(sql::kPeriodDecisionPutAll, {{"decisions", list.dump()}, {"now", now}}).status();
}

absl::Status PeriodDecisions::RemoveAll(const std::vector<std::pair<std::string, absl::CivilDay>>& periods) {
  if (periods.empty()) return absl::OkStatus();
  std::vector<std::string> customers;
  std::vector<absl::CivilDay> firsts;
  for (const auto& [customer, first] : periods) {
    customers.push_back(customer);
    firsts.push_back(first);
  }
  return transaction_
      .Execute(sql::kPeriodDecisionRemoveAll, {{"customer_ids", ArrayText(customers)}, {"firsts", ArrayText(firsts)}})
      .status();
}

absl::StatusOr<std::vector<domain::PeriodDecision>> PeriodDecisions::Find(const std::string& customer_id,
                                                                          const domain::Period& days) {
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(sql::kPeriodDecisionList,
                                      {{"customer_id", customer_id}, {"first", days.first}, {"last", days.last}}));
  return ReadPeriodDecisions(rows);
}

absl::StatusOr<Page<HeldPeriod>> PeriodDecisions::ListHeld(const std::string& vendor_id, const PageRequest& page) {
  return ReadPage<HeldPeriod>(transaction_, sql::kPeriodDecisionHeldList, sql::kPeriodDecisionHeldCount,
                              {{"vendor_id", NullIfEmpty(vendor_id)}}, page, [](const Row& row) {
                                return HeldPeriod{.decision = ReadPeriodDecision(row),
                                                  .customer_name = row.Text("customer_name")};
                              });
}

absl::StatusOr<std::vector<domain::PeriodDecision>> PeriodDecisions::TakeReopened(int limit) {
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kPeriodDecisionReopened, {{"limit", limit}}));
  return ReadPeriodDecisions(rows);
}

absl::Status PeriodDecisions::HoldRest(const std::string& run_id, const std::string& message,
                                       const std::string& decided_by, absl::Time now) {
  return transaction_
      .Execute(sql::kPeriodDecisionStopRun,
               {{"run_id", run_id}, {"message", message}, {"decided_by", decided_by}, {"now", now}})
      .status();
}

absl::Status PeriodDecisions::LetRestGo(const std::string& run_id) {
  return transaction_.Execute(sql::kPeriodDecisionResumeRun, {{"run_id", run_id}}).status();
}

}  // namespace invoice::store
