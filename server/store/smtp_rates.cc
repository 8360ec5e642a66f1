#include "store/smtp_rates.h"

#include "base/status.h"
#include "store/statements.h"

namespace invoice::store {

absl::StatusOr<SmtpRate> LockSmtpRate(Transaction& transaction, const std::string& configuration, absl::Time now) {
  ASSIGN_OR_RETURN(const std::optional<Row> row,
                   transaction.QueryRow(sql::kSmtpRateLock, {{"configuration", configuration}, {"now", now}}));
  return SmtpRate{.next_send_at = row->Time("next_send_at"), .next_turn_at = row->Time("next_turn_at")};
}

absl::Status SetSmtpRate(Transaction& transaction, const std::string& configuration, const SmtpRate& rate) {
  return transaction
      .Execute(
          sql::kSmtpRateSet,
          {{"configuration", configuration}, {"next_send_at", rate.next_send_at}, {"next_turn_at", rate.next_turn_at}})
      .status();
}

}  // namespace invoice::store
