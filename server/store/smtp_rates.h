// When the rate limits of SMTP configurations let messages go.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "store/database.h"

namespace invoice::store {

struct SmtpRate {
  absl::Time next_send_at;  // of the next message
  absl::Time next_turn_at;  // for the next that has to wait; in the past where nobody waits
};

// `now` at the configuration's first use. Locked until the end of the transaction.
absl::StatusOr<SmtpRate> LockSmtpRate(Transaction& transaction, const std::string& configuration, absl::Time now);
absl::Status SetSmtpRate(Transaction& transaction, const std::string& configuration, const SmtpRate& rate);

}  // namespace invoice::store
