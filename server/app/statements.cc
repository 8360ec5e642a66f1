#include "app/statements.h"

#include "app/today.h"
#include "base/status.h"
#include "store/customers.h"
#include "store/open_items.h"

namespace invoice::app {

absl::StatusOr<domain::Statement> Statements::Get(const std::string& customer_id, std::optional<absl::CivilDay> as_of) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  ASSIGN_OR_RETURN(const domain::Customer customer, store::Customers(transaction).Get(customer_id));
  ASSIGN_OR_RETURN(const absl::CivilDay today, LocalToday(core_, customer.schedule.time_zone));
  return store::ReadStatement(transaction, customer_id, as_of.value_or(today));
}

}  // namespace invoice::app
