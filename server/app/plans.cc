#include "app/plans.h"

#include <algorithm>

#include "app/once.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/secret.h"
#include "base/status.h"
#include "domain/calendar.h"
#include "domain/recipients.h"
#include "fmt/format.h"

namespace invoice::app {
namespace {

using domain::PlanItem;
using domain::PlanRecord;

// The customers that were chosen, in whatever order they were named.
std::vector<std::string> Chosen(std::vector<std::string> customer_ids) {
  std::sort(customer_ids.begin(), customer_ids.end());
  return customer_ids;
}

PlanRecord RecordOf(const Core& core, const BatchScope& scope) {
  PlanRecord plan;
  plan.id = base::NewId(core.clock);
  plan.mode = scope.mode;
  plan.run_date = scope.run_date;
  plan.send_email = scope.send_email;
  plan.vendor_id = scope.customers.vendor_id;
  plan.customer_ids = Chosen(scope.customers.customer_ids);
  plan.created_at = core.clock.Now();
  plan.expires_at = plan.created_at + base::kRunPlanKeep;
  return plan;
}

// What the hash says beside the items: a plan for another date, for others or with other sending is another plan.
std::string Header(const PlanRecord& plan) {
  const std::string_view sending = !plan.send_email ? "as scheduled" : *plan.send_email ? "send" : "keep";
  std::string header =
      fmt::format("{} {} {} {}\n", domain::Name(plan.mode), domain::FormatDate(plan.run_date), plan.vendor_id, sending);
  for (const std::string& id : plan.customer_ids) header += id + "\n";
  return header;
}

void Count(const PlanItem& item, PlanRecord& plan) {
  switch (item.outcome) {
    case domain::RunOutcome::kInvoiced:
      ++plan.invoiced_count;
      domain::AddTotal(plan.totals, item.currency_code, item.total_minor.value_or(0));
      break;
    case domain::RunOutcome::kSkipped:
      ++plan.skipped_count;
      break;
    case domain::RunOutcome::kHeld:
      ++plan.held_count;
      break;
    case domain::RunOutcome::kFailed:
      ++plan.failed_count;
      break;
  }
}

int EmailsOf(const BillingCase& billing_case, const PlanItem& item) {
  if (!item.send_email || !billing_case.input.customer->schedule.auto_issue) return 0;
  return static_cast<int>(domain::RecipientsOf(*billing_case.input.vendor, *billing_case.input.customer).size());
}

absl::StatusOr<std::vector<PlanItem>> ItemsOf(store::Transaction& transaction, BillingBatch& batch, PlanRecord& plan) {
  std::vector<store::PeriodQuestion> billed;
  for (const BillingCase& billing_case : batch.cases) {
    if (billing_case.decision.draft) billed.push_back({billing_case.input.customer->id, *billing_case.decision.period});
  }
  ASSIGN_OR_RETURN(const auto previous, store::Plans(transaction).FindPrevious(billed));
  std::vector<PlanItem> items;
  items.reserve(batch.cases.size());
  for (const BillingCase& billing_case : batch.cases) {
    PlanItem item = domain::ItemOf(billing_case.input, billing_case.decision, billing_case.send_email);
    const auto before = previous.find(item.customer_id);
    const auto last = before == previous.end() ? std::nullopt : std::optional(before->second);
    if (last && last->currency_code == item.currency_code) item.previous_total_minor = last->total_minor;
    item.differences = domain::DifferencesFrom(last, item, billing_case.decision);
    item.digest = PlanDigest(billing_case.input, item);
    Count(item, plan);
    plan.email_count += EmailsOf(billing_case, item);
    items.push_back(std::move(item));
  }
  return items;
}

bool SameScope(const PlanRecord& plan, const BatchScope& scope) {
  return plan.mode == scope.mode && plan.run_date == scope.run_date && plan.send_email == scope.send_email &&
         plan.vendor_id == scope.customers.vendor_id && plan.customer_ids == Chosen(scope.customers.customer_ids);
}

absl::Status Changed(const std::vector<domain::PlanChange>& changes) {
  std::map<std::string, std::string> metadata;
  std::string names;
  for (const domain::PlanChange& change : changes) {
    metadata[change.customer_id] = fmt::format("{} -> {}", change.before.empty() ? "not in the plan" : change.before,
                                               change.after.empty() ? "not there any more" : change.after);
    names += (names.empty() ? "" : ", ") + change.customer_name;
  }
  return base::Failure(absl::StatusCode::kAborted, base::Reason::kPlanChanged,
                       "the plan is stale, plan again; changed: " + names, std::move(metadata));
}

}  // namespace

std::string PlanDigest(const domain::BillingInput& input, const PlanItem& item) {
  return base::Sha256Hex(domain::PlanText(input, item));
}

// The customers come in the order of their ids, so the hash over the digests is over the sorted rows.
absl::StatusOr<PlanRecord> MakePlan(Core& core, store::Transaction& transaction, const BatchScope& scope) {
  PlanRecord plan = RecordOf(core, scope);
  store::Plans plans(transaction);
  std::string digests = Header(plan);
  std::string after;
  do {
    ASSIGN_OR_RETURN(const CandidatePage page, FindCandidates(transaction, scope, after, base::kPlanBatch));
    after = page.next;
    if (page.customers.empty()) continue;
    std::vector<Candidate> candidates;
    for (const store::RuledCustomer& customer : page.customers) candidates.push_back({customer.customer_id, {}});
    ASSIGN_OR_RETURN(BillingBatch batch, DecideBatch(core, transaction, scope, candidates, /*lock=*/false));
    ASSIGN_OR_RETURN(const std::vector<PlanItem> items, ItemsOf(transaction, batch, plan));
    for (const PlanItem& item : items) digests += item.digest + "\n";
    RETURN_IF_ERROR(plans.InsertItems(plan.id, items));
  } while (!after.empty());
  plan.hash = base::Sha256Hex(digests);
  RETURN_IF_ERROR(plans.Insert(plan));
  return plan;
}

absl::StatusOr<PlanRecord> RenewPlan(Core& core, store::Transaction& transaction, const BatchScope& scope,
                                     const std::string& hash) {
  store::Plans plans(transaction);
  ASSIGN_OR_RETURN(const PlanRecord old, plans.Find(hash, core.clock.Now()));
  if (!SameScope(old, scope)) {
    return base::InvalidField("planHash", "a plan of the same mode, run date, customers, vendor and sending");
  }
  ASSIGN_OR_RETURN(PlanRecord renewed, MakePlan(core, transaction, scope));
  if (renewed.hash == hash) return renewed;
  ASSIGN_OR_RETURN(const auto changes, plans.Changes(old.id, renewed.id, base::kMaxPlanChanges));
  return Changed(changes);
}

absl::StatusOr<Outcome<PlanRecord>> Plans::Plan(const Call& call, const BatchScope& scope,
                                                const Encode<PlanRecord>& encode) {
  return Once<PlanRecord>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<PlanRecord> {
    RETURN_IF_ERROR(CheckScope(core_, transaction, scope));
    return MakePlan(core_, transaction, scope);
  });
}

absl::StatusOr<store::Page<PlanItem>> Plans::ListItems(const std::string& hash,
                                                       std::optional<domain::RunOutcome> outcome,
                                                       const store::PageRequest& page) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  store::Plans plans(transaction);
  ASSIGN_OR_RETURN(const PlanRecord plan, plans.Find(hash, core_.clock.Now()));
  return plans.ListItems(plan.id, outcome, page);
}

}  // namespace invoice::app
