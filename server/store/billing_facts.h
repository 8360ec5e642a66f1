// What exists for customers and periods when they are to be billed. Belongs to the transaction it was made with.
#pragma once

#include <string>
#include <vector>

#include "domain/billing.h"
#include "store/database.h"

namespace invoice::store {

struct PeriodQuestion {
  std::string customer_id;
  domain::Period period;
};

// One answer for each question, in their order; no customer twice.
absl::StatusOr<std::vector<domain::BillingFacts>> FindBillingFacts(Transaction& transaction,
                                                                   const std::vector<PeriodQuestion>& questions);

}  // namespace invoice::store
