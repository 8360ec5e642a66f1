// The days that invoices claim, as they pass from one to another. Belongs to the transaction it was made with, which
// must have locked the customer.
#pragma once

#include <string>
#include <vector>

#include "domain/invoice.h"
#include "domain/invoice_record.h"
#include "store/database.h"

namespace invoice::store {

// An invoice that was billed beside another one on purpose, and the days it would claim.
struct ClaimHeir {
  std::string invoice_id;
  domain::Period period;
};

class Claims {
 public:
  explicit Claims(Transaction& transaction) : transaction_(transaction) {}

  // The standing invoices with a duplicate reason whose period meets the invoice's, oldest first.
  absl::StatusOr<std::vector<ClaimHeir>> Heirs(const domain::InvoiceRecord& invoice);
  // Claims for the heir those of the days that nobody claims; how many ranges.
  absl::StatusOr<int64_t> Inherit(const domain::InvoiceRecord& from, const ClaimHeir& heir, const domain::Period& days);

 private:
  Transaction& transaction_;
};

}  // namespace invoice::store
