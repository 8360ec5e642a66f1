#include "app/mail_rates.h"

#include <algorithm>

#include "app/delivery_batch.h"
#include "base/status.h"
#include "domain/email_state.h"
#include "store/smtp_rates.h"

namespace invoice::app {

absl::StatusOr<bool> TakeTurn(Core& core, const MailRoute& route) {
  const absl::Time now = core.clock.Now();
  ASSIGN_OR_RETURN(store::Transaction transaction, core.database.Begin());
  ASSIGN_OR_RETURN(store::SmtpRate rate, store::LockSmtpRate(transaction, route.smtp.id, now));
  const std::optional<absl::Time> next = domain::TakeFromRate(rate.next_send_at, route.max_emails_per_minute, now);
  if (!next) return false;
  rate.next_send_at = *next;
  RETURN_IF_ERROR(store::SetSmtpRate(transaction, route.smtp.id, rate));
  RETURN_IF_ERROR(transaction.Commit());
  return true;
}

absl::Status WaitForTurns(Core& core, const MailRoute& route, const std::vector<store::Job>& jobs) {
  const absl::Time now = core.clock.Now();
  ASSIGN_OR_RETURN(store::Transaction transaction, core.database.Begin());
  ASSIGN_OR_RETURN(store::SmtpRate rate, store::LockSmtpRate(transaction, route.smtp.id, now));
  rate.next_turn_at = std::max({rate.next_turn_at, rate.next_send_at, now});
  for (const store::Job& job : jobs) {
    RETURN_IF_ERROR(
        store::Jobs(transaction).PutOff(job, rate.next_turn_at - now, "the rate limit of the SMTP configuration"));
    rate.next_turn_at += domain::SendInterval(route.max_emails_per_minute);
  }
  RETURN_IF_ERROR(store::SetSmtpRate(transaction, route.smtp.id, rate));
  RETURN_IF_ERROR(SayThatTurnsAreAwaited(transaction, jobs, now));
  return transaction.Commit();
}

}  // namespace invoice::app
