// What the scheduler does about invoices that fall overdue: the event is written once for each. Whether an invoice is
// overdue depends on no process: it is read from the date. Thread-safe.
#pragma once

#include "absl/status/statusor.h"
#include "app/core.h"

namespace invoice::app {

// Writes the event of at most `limit` invoices whose due date is past where their customers are; how many. Fewer than
// `limit`: there are no more, but for those another process is at.
absl::StatusOr<int> NoteOverdue(Core& core, int limit);

}  // namespace invoice::app
