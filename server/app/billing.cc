#include "app/billing.h"

#include <algorithm>
#include <map>
#include <set>

#include "app/back_dating.h"
#include "app/today.h"
#include "base/limits.h"
#include "base/status.h"
#include "domain/calendar.h"
#include "fmt/format.h"
#include "locale/locale.h"
#include "store/billing_facts.h"
#include "store/customers.h"
#include "store/vendors.h"

namespace invoice::app {
namespace {

// Before the first id there is.
constexpr char kNoId[] = "00000000-0000-0000-0000-000000000000";

absl::Status ReadParties(store::Transaction& transaction, const std::vector<std::string>& ids, bool lock,
                         BillingBatch& batch) {
  store::Customers customers(transaction);
  ASSIGN_OR_RETURN(batch.customers, customers.GetAll(ids));
  std::set<std::string> vendor_ids;
  for (const domain::Customer& customer : batch.customers) vendor_ids.insert(customer.vendor_id);
  ASSIGN_OR_RETURN(batch.vendors, store::Vendors(transaction).GetAll({vendor_ids.begin(), vendor_ids.end()}, lock));
  return absl::OkStatus();
}

absl::Status FillInputs(Core& core, const BatchScope& scope, const std::map<std::string, const Candidate*>& candidates,
                        BillingBatch& batch) {
  std::map<std::string_view, const domain::Vendor*> vendors;
  for (const domain::Vendor& vendor : batch.vendors) vendors[vendor.id] = &vendor;
  std::map<std::string, absl::CivilDay> todays;  // by time zone
  batch.cases.reserve(batch.customers.size());
  for (const domain::Customer& customer : batch.customers) {
    auto today = todays.find(customer.schedule.time_zone);
    if (today == todays.end()) {
      ASSIGN_OR_RETURN(const absl::CivilDay day, LocalToday(core, customer.schedule.time_zone));
      today = todays.emplace(customer.schedule.time_zone, day).first;
    }
    BillingCase& added = batch.cases.emplace_back();
    added.input = {.mode = scope.mode,
                   .run_date = scope.run_date,
                   .today = today->second,
                   .handed = candidates.at(customer.id)->handed,
                   .vendor = vendors.at(customer.vendor_id),
                   .customer = &customer,
                   .line_texts = locale::LineTextsFor};
    added.send_email = scope.send_email.value_or(customer.schedule.auto_send_email);
  }
  return absl::OkStatus();
}

absl::Status FillFacts(store::Transaction& transaction, BillingBatch& batch) {
  std::vector<store::PeriodQuestion> questions;
  std::vector<BillingCase*> asked;
  for (BillingCase& billing_case : batch.cases) {
    const std::optional<domain::Period> period = domain::PeriodFor(billing_case.input);
    if (!period) continue;
    questions.push_back({billing_case.input.customer->id, *period});
    asked.push_back(&billing_case);
  }
  if (questions.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<domain::BillingFacts> facts, store::FindBillingFacts(transaction, questions));
  for (size_t i = 0; i < asked.size(); ++i) asked[i]->input.facts = std::move(facts[i]);
  return absl::OkStatus();
}

// What the rules let through may still be refused by what issuing demands.
void DecideCase(TextChecks& checks, BillingCase& billing_case) {
  billing_case.decision = domain::DecideBilling(billing_case.input);
  if (!billing_case.decision.draft) return;
  const IssueInput issue = IssueInputOf(billing_case, "");
  const absl::Status status = CheckIssue(checks, issue);
  billing_case.decision.draft->document = issue.document;
  if (TextChecks::IsPutOff(status)) billing_case.put_off = status;
  if (!status.ok()) billing_case.decision = domain::Refused(std::move(billing_case.decision), status);
}

// Whether what was decided is dated before the newest document of its series: refused where the vendor says so and a
// number would be spent, else said beside what was decided.
absl::Status JudgeDatesOfBatch(store::Transaction& transaction, BillingBatch& batch) {
  std::vector<DatedDocument> documents;
  std::vector<BillingCase*> judged;
  for (BillingCase& billing_case : batch.cases) {
    if (!billing_case.decision.draft) continue;
    const domain::Vendor& vendor = *billing_case.input.vendor;
    const domain::Customer& customer = *billing_case.input.customer;
    const absl::CivilDay date = billing_case.decision.draft->document.invoice_date;
    ASSIGN_OR_RETURN(const domain::NumberPattern pattern, PatternOf(vendor, customer));
    documents.push_back({&vendor, pattern.SeriesKey(customer.contract.invoice_prefix, date), date});
    judged.push_back(&billing_case);
  }
  ASSIGN_OR_RETURN(const auto newer, FindNewer(transaction, documents, /*lock=*/false));
  for (size_t i = 0; i < judged.size(); ++i) {
    if (!newer[i]) continue;
    domain::BillingDecision& decision = judged[i]->decision;
    const domain::BillingInput& input = judged[i]->input;
    if (input.vendor->refuse_back_dating && input.customer->schedule.auto_issue) {
      decision = domain::Refused(std::move(decision), BackDated(*newer[i]));
      continue;
    }
    decision.values.emplace_back("newestDate", domain::FormatDate(newer[i]->date));
    decision.values.emplace_back("newestNumber", newer[i]->number);
    decision.message += (decision.message.empty() ? "" : "; ") + BackDatedWarning(*newer[i]).message;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<BillingBatch> DecideBatch(Core& core, store::Transaction& transaction, const BatchScope& scope,
                                         const std::vector<Candidate>& candidates, bool lock, TextChecks& checks) {
  BillingBatch batch;
  std::map<std::string, const Candidate*> by_id;
  std::vector<std::string> ids;
  for (const Candidate& candidate : candidates) {
    by_id[candidate.customer_id] = &candidate;
    ids.push_back(candidate.customer_id);
  }
  RETURN_IF_ERROR(ReadParties(transaction, ids, lock, batch));
  RETURN_IF_ERROR(FillInputs(core, scope, by_id, batch));
  RETURN_IF_ERROR(FillFacts(transaction, batch));
  for (BillingCase& billing_case : batch.cases) DecideCase(checks, billing_case);
  RETURN_IF_ERROR(JudgeDatesOfBatch(transaction, batch));
  return batch;
}

absl::Status PutOff(const BillingBatch& batch) {
  for (const BillingCase& billing_case : batch.cases) {
    if (!billing_case.put_off.ok()) return billing_case.put_off;
  }
  return absl::OkStatus();
}

IssueInput IssueInputOf(BillingCase& billing_case, const std::string& run_id) {
  return {.vendor = billing_case.input.vendor,
          .customer = billing_case.input.customer,
          .run_id = run_id,
          .mode = billing_case.input.mode,
          .send_email = billing_case.send_email,
          .draft = !billing_case.input.customer->schedule.auto_issue,
          .document = std::move(billing_case.decision.draft->document)};
}

bool IsDueOn(const store::RuledCustomer& customer, absl::CivilDay date) {
  return customer.enabled && (customer.transition_due == date || domain::IsDue(customer.rule, date));
}

absl::StatusOr<CandidatePage> FindCandidates(store::Transaction& transaction, const BatchScope& scope,
                                             const std::string& after, int limit) {
  ASSIGN_OR_RETURN(std::vector<store::RuledCustomer> found,
                   store::DueSchedules(transaction).Rules(scope.customers, after.empty() ? kNoId : after, limit));
  CandidatePage page;
  if (static_cast<int>(found.size()) == limit) page.next = found.back().customer_id;
  const bool chosen = !scope.customers.customer_ids.empty();
  for (store::RuledCustomer& customer : found) {
    // Those left out because their schedule is off are told; those that are not due at all are not.
    const bool due = scope.mode != domain::RunMode::kScheduled || customer.transition_due == scope.run_date ||
                     domain::IsDue(customer.rule, scope.run_date);
    if (chosen || (customer.active && due)) page.customers.push_back(std::move(customer));
  }
  return page;
}

absl::Status CheckScope(Core& core, store::Transaction& transaction, const BatchScope& scope) {
  if (scope.mode != domain::RunMode::kScheduled && scope.mode != domain::RunMode::kGenerateAll) {
    return base::InvalidField("mode", "SCHEDULED or GENERATE_ALL");
  }
  const absl::CivilDay today = absl::ToCivilDay(core.clock.Now(), absl::UTCTimeZone());
  if (scope.run_date > today + base::kMaxRunDateAhead_days) {
    return base::InvalidField("runDate", fmt::format("a date at most {} days ahead", base::kMaxRunDateAhead_days));
  }
  if (!scope.customers.vendor_id.empty()) {
    RETURN_IF_ERROR(store::Vendors(transaction).Get(scope.customers.vendor_id).status());
  }
  const std::vector<std::string>& ids = scope.customers.customer_ids;
  if (ids.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<store::RuledCustomer> found,
                   store::DueSchedules(transaction).Rules(scope.customers, kNoId, base::kMaxRunCustomers));
  std::set<std::string> there;
  for (const store::RuledCustomer& customer : found) there.insert(customer.customer_id);
  std::set<std::string> seen;
  for (size_t i = 0; i < ids.size(); ++i) {
    if (!there.contains(ids[i])) return base::NotFound("customer", ids[i]);
    if (!seen.insert(ids[i]).second) return base::InvalidField(fmt::format("customerIds[{}]", i), "no id twice");
  }
  return absl::OkStatus();
}

}  // namespace invoice::app
