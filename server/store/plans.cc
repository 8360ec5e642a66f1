#include "store/plans.h"

#include "base/status.h"
#include "domain/calendar.h"
#include "fmt/format.h"
#include "store/copy_rows.h"
#include "store/json.h"
#include "store/run_json.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

domain::PlanRecord ReadPlan(const Row& row) {
  domain::PlanRecord plan;
  plan.id = row.Text("id");
  plan.hash = row.Text("hash");
  plan.mode = domain::Parse<domain::RunMode>(row.Text("mode")).value();
  plan.run_date = row.Day("run_on");
  if (!row.IsNull("send_email")) plan.send_email = row.Bool("send_email");
  plan.vendor_id = row.OptionalText("vendor_id").value_or("");
  if (!row.IsNull("customer_ids")) plan.customer_ids = TextsFromJson(row.Text("customer_ids"));
  plan.totals = RunTotalsFromJson(row.Text("totals"));
  plan.invoiced_count = static_cast<int>(row.Int("invoiced_count"));
  plan.skipped_count = static_cast<int>(row.Int("skipped_count"));
  plan.held_count = static_cast<int>(row.Int("held_count"));
  plan.failed_count = static_cast<int>(row.Int("failed_count"));
  plan.email_count = static_cast<int>(row.Int("email_count"));
  plan.created_at = row.Time("created_at");
  plan.expires_at = row.Time("expires_at");
  return plan;
}

domain::PlanItem ReadPlanItem(const Row& row) {
  domain::PlanItem item;
  item.customer_id = row.Text("customer_id");
  item.vendor_id = row.Text("vendor_id");
  item.customer_name = row.Text("customer_name");
  item.outcome = domain::ParseRunOutcome(row.Text("outcome")).value();
  item.reason = row.Text("reason");
  item.message = row.Text("message");
  if (!row.IsNull("period_start_on")) item.period = {row.Day("period_start_on"), row.Day("period_end_on")};
  item.hours = row.OptionalDecimal<domain::Quantity>("hours");
  item.currency_code = row.OptionalText("currency_code").value_or("");
  if (!row.IsNull("total_minor")) item.total_minor = row.Int("total_minor");
  if (!row.IsNull("previous_total_minor")) item.previous_total_minor = row.Int("previous_total_minor");
  item.differences = TextsFromJson(row.Text("differences"));
  item.send_email = row.Bool("send_email");
  item.digest = row.Text("digest");
  return item;
}

// One side of a change in words; empty where the customer is not in that plan.
std::string Describe(const Row& row, const std::string& side) {
  if (row.IsNull(side + "_outcome")) return "";
  std::string text = row.Text(side + "_outcome") + " " + row.Text(side + "_reason");
  if (const auto start = row.OptionalText(side + "_start_on")) text += " from " + *start;
  const auto currency = domain::Currency::Find(row.OptionalText(side + "_currency_code").value_or(""));
  if (currency && !row.IsNull(side + "_total_minor")) {
    text += fmt::format(", {} {}", domain::FormatAmount(row.Int(side + "_total_minor"), *currency), currency->code());
  }
  return text;
}

}  // namespace

absl::Status Plans::InsertItems(const std::string& plan_id, const std::vector<domain::PlanItem>& items) {
  CopyRows rows;
  for (const domain::PlanItem& item : items) {
    rows.Add({plan_id, item.customer_id, item.vendor_id, item.customer_name, domain::Name(item.outcome), item.reason,
              item.message, item.period ? std::optional(item.period->first) : std::nullopt,
              item.period ? std::optional(item.period->last) : std::nullopt, item.hours,
              NullIfEmpty(item.currency_code), item.total_minor, item.previous_total_minor, ToJson(item.differences),
              item.send_email, item.digest});
  }
  return transaction_.Copy(sql::kPlanItemCopy, rows.text());
}

absl::Status Plans::Insert(const domain::PlanRecord& plan) {
  const auto customers = plan.customer_ids.empty() ? std::nullopt : std::optional(ArrayText(plan.customer_ids));
  return transaction_
      .Execute(sql::kPlanInsert, {{"id", plan.id},
                                  {"hash", plan.hash},
                                  {"mode", domain::Name(plan.mode)},
                                  {"run_on", plan.run_date},
                                  {"send_email", plan.send_email},
                                  {"vendor_id", NullIfEmpty(plan.vendor_id)},
                                  {"customer_ids", customers},
                                  {"totals", RunTotalsToJson(plan.totals)},
                                  {"invoiced_count", plan.invoiced_count},
                                  {"skipped_count", plan.skipped_count},
                                  {"held_count", plan.held_count},
                                  {"failed_count", plan.failed_count},
                                  {"email_count", plan.email_count},
                                  {"expires_at", plan.expires_at},
                                  {"now", plan.created_at}})
      .status();
}

