// Seals all passwords of SMTP configurations anew with the current key. May be interrupted and run again, and several
// may run: each batch is a transaction of its own, and a password that another one has in hand is left to it. The old
// key must stay for opening until none is left. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "app/core.h"

namespace invoice::app {

struct RotationReport {
  int64_t sealed = 0;                     // passwords sealed anew
  std::vector<std::string> not_openable;  // ids of configurations whose password cannot be opened
  int64_t remaining = 0;                  // passwords that another key still seals, those included
};

class SmtpRotation {
 public:
  explicit SmtpRotation(Core& core) : core_(core) {}

  // FAILED_PRECONDITION where there is no key. `batch` is how many passwords one transaction seals.
  absl::StatusOr<RotationReport> Run(int batch = base::kRotationBatch);

 private:
  // The next batch after the configuration `after`, which moves on; false where there was none.
  absl::StatusOr<bool> RunBatch(int batch, std::string* after, RotationReport* report);

  Core& core_;
};

}  // namespace invoice::app
