// What the guards of email know: how many emails were asked for, of a run through a configuration and to an address on
// a day. A counter is locked from its counting to the end of the transaction, so parallel ones see each other's.
// Belongs to the transaction it was made with.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "store/database.h"

namespace invoice::store {

class EmailGuards {
 public:
  // Emails by what they are counted under: {run, configuration} or {vendor, address in lower case}.
  using Counts = std::map<std::pair<std::string, std::string>, int>;

  explicit EmailGuards(Transaction& transaction) : transaction_(transaction) {}

  // Adds to the counters; the answer is what they then say.
  absl::StatusOr<Counts> CountOfRuns(const Counts& more);
  absl::StatusOr<Counts> CountOfRecipients(const Counts& more, absl::CivilDay today);

 private:
  Transaction& transaction_;
};

}  // namespace invoice::store
