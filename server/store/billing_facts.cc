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

domain::PeriodDecision ReadDecision(const Row& row, const PeriodQuestion& question) {
  domain::PeriodDecision decision;
  decision.customer_id = question.customer_id;
  decision.period = {question.period.first, row.Day("decision_end_on")};
  if (const auto first = row.OptionalDay("decision_whole_start_on")) {
    decision.whole = {*first, row.Day("decision_whole_end_on")};
  }
  decision.due_date = row.Day("decision_due_on");
  decision.state = domain::ParsePeriodDecisionState(row.Text("decision_state")).value();
  decision.reason = row.Text("decision_reason");
  decision.message = row.Text("decision_message");
  decision.run_id = row.OptionalText("decision_run_id").value_or("");
  decision.decided_by = row.Text("decision_by");
  decision.decided_at = row.Time("decision_at");
  return decision;
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
    if (!row.IsNull("decision_state")) facts[place].decision = ReadDecision(row, questions[place]);
    facts[place].timesheets = ReadTimesheets(row, questions[place].customer_id);
  }
  return facts;
}

}  // namespace invoice::store
