#include "store/dashboard.h"

#include "base/status.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

constexpr char kAfterAllIds[] = "ffffffff-ffff-ffff-ffff-ffffffffffff";

void AddSum(const Row& row, std::string_view count, std::string_view amount, std::vector<CurrencySum>* sums) {
  if (row.Int(count) == 0 && row.Int(amount) == 0) return;
  sums->push_back({row.Text("currency_code"), row.Int(count), row.Int(amount)});
}

int64_t IntOrZero(const Row& row, std::string_view column) { return row.IsNull(column) ? 0 : row.Int(column); }

ActivityRecord ReadActivity(const Row& row) {
  return {.id = row.Text("id"),
          .at = row.Time("at"),
          .actor = row.Text("actor_name"),
          .resource = row.Text("resource"),
          .action = row.Text("action"),
          .invoice_id = row.OptionalText("invoice_id").value_or(""),
          .invoice_number = row.OptionalText("invoice_number").value_or(""),
          .of_credit_note = row.OptionalText("invoice_kind") == "CREDIT_NOTE",
          .customer_id = row.OptionalText("customer_id").value_or(""),
          .customer_name = row.OptionalText("customer_name").value_or(""),
          .recipient = row.OptionalText("recipient").value_or(""),
          .reason = row.OptionalText("state_reason").value_or(""),
          .run_date = row.OptionalDay("run_on"),
          .invoiced_count = IntOrZero(row, "invoiced_count"),
          .skipped_count = IntOrZero(row, "skipped_count"),
          .held_count = IntOrZero(row, "held_count"),
          .failed_count = IntOrZero(row, "failed_count")};
}

}  // namespace

absl::StatusOr<DashboardTotals> Dashboard::Totals(const std::string& vendor_id, absl::CivilDay month, absl::Time now) {
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kDashboardTotals, {{"vendor_id", NullIfEmpty(vendor_id)},
                                                                               {"month", month},
                                                                               {"earliest_today", EarliestToday(now)},
                                                                               {"latest_today", LatestToday(now)},
                                                                               {"now", now}}));
  DashboardTotals totals;
  for (const Row& row : rows) {
    const std::string& figure = row.Text("figure");
    if (figure == "DRAFT") totals.draft_count += row.Int("count");
    if (figure == "OPEN") AddSum(row, "count", "amount", &totals.open);
    if (figure == "OPEN") AddSum(row, "overdue_count", "overdue_amount", &totals.overdue);
    if (figure == "ISSUED") AddSum(row, "count", "amount", &totals.issued);
    if (figure == "PAID") AddSum(row, "count", "amount", &totals.paid);
  }
  return totals;
}

absl::StatusOr<DashboardCounts> Dashboard::Counts(const std::string& vendor_id) {
  ASSIGN_OR_RETURN(const std::optional<Row> row,
                   transaction_.QueryRow(sql::kDashboardCounts, {{"vendor_id", NullIfEmpty(vendor_id)}}));
  return DashboardCounts{.active_customers = row->Int("active_customers"),
                         .scheduled_customers = row->Int("scheduled_customers"),
                         .email_problems = row->Int("email_problems"),
                         .missed_periods = row->Int("missed_periods")};
}

absl::StatusOr<std::vector<MonthSum>> Dashboard::Revenue(const std::string& vendor_id, absl::CivilDay from,
                                                         absl::CivilDay to) {
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(sql::kDashboardRevenue,
                                      {{"vendor_id", NullIfEmpty(vendor_id)}, {"from_on", from}, {"to_on", to}}));
  std::vector<MonthSum> months;
  for (const Row& row : rows) {
    months.push_back({.month = row.Day("on_day"),
                      .currency_code = row.Text("currency_code"),
                      .issued_minor = row.Int("issued"),
                      .paid_minor = row.Int("paid"),
                      .count = row.Int("count")});
  }
  return months;
}

absl::StatusOr<Page<ActivityRecord>> Dashboard::Activity(const std::string& vendor_id, const PageRequest& request) {
  Params params = {{"after", request.after.empty() ? kAfterAllIds : request.after.front()},
                   {"limit", request.size + 1}};
  if (!vendor_id.empty()) params.emplace_back("vendor_id", vendor_id);
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(vendor_id.empty() ? sql::kActivityList : sql::kActivityListOfVendor, params));
  Page<ActivityRecord> page;
  for (const Row& row : rows) {
    if (static_cast<int>(page.records.size()) == request.size) {
      page.next = {page.records.back().id};
      break;
    }
    page.records.push_back(ReadActivity(row));
  }
  return page;
}

absl::StatusOr<int64_t> Dashboard::Fold(absl::Time now, int limit) {
  ASSIGN_OR_RETURN(
      const std::optional<Row> row,
      transaction_.QueryRow(sql::kRollupFold,
                            {{"limit", limit}, {"long_ago", EarliestToday(now) - base::kLongOverdue_days}}));
  RETURN_IF_ERROR(transaction_.Execute(sql::kRollupSweep, {}).status());
  return row->Int("count");
}

}  // namespace invoice::store
