// Use cases of billing periods. Thread-safe.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/call.h"
#include "app/core.h"
#include "domain/invoice.h"
#include "domain/parties.h"
#include "domain/schedule.h"
#include "store/period_decisions.h"

namespace invoice::app {

enum class PeriodState {
  kInvoiced,
  kDraft,
  kPartlyInvoiced,
  kDue,
  kOpen,
  kUpcoming,
  kSkipped,
  kHeld,
  kMissed  // its due date passed, and the scheduler is still to handle it
};
// "INVOICED"
std::string_view Name(PeriodState state);

struct BillingPeriod {
  absl::CivilDay due_date;
  domain::Period period;
  std::optional<domain::Period> whole;  // before the contract's dates cut it; of a period that is changed alone
  PeriodState state = PeriodState::kOpen;
  std::string invoice_id;      // the first invoice that claims days of it; empty: none
  std::string invoice_number;  // empty: none, or a draft
  std::string reason;          // the rule that decided; empty: nothing was decided
  std::string message;
};

struct PeriodRange {
  int past = 12;     // periods already ended, newest last
  int upcoming = 3;  // periods after the open one
};

// Takes back that a period is skipped or held, in the caller's transaction, which has the customer locked. A period
// that the schedule took over is billed at once; any other is billed as if it had never been skipped.
absl::Status ReopenPeriod(Core& core, store::Transaction& transaction, const domain::Customer& customer,
                          const domain::PeriodDecision& decision, const std::string& actor_name);

class Periods {
 public:
  explicit Periods(Core& core) : core_(core) {}

  // In order of their days: past ones, the open one (it holds today), the next ones; clipped to the contract's dates.
  absl::StatusOr<std::vector<BillingPeriod>> List(const std::string& customer_id, const PeriodRange& range);
  // Scheduled runs leave the period out from now on. NOT_FOUND where the schedule has no period that starts on that
  // day.
  absl::StatusOr<Outcome<BillingPeriod>> Skip(const Call& call, const std::string& customer_id,
                                              absl::CivilDay period_start, const std::string& reason,
                                              const Encode<BillingPeriod>& encode);
  // Takes a skip or a hold back; the scheduler bills what is due already at once.
  absl::StatusOr<Outcome<BillingPeriod>> Reopen(const Call& call, const std::string& customer_id,
                                                absl::CivilDay period_start, const Encode<BillingPeriod>& encode);
  // Periods that wait for a person, oldest due date first. An empty vendor: of all.
  absl::StatusOr<store::Page<store::HeldPeriod>> ListMissed(const std::string& vendor_id,
                                                            const store::PageRequest& page);

 private:
  absl::StatusOr<Outcome<BillingPeriod>> Change(
      const Call& call, const std::string& customer_id, const Encode<BillingPeriod>& encode, absl::CivilDay start,
      const std::function<absl::StatusOr<std::string>(store::Transaction&, const domain::Customer&,
                                                      const BillingPeriod&)>& change);

  Core& core_;
};

}  // namespace invoice::app