absl::StatusOr<domain::PlanRecord> Plans::Find(const std::string& hash, absl::Time now) {
  ASSIGN_OR_RETURN(const std::optional<Row> row, transaction_.QueryRow(sql::kPlanFind, {{"hash", hash}, {"now", now}}));
  if (!row) return base::NotFound("plan", hash);
  return ReadPlan(*row);
}

absl::StatusOr<Page<domain::PlanItem>> Plans::ListItems(const std::string& plan_id,
                                                        std::optional<domain::RunOutcome> outcome,
                                                        const PageRequest& page) {
  const auto name = outcome ? std::optional(std::string(domain::Name(*outcome))) : std::nullopt;
  return ReadPage<domain::PlanItem>(transaction_, sql::kPlanItemList, sql::kPlanItemCount,
                                    {{"plan_id", plan_id}, {"outcome", name}}, page, ReadPlanItem);
}

absl::StatusOr<std::map<std::string, std::string>> Plans::Digests(const std::string& plan_id,
                                                                  const std::vector<std::string>& customer_ids) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      transaction_.Query(sql::kPlanItemDigests, {{"plan_id", plan_id}, {"customer_ids", ArrayText(customer_ids)}}));
  std::map<std::string, std::string> digests;
  for (const Row& row : rows) digests[row.Text("customer_id")] = row.Text("digest");
  return digests;
}

absl::StatusOr<std::map<std::string, domain::MailSetup>> Plans::MailSetups(const std::vector<std::string>& vendor_ids) {
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kPlanMailSetups, {{"vendor_ids", ArrayText(vendor_ids)}}));
  std::map<std::string, domain::MailSetup> setups;
  for (const Row& row : rows) {
    domain::MailSetup& setup = setups[row.Text("vendor_id")];
    setup.template_version = row.Int("template_version");
    if (row.IsNull("smtp_id")) continue;
    setup.smtp_id = row.Text("smtp_id");
    setup.smtp_version = row.Int("smtp_version");
  }
  return setups;
}

absl::StatusOr<std::vector<domain::PlanChange>> Plans::Changes(const std::string& old_id, const std::string& new_id,
                                                               int limit) {
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(sql::kPlanChanges, {{"old", old_id}, {"new", new_id}, {"limit", limit}}));
  std::vector<domain::PlanChange> changes;
  for (const Row& row : rows) {
    changes.push_back({.customer_id = row.Text("customer_id"),
                       .customer_name = row.Text("customer_name"),
                       .before = Describe(row, "old"),
                       .after = Describe(row, "new")});
  }
  return changes;
}

absl::StatusOr<int64_t> Plans::Expire(absl::Time now, int limit) {
  return transaction_.Execute(sql::kPlanExpire, {{"now", now}, {"limit", limit}});
}

absl::StatusOr<std::map<std::string, domain::PreviousInvoice>> Plans::FindPrevious(
    const std::vector<PeriodQuestion>& questions) {
  std::vector<std::string> customers;
  std::vector<absl::CivilDay> firsts;
  for (const PeriodQuestion& question : questions) {
    customers.push_back(question.customer_id);
    firsts.push_back(question.period.first);
  }
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(sql::kPreviousInvoiceFind,
                                      {{"customer_ids", ArrayText(customers)}, {"firsts", ArrayText(firsts)}}));
  std::map<std::string, domain::PreviousInvoice> previous;
  for (const Row& row : rows) {
    previous[row.Text("customer_id")] = {.number = row.Text("number"),
                                         .currency_code = row.Text("currency_code"),
                                         .total_minor = row.Int("total_minor"),
                                         .period = {row.Day("period_start_on"), row.Day("period_end_on")},
                                         .billed_through = row.Day("billed_through"),
                                         .hours = row.OptionalDecimal<domain::Quantity>("hours"),
                                         .rate = row.OptionalDecimal<domain::UnitPrice>("rate")};
  }
  return previous;
}

}  // namespace invoice::store
