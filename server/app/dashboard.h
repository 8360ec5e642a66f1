// Use cases of the dashboard: figures, what is billed next, what happened. Reads only, but for FoldRollups.
// Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/core.h"
#include "domain/invoice.h"
#include "store/dashboard.h"

namespace invoice::app {

struct DashboardStats {
  store::DashboardTotals totals;  // issued and paid: of the month in UTC
  store::DashboardCounts counts;
  absl::Time as_of;
};

// A customer that is billed next.
struct Upcoming {
  std::string customer_id;
  std::string customer_name;
  absl::CivilDay due_date;
  std::optional<domain::Period> period;  // none: outside of the contract
  std::string currency_code;
  std::optional<int64_t> estimated_total_minor;  // none: cannot be computed today
  bool send_email = false;
};

class Dashboard {
 public:
  explicit Dashboard(Core& core) : core_(core) {}

  // An empty vendor is all of them, here and below.
  absl::StatusOr<DashboardStats> GetStats(const std::string& vendor_id);
  absl::StatusOr<store::Page<Upcoming>> ListUpcoming(const std::string& vendor_id, const store::PageRequest& page);
  absl::StatusOr<store::Page<store::ActivityRecord>> ListActivity(const std::string& vendor_id,
                                                                  const store::PageRequest& page);
  // Of the last `months` months, the present one included.
  absl::StatusOr<std::vector<store::MonthSum>> GetRevenue(const std::string& vendor_id, int months);

 private:
  Core& core_;
};

// Moves what changed since the last time into the rollups, at most `limit` deltas; how many there were. Changes no
// figure: they are exact without it, only slower to read. For a process that does this now and then.
absl::StatusOr<int64_t> FoldRollups(Core& core, int limit);

}  // namespace invoice::app
