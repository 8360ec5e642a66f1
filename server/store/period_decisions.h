// Rows of what was decided about billing periods. Belongs to the transaction it was made with.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "domain/billing.h"
#include "store/database.h"
#include "store/page.h"

namespace invoice::store {

// A period that waits for a person, with its customer's name.
struct HeldPeriod {
  domain::PeriodDecision decision;
  std::string customer_name;
};

class PeriodDecisions {
 public:
  explicit PeriodDecisions(Transaction& transaction) : transaction_(transaction) {}

  // Writes or replaces one row for each customer and period start. The customers are locked by this transaction.
  absl::Status PutAll(const std::vector<domain::PeriodDecision>& decisions, absl::Time now);
  // By customer and first day.
  absl::Status RemoveAll(const std::vector<std::pair<std::string, absl::CivilDay>>& periods);
  // Those of a customer that touch the days, in order.
  absl::StatusOr<std::vector<domain::PeriodDecision>> Find(const std::string& customer_id, const domain::Period& days);
  // HELD ones by due date, oldest first. An empty vendor: of all.
  absl::StatusOr<Page<HeldPeriod>> ListHeld(const std::string& vendor_id, const PageRequest& page);
  // REOPENED ones, held by this transaction; those that another one holds are left to it.
  absl::StatusOr<std::vector<domain::PeriodDecision>> TakeReopened(int limit);
  // Holds the periods that a stopped run took over and did not come to, and lets them go where it is resumed.
  absl::Status HoldRest(const std::string& run_id, const std::string& message, const std::string& decided_by,
                        absl::Time now);
  absl::Status LetRestGo(const std::string& run_id);

 private:
  Transaction& transaction_;
};

}  // namespace invoice::store
