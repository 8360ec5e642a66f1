// The steps that creating one customer shares with importing many: the rules, and the writing in the
// caller's transaction. Not use cases: rpc/ and jobs/ do not call them.
#pragma once

#include <vector>

#include "app/call.h"
#include "app/core.h"
#include "app/vendors.h"
#include "domain/parties.h"
#include "store/database.h"

namespace invoice::app {

// A new customer before anything is given.
domain::Customer NewCustomerOf(const domain::Vendor& vendor);
// Rules beyond those of single fields: of what is printed, of contract and schedule.
absl::Status CheckNewCustomer(const Core& core, const domain::Customer& customer);
// Gives ids and dates, writes the customers and their audit events. As they were stored, in their order.
absl::StatusOr<std::vector<domain::Customer>> StoreNewCustomers(Core& core, store::Transaction& transaction,
                                                                const Call& call,
                                                                std::vector<domain::Customer> customers);

}  // namespace invoice::app
