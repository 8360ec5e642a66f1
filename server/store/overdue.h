// Invoices that fall overdue: noted once each, so that the event can be told. Whether an invoice is overdue is never
// read from the note but from the date (domain/states.h). Belongs to the transaction it was made with.
#pragma once

#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "store/database.h"

namespace invoice::store {

struct FallenOverdue {
  std::string invoice_id;
  std::string vendor_id;
  std::string number;
  absl::CivilDay due_date;
  std::string currency_code;
  int64_t open_minor = 0;
};

class Overdue {
 public:
  explicit Overdue(Transaction& transaction) : transaction_(transaction) {}

  // Notes at most `limit` of the invoices that fell overdue; those that another transaction holds are passed over.
  absl::StatusOr<std::vector<FallenOverdue>> Note(absl::Time now, int limit);

 private:
  Transaction& transaction_;
};

}  // namespace invoice::store
