// Figures of the dashboard, from rollups and what was not yet folded into them, so they are exact at any time; the
// customers that are billed next; what people did. Belongs to the transaction it was made with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "domain/parties.h"
#include "store/database.h"
#include "store/page.h"

namespace invoice::store {

// Documents of one currency added up.
struct CurrencySum {
  std::string currency_code;
  int64_t count = 0;
  int64_t amount_minor = 0;
};

struct DashboardTotals {
  int64_t draft_count = 0;
  std::vector<CurrencySum> open;  // of each list only currencies with documents, in order
  std::vector<CurrencySum> overdue;
  std::vector<CurrencySum> issued;
  std::vector<CurrencySum> paid;
};

struct DashboardCounts {
  int64_t active_customers = 0;
  int64_t scheduled_customers = 0;
  int64_t email_problems = 0;
  int64_t missed_periods = 0;
};

struct MonthSum {
  absl::CivilDay month;  // its first day
  std::string currency_code;
  int64_t issued_minor = 0;  // without taxes
  int64_t paid_minor = 0;
  int64_t count = 0;
};

// An audit event with what it is about; what does not belong to it is empty.
struct ActivityRecord {
  std::string id;
  absl::Time at;
  std::string actor;
  std::string resource;  // "invoice"
  std::string action;    // "issue"
  std::string invoice_id;
  std::string invoice_number;
  bool of_credit_note = false;
  std::string customer_id;
  std::string customer_name;
  std::string recipient;  // of an email
  std::string reason;     // of an email that failed
  std::optional<absl::CivilDay> run_date;
  int64_t invoiced_count = 0;  // of a run
  int64_t skipped_count = 0;
  int64_t held_count = 0;
  int64_t failed_count = 0;
};

class Dashboard {
 public:
  explicit Dashboard(Transaction& transaction) : transaction_(transaction) {}

  // An empty vendor is all of them, here and below. `month` is the first day of the one that `issued` and `paid` are
  // of.
  absl::StatusOr<DashboardTotals> Totals(const std::string& vendor_id, absl::CivilDay month, absl::Time now);
  absl::StatusOr<DashboardCounts> Counts(const std::string& vendor_id);
  // By month and currency, both ends included.
  absl::StatusOr<std::vector<MonthSum>> Revenue(const std::string& vendor_id, absl::CivilDay from, absl::CivilDay to);
  // Latest first, without a total.
  absl::StatusOr<Page<ActivityRecord>> Activity(const std::string& vendor_id, const PageRequest& page);

  // Moves at most `limit` deltas into the rollups; how many there were. Changes no figure. May run beside itself.
  absl::StatusOr<int64_t> Fold(absl::Time now, int limit);

 private:
  Transaction& transaction_;
};

}  // namespace invoice::store
