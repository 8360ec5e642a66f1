#include "app/plans.h"

#include <algorithm>
#include <map>
#include <set>

#include "app/number_checks.h"
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

PlanRecord PlanRecordOf(const Core& core, const BatchScope& scope) {
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

void CountItem(const PlanItem& item, PlanRecord& plan) {
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

bool SendsEmail(const BillingCase& billing_case, const PlanItem& item) {
  return item.send_email && billing_case.input.customer->schedule.auto_issue;
}

int EmailCountOf(const BillingCase& billing_case, const PlanItem& item) {
  if (!SendsEmail(billing_case, item)) return 0;
  return static_cast<int>(domain::RecipientsOf(*billing_case.input.vendor, *billing_case.input.customer).size());
}

// By what email of the vendor is made and sent, as the digest has it.
std::string TextOfSetup(const Core& core, const domain::MailSetup& setup) {
  std::string text = fmt::format("template {} ", setup.template_version);
  if (!setup.smtp_id.empty()) return text + fmt::format("smtp {} {}", setup.smtp_id, setup.smtp_version);
  const std::optional<MailRoute>& environment = core.mail_routes.environment();
  if (!environment) return text + "smtp none";
  return text + fmt::format("smtp {}:{} {}", environment->smtp.host, environment->smtp.port, environment->from_address);
}

// What is added to an item for a person to compare, and to the sums of the plan.
absl::Status Compare(store::Transaction& transaction, const BillingBatch& batch, std::vector<PlanItem>& items,
                     PlanRecord& plan) {
  std::vector<store::PeriodQuestion> billed;
  for (const BillingCase& billing_case : batch.cases) {
    if (billing_case.decision.draft) billed.push_back({billing_case.input.customer->id, *billing_case.decision.period});
  }
  ASSIGN_OR_RETURN(const auto previous, store::Plans(transaction).FindPrevious(billed));
  for (size_t i = 0; i < items.size(); ++i) {
    const BillingCase& billing_case = batch.cases[i];
    PlanItem& item = items[i];
    const auto before = previous.find(item.customer_id);
    const auto last = before == previous.end() ? std::nullopt : std::optional(before->second);
    if (last && last->currency_code == item.currency_code) item.previous_total_minor = last->total_minor;
    item.differences = domain::DifferencesFrom(last, item, billing_case.decision);
    CountItem(item, plan);
    plan.email_count += EmailCountOf(billing_case, item);
  }
  return absl::OkStatus();
}

bool SameScope(const PlanRecord& plan, const BatchScope& scope) {
  return plan.mode == scope.mode && plan.run_date == scope.run_date && plan.send_email == scope.send_email &&
         plan.vendor_id == scope.customers.vendor_id && plan.customer_ids == Chosen(scope.customers.customer_ids);
}

absl::Status Changed(const std::vector<domain::PlanChange>& changes) {
  std::map<std::string, std::string> metadata;
  std::string names;
  for (const domain::PlanChange& change : changes) {
    const std::string_view before = change.before.empty() ? "not in the plan" : std::string_view(change.before);
    const std::string_view after = change.after.empty() ? "not there any more" : std::string_view(change.after);
    metadata[change.customer_id] = before == after
                                       ? fmt::format("{}, with other contents, recipients, texts or sender", before)
                                       : fmt::format("{} -> {}", before, after);
    names += (names.empty() ? "" : ", ") + change.customer_name;
  }
  return base::Failure(absl::StatusCode::kAborted, base::Reason::kPlanChanged,
                       "the plan is stale, plan again; changed: " + names, std::move(metadata));
}

}  // namespace

absl::StatusOr<std::vector<PlanItem>> PlanItemsOf(const Core& core, store::Transaction& transaction,
                                                  const BillingBatch& batch) {
  std::vector<PlanItem> items;
  items.reserve(batch.cases.size());
  std::set<std::string> senders;
  for (const BillingCase& billing_case : batch.cases) {
    items.push_back(domain::ItemOf(billing_case.input, billing_case.decision, billing_case.send_email));
    if (SendsEmail(billing_case, items.back())) senders.insert(items.back().vendor_id);
  }
  std::map<std::string, std::string> mails;
  if (!senders.empty()) {
    ASSIGN_OR_RETURN(const auto setups, store::Plans(transaction).MailSetups({senders.begin(), senders.end()}));
    for (const auto& [vendor_id, setup] : setups) mails[vendor_id] = TextOfSetup(core, setup);
  }
  for (size_t i = 0; i < items.size(); ++i) {
    const bool sends = SendsEmail(batch.cases[i], items[i]);
    items[i].digest =
        base::Sha256Hex(domain::PlanText(batch.cases[i].input, items[i], sends ? mails.at(items[i].vendor_id) : ""));
  }
  return items;
}

// The customers come in the order of their ids, so the hash over the digests is over the sorted rows.
absl::StatusOr<PlanRecord> MakePlan(Core& core, store::Transaction& transaction, const BatchScope& scope,
                                    TextChecks& checks) {
  PlanRecord plan = PlanRecordOf(core, scope);
  store::Plans plans(transaction);
  std::string digests = Header(plan);
  NumberChecks numbers;
  std::string after;
  absl::Status put_off;
  do {
    ASSIGN_OR_RETURN(const CandidatePage page, FindCandidates(transaction, scope, after, base::kPlanBatch));
    after = page.next;
    if (page.customers.empty()) continue;
    std::vector<Candidate> candidates;
    for (const store::RuledCustomer& customer : page.customers) candidates.push_back({customer.customer_id, {}});
    ASSIGN_OR_RETURN(BillingBatch batch, DecideBatch(core, transaction, scope, candidates, /*lock=*/false, checks));
    put_off.Update(PutOff(batch));
    if (!put_off.ok()) continue;  // only to know what else is to be laid out
    RETURN_IF_ERROR(numbers.Refuse(transaction, batch));
    ASSIGN_OR_RETURN(std::vector<PlanItem> items, PlanItemsOf(core, transaction, batch));
    RETURN_IF_ERROR(Compare(transaction, batch, items, plan));
    for (const PlanItem& item : items) digests += item.digest + "\n";
    RETURN_IF_ERROR(plans.InsertItems(plan.id, items));
  } while (!after.empty());
  RETURN_IF_ERROR(put_off);
  plan.hash = base::Sha256Hex(digests);
  RETURN_IF_ERROR(plans.Insert(plan));
  return plan;
}

absl::StatusOr<PlanRecord> RenewPlan(Core& core, store::Transaction& transaction, const BatchScope& scope,
                                     const std::string& hash, TextChecks& checks) {
  store::Plans plans(transaction);
  ASSIGN_OR_RETURN(const PlanRecord old, plans.Find(hash, core.clock.Now()));
  if (!SameScope(old, scope)) {
    return base::InvalidField("planHash", "a plan of the same mode, run date, customers, vendor and sending");
  }
  ASSIGN_OR_RETURN(PlanRecord renewed, MakePlan(core, transaction, scope, checks));
  if (renewed.hash == hash) return renewed;
  ASSIGN_OR_RETURN(const auto changes, plans.Changes(old.id, renewed.id, base::kMaxPlanChanges));
  return Changed(changes);
}

absl::StatusOr<Outcome<PlanRecord>> Plans::Plan(const Call& call, const BatchScope& scope,
                                                const Encode<PlanRecord>& encode) {
  const auto body = [&](store::Transaction& transaction, TextChecks& checks) -> absl::StatusOr<PlanRecord> {
    RETURN_IF_ERROR(CheckScope(core_, transaction, scope));
    return MakePlan(core_, transaction, scope, checks);
  };
  return OnceChecked<PlanRecord>(core_, call, encode, body);
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
