#include "store/billing_facts.h"

#include <map>

#include "base/json.h"
#include "base/status.h"
#include "domain/calendar.h"
#include "store/copy_rows.h"
#include "store/json.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

using Json = nlohmann::json;

absl::CivilDay DayOf(const Json& json) { return domain::ParseDate(json.get<std::string>()).value(); }

std::vector<domain::ClaimedDays> ReadClaims(const Row& row) {
  std::vector<domain::ClaimedDays> claims;
  if (row.IsNull("claims")) return claims;
  const Json list = Json::parse(row.Text("claims"));
  for (const Json& claim : list) {
    claims.push_back({.invoice_id = claim.at("invoiceId"),
                      .number = claim.at("number"),
                      .days = {DayOf(claim.at("first")), DayOf(claim.at("last"))}});
  }
  return claims;
}

std::vector<domain::Timesheet> ReadTimesheets(const Row& row, const std::string& customer_id) {
  std::vector<domain::Timesheet> timesheets;
  if (row.IsNull("timesheets")) return timesheets;
  const Json list = Json::parse(row.Text("timesheets"));
  for (const Json& one : list) {
    domain::Timesheet& timesheet = timesheets.emplace_back();
    timesheet.customer_id = customer_id;
    timesheet.period = {DayOf(one.at("first")), DayOf(one.at("last"))};
    timesheet.hours = domain::Quantity::Parse(one.at("hours").get<std::string>()).value();
    timesheet.currency_code = one.at("currency");
    timesheet.expenses = ExpensesFromJson(one.at("expenses").dump());
    timesheet.notes = one.at("notes");
    timesheet.version = one.at("version");
    timesheet.updated_at = absl::FromUnixMicros(one.at("updatedMicros").get<int64_t>());
  }
  return timesheets;
}

std::vector<domain::PeriodDecision> ReadDecisions(const Row& row, const std::string& customer_id) {
  std::vector<domain::PeriodDecision> decisions;
  if (row.IsNull("decisions")) return decisions;
  const Json list = Json::parse(row.Text("decisions"));
  for (const Json& one : list) {
    domain::PeriodDecision& decision = decisions.emplace_back();
    decision.customer_id = customer_id;
    decision.period = {DayOf(one.at("first")), DayOf(one.at("last"))};
    if (!one.at("wholeFirst").is_null()) decision.whole = {DayOf(one.at("wholeFirst")), DayOf(one.at("wholeLast"))};
    decision.due_date = DayOf(one.at("due"));
    decision.state = domain::ParsePeriodDecisionState(one.at("state").get<std::string>()).value();
    decision.reason = one.at("reason");
    decision.message = one.at("message");
    decision.run_id = one.at("runId").is_null() ? "" : one.at("runId").get<std::string>();
    decision.decided_by = one.at("decidedBy");
    decision.decided_at = absl::FromUnixMicros(one.at("decidedMicros").get<int64_t>());
  }
  return decisions;
}

}  // namespace

absl::StatusOr<std::vector<domain::BillingFacts>> FindBillingFacts(Transaction& transaction,
                                                                   const std::vector<PeriodQuestion>& questions) {
  std::vector<std::string> customers;
  std::vector<absl::CivilDay> firsts;
  std::vector<absl::CivilDay> lasts;
  std::map<std::string_view, size_t> places;
  for (const PeriodQuestion& question : questions) {
    places[question.customer_id] = customers.size();
    customers.push_back(question.customer_id);
    firsts.push_back(question.period.first);
    lasts.push_back(question.period.last);
  }
  ASSIGN_OR_RETURN(const Rows rows, transaction.Query(sql::kBillingFacts, {{"customer_ids", ArrayText(customers)},
                                                                           {"firsts", ArrayText(firsts)},
                                                                           {"lasts", ArrayText(lasts)}}));
  std::vector<domain::BillingFacts> facts(questions.size());
  for (const Row& row : rows) {
    const size_t place = places.at(row.Text("customer_id"));
    facts[place].claims = ReadClaims(row);
    facts[place].decisions = ReadDecisions(row, questions[place].customer_id);
    facts[place].timesheets = ReadTimesheets(row, questions[place].customer_id);
  }
  return facts;
}

}  // namespace invoice::store
