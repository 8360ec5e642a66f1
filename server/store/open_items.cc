#include "store/open_items.h"

#include "base/limits.h"
#include "base/status.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

domain::StatementItem ReadStatementItem(const Row& row) {
  return {.invoice_id = row.Text("id"),
          .number = row.Text("number"),
          .invoice_date = row.Day("invoice_on"),
          .due_date = row.Day("due_on"),
          .currency = domain::Currency::Find(row.Text("currency_code")).value(),
          .total_minor = row.Int("total_minor"),
          .paid_minor = row.Int("paid_minor"),
          .credited_minor = row.Int("credited_minor"),
          .open_minor = row.Int("open_minor"),
          .days_overdue = static_cast<int>(row.Int("days_overdue"))};
}

domain::StatementTotal ReadTotal(const Row& row) {
  return {.currency = domain::Currency::Find(row.Text("currency_code")).value(),
          .open_minor = row.Int("open_minor"),
          .not_due_minor = row.Int("not_due_minor"),
          .overdue_1_30_minor = row.Int("overdue_1_30_minor"),
          .overdue_31_60_minor = row.Int("overdue_31_60_minor"),
          .overdue_61_90_minor = row.Int("overdue_61_90_minor"),
          .overdue_over_90_minor = row.Int("overdue_over_90_minor"),
          .unapplied_minor = row.Int("unapplied_minor")};
}

}  // namespace

absl::StatusOr<domain::Statement> ReadStatement(Transaction& transaction, const std::string& customer_id,
                                                absl::CivilDay as_of) {
  domain::Statement statement{.customer_id = customer_id, .as_of = as_of};
  const Params whose = {{"customer_id", customer_id}, {"as_of", as_of}};
  ASSIGN_OR_RETURN(const Rows totals, transaction.Query(sql::kOpenItemTotals, whose));
  for (const Row& row : totals) statement.totals.push_back(ReadTotal(row));
  Params limited = whose;
  limited.emplace_back("limit", base::kMaxStatementItems + 1);
  ASSIGN_OR_RETURN(const Rows items, transaction.Query(sql::kOpenItemList, limited));
  for (const Row& row : items) {
    if (statement.items.size() == static_cast<size_t>(base::kMaxStatementItems)) {
      statement.truncated = true;
      break;
    }
    statement.items.push_back(ReadStatementItem(row));
  }
  return statement;
}

}  // namespace invoice::store
