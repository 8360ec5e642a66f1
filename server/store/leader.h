// Which of several schedulers acts: the one whose transaction holds the lock, which PostgreSQL frees when its session
// ends, however it ends.
#pragma once

#include "store/database.h"

namespace invoice::store {

// True where this transaction leads until it ends.
absl::StatusOr<bool> TryLead(Transaction& transaction);

}  // namespace invoice::store
