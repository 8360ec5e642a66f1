// The steps that entering or removing one timesheet shares with importing many: the rules, the writing in the caller's
// transaction, which has the customer locked, and what becomes of periods that wait for timesheets. Not use cases:
// rpc/ and jobs/ do not call them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/call.h"
#include "app/core.h"
#include "app/customers.h"
#include "domain/generation.h"
#include "domain/parties.h"
#include "store/database.h"

namespace invoice::app {

// Rules of the timesheet by itself.
absl::Status CheckTimesheet(const Core& core, const domain::Timesheet& timesheet);
// FAILED_PRECONDITION, PERIOD_ALREADY_INVOICED, where an invoice or draft claims a day of it, or of `before`, the one
// that it replaces.
absl::Status CheckNotInvoiced(store::Transaction& transaction, const domain::Timesheet& timesheet,
                              const std::optional<domain::Timesheet>& before);
// ALREADY_EXISTS, TIMESHEET_OVERLAP, where a timesheet that begins on another day has one of its days.
absl::Status CheckNoOverlap(store::Transaction& transaction, const domain::Timesheet& timesheet);
// TIMESHEET_OUTSIDE_PERIODS where the days lie in no single period that the customer is billed for.
absl::StatusOr<std::vector<domain::Warning>> WarningsOf(store::Transaction& transaction,
                                                        const domain::Customer& customer,
                                                        const domain::Timesheet& timesheet);
// Writes the timesheet and its audit event. `before` is the one it replaces.
absl::StatusOr<domain::Timesheet> StoreTimesheet(Core& core, store::Transaction& transaction, const Call& call,
                                                 const domain::Customer& customer, domain::Timesheet timesheet,
                                                 const std::optional<domain::Timesheet>& before);
// Removes the timesheet and writes its audit event.
absl::Status RemoveTimesheet(Core& core, store::Transaction& transaction, const Call& call,
                             const domain::Customer& customer, const domain::Timesheet& timesheet);

// Judges again the periods with one of the days that wait for timesheets (TIMESHEET_REQUIRED, TIMESHEET_MISMATCH):
// those whose timesheets are complete now are let go, the others say what is at fault now.
absl::Status RejudgeHeld(Core& core, store::Transaction& transaction, const Call& call,
                         const domain::Customer& customer, const domain::Period& days);

}  // namespace invoice::app
