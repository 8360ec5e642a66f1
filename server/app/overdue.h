// What the scheduler does about invoices that fall overdue: the event is written once for each. Whether an invoice is
// overdue depends on no process: it is read from the date. Thread-safe.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "app/core.h"

namespace invoice::app {

// Writes the event of at most `limit` invoices whose due date is past where their customers are; how many. Fewer than
// `limit`: there are no more, but for those another process is at.
absl::StatusOr<int> NoteOverdue(Core& core, int limit);

// When NoteOverdue next has something to do, at once where that is in the past; nothing where no invoice is open. An
// invoice that is issued later may fall overdue earlier.
absl::StatusOr<std::optional<absl::Time>> NextOverdue(Core& core);

}  // namespace invoice::app
