// Vendors and customers of the demo data as records. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "domain/parties.h"

namespace invoice::commands {

// The record of an entry of `vendors` in db/seed/demo.json.
domain::Vendor DemoVendor(const nlohmann::json& json);

// Fills the defaults of a new customer from an entry of `customers`. `today` is the local date in the entry's time
// zone, from which `dueInDays` gives the billing weekday.
void FillDemoCustomer(const nlohmann::json& json, absl::CivilDay today, domain::Customer& customer);

// An exact decimal of the demo data; aborts where it is none, because the data is compiled in.
domain::Quantity DemoQuantity(const std::string& text);

}  // namespace invoice::commands
