// What is open of a customer's invoices on a day. Belongs to the transaction it was made with.
#pragma once

#include <string>

#include "domain/statement.h"
#include "store/database.h"

namespace invoice::store {

// Items up to base::kMaxStatementItems; totals over all. Counted are invoices, credit notes and payments dated up to
// `as_of`; what was cancelled or reversed since counts as if it had never been.
absl::StatusOr<domain::Statement> ReadStatement(Transaction& transaction, const std::string& customer_id,
                                                absl::CivilDay as_of);

}  // namespace invoice::store
