// What delivery writes of one email at a time: how an attempt ended that was not a success, what became of an email
// whose worker died, jobs that are handed back or put off. Successes go by the ledger (app/delivery_ledger.h).
// Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "app/core.h"
#include "app/delivery_batch.h"
#include "domain/email_state.h"
#include "mail/smtp_outcome.h"

namespace invoice::app {

// What an outcome of the dialogue says about the email.
domain::SendOutcome OutcomeOf(const mail::SendResult& result);

class DeliveryOutcomes {
 public:
  explicit DeliveryOutcomes(Core& core) : core_(core) {}

  // The attempt and what follows from it.
  absl::Status Record(const EmailAttempt& attempt, const mail::SendResult& result);
  // A worker died, or lost the database, after the hand-over was committed.
  absl::Status Recover(const store::Job& job);
  // The hand-over was not confirmed, so no message was sent; but its commit may have taken effect.
  absl::Status TakeBack(const EmailAttempt& attempt);
  // The email of a job that is given up is FAILED; UNKNOWN where a server may have it.
  absl::Status GiveUp(const store::Job& job, const absl::Status& why);
  // Nothing was begun.
  absl::Status GiveBack(const store::Job& job);
  absl::Status PutOffAll(const std::vector<store::Job>& jobs, absl::Duration delay, const std::string& why);
  // The configuration's server answers again.
  absl::Status Unpause(const std::string& configuration);
  // The same of the environment's configuration, which may be another now; what waited for it is due.
  absl::Status BeginAnew();

 private:
  absl::Status Pause(store::Transaction& transaction, const EmailAttempt& attempt, const mail::SendResult& result);
  absl::Status WriteAttempt(store::Transaction& transaction, const EmailAttempt& attempt,
                            const mail::SendResult& result, int attempt_no, domain::EmailRecord& email);
  absl::Status Apply(store::Transaction& transaction, const store::Job& job, domain::EmailRecord& email,
                     const domain::EmailDecision& decision);

  Core& core_;
};

}  // namespace invoice::app
