// Use cases of billing periods. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "app/core.h"
#include "domain/invoice.h"

namespace invoice::app {

enum class PeriodState { kInvoiced, kDraft, kPartlyInvoiced, kDue, kOpen, kUpcoming };
// "INVOICED"
std::string_view Name(PeriodState state);

struct BillingPeriod {
  absl::CivilDay due_date;
  domain::Period period;
  PeriodState state = PeriodState::kOpen;
  std::string invoice_id;      // the first invoice that claims days of it; empty: none
  std::string invoice_number;  // empty: none, or a draft
};

struct PeriodRange {
  int past = 12;     // periods already ended, newest last
  int upcoming = 3;  // periods after the open one
};

class Periods {
 public:
  explicit Periods(Core& core) : core_(core) {}

  // In order of their days: past ones, the open one (it holds today), the next ones; clipped to the contract's dates.
  absl::StatusOr<std::vector<BillingPeriod>> List(const std::string& customer_id, const PeriodRange& range);

 private:
  Core& core_;
};

}  // namespace invoice::app
