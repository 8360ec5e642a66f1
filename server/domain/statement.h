// The statement of a customer: what is open, how late it is, and what was paid without being applied. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "domain/invoice.h"
#include "domain/money.h"

namespace invoice::domain {

struct StatementItem {
  std::string invoice_id;
  std::string number;
  absl::CivilDay invoice_date;
  absl::CivilDay due_date;
  Currency currency;
  int64_t total_minor = 0;
  int64_t paid_minor = 0;
  int64_t credited_minor = 0;
  int64_t open_minor = 0;
  int days_overdue = 0;  // below one: not due
};

// Of one currency; the ages add up to what is open.
struct StatementTotal {
  Currency currency;
  int64_t open_minor = 0;
  int64_t not_due_minor = 0;
  int64_t overdue_1_30_minor = 0;
  int64_t overdue_31_60_minor = 0;
  int64_t overdue_61_90_minor = 0;
  int64_t overdue_over_90_minor = 0;
  int64_t unapplied_minor = 0;  // of payments, not allocated
};

struct Statement {
  std::string customer_id;
  absl::CivilDay as_of;
  std::vector<StatementItem> items;  // by currency, then due date
  bool truncated = false;            // there are more items; the totals count all
  std::vector<StatementTotal> totals;
};

// Everything the printed statement shows: the parties as they are on the day it is made.
struct StatementDocument {
  VendorSnapshot vendor;
  CustomerSnapshot customer;
  Statement statement;
};

}  // namespace invoice::domain
