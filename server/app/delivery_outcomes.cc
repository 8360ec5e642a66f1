#include "app/delivery_outcomes.h"

#include <algorithm>
#include <random>

#include "absl/strings/ascii.h"
#include "app/invoice_delivery.h"
#include "app/once.h"
#include "base/log.h"
#include "base/status.h"
#include "store/emails.h"
#include "store/json.h"

namespace invoice::app {
namespace {

using domain::EmailRecord;
using domain::EmailState;

constexpr absl::Duration kAfterTakeBack = absl::Seconds(1);
constexpr char kMayHaveIt[] = "the server may have the message: no reply was recorded";

double Jitter() {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(random);
}

// What is decided from, where `spent` attempts were written down before this one.
absl::StatusOr<domain::EmailFacts> EmailFactsOf(store::Transaction& transaction, const EmailRecord& email, int spent) {
  domain::EmailFacts facts{.state = email.state,
                           .attempt_count = spent,
                           .repeat_count = email.repeat_count,
                           .first_attempt_at = email.first_attempt_at};
  if (spent == 0) return facts;
  ASSIGN_OR_RETURN(const std::vector<domain::EmailAttempt> attempts, store::Emails(transaction).Attempts(email.id));
  for (const domain::EmailAttempt& attempt : attempts) {
    const bool before = attempt.attempt_no <= spent;
    const bool of_this_round = email.first_attempt_at && attempt.started_at >= *email.first_attempt_at;
    if (before && of_this_round) ++facts.round_attempts;
  }
  return facts;
}

// The attempt that nobody ended.
domain::EmailAttempt LostAttempt(const EmailRecord& email, absl::Time now) {
  return {.attempt_no = email.attempt_count,
          .ended_at = now,
          .outcome = std::string(mail::OutcomeName(mail::SendOutcome::kLostAfterData)),
          .reply = "the worker ended before the server's reply was recorded"};
}

}  // namespace

domain::SendOutcome OutcomeOf(const mail::SendResult& result) {
  switch (result.outcome) {
    case mail::SendOutcome::kAccepted:
      return domain::SendOutcome::kAccepted;
    case mail::SendOutcome::kSessionFault:
      return domain::SendOutcome::kSessionFault;
    case mail::SendOutcome::kSenderRefused:
      // A sender that may not send is a fault of the configuration, not of the email.
      return result.permanent ? domain::SendOutcome::kSessionFault : domain::SendOutcome::kDeferred;
    case mail::SendOutcome::kRecipientRefused:
    case mail::SendOutcome::kContentRefused:
      return result.permanent ? domain::SendOutcome::kRefused : domain::SendOutcome::kDeferred;
    case mail::SendOutcome::kNotHandedOver:
    case mail::SendOutcome::kLostBeforeData:
      return domain::SendOutcome::kDeferred;
    case mail::SendOutcome::kLostAfterData:
      return domain::SendOutcome::kLost;
  }
  return domain::SendOutcome::kLost;
}

absl::Status DeliveryOutcomes::Record(const EmailAttempt& attempt, const mail::SendResult& result) {
  const store::Job& job = attempt.job;
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Jobs(transaction).HoldFence(job));
  store::Emails emails(transaction);
  ASSIGN_OR_RETURN(EmailRecord email, emails.Lock(attempt.email.id));
  const domain::SendOutcome outcome = OutcomeOf(result);
  const int spent = email.attempt_count - (attempt.written ? 1 : 0);
  ASSIGN_OR_RETURN(const domain::EmailFacts facts, EmailFactsOf(transaction, email, spent));
  domain::EmailDecision decision =
      domain::AfterAttempt(facts, outcome, attempt.route->unknown_policy, core_.clock.Now(), Jitter());
  // A hand-over that was written down keeps its number, whatever came of it.
  if (attempt.written) decision.attempt_count = email.attempt_count;
  if (decision.pause_configuration) {
    RETURN_IF_ERROR(Pause(transaction, attempt, result));
  } else {
    RETURN_IF_ERROR(emails.Unpause(attempt.route->smtp.id));
  }
  if (decision.attempt_count > spent) {
    RETURN_IF_ERROR(WriteAttempt(transaction, attempt, result, decision.attempt_count, email));
  }
  email.state_reason = outcome == domain::SendOutcome::kAccepted ? "" : result.text;
  RETURN_IF_ERROR(Apply(transaction, job, email, decision));
  return transaction.Commit();
}

absl::Status DeliveryOutcomes::Pause(store::Transaction& transaction, const EmailAttempt& attempt,
                                     const mail::SendResult& result) {
  const std::string& configuration = attempt.route->smtp.id;
  const absl::Time now = core_.clock.Now();
  store::Emails emails(transaction);
  ASSIGN_OR_RETURN(const int faults, emails.CountFault(configuration, result.text, now));
  base::Log(base::Level::kError, "smtp_configuration_paused",
            {{"configuration", configuration},
             {"faults", faults},
             {"step", std::string(mail::StepName(result.step))},
             {"reply_code", result.code},
             {"fault", result.text}});
  return emails.PauseUntil(configuration, now + domain::SessionPause(faults, Jitter()));
}

absl::Status DeliveryOutcomes::WriteAttempt(store::Transaction& transaction, const EmailAttempt& attempt,
                                            const mail::SendResult& result, int attempt_no, EmailRecord& email) {
  domain::EmailAttempt row{.attempt_no = attempt_no,
                           .started_at = attempt.started_at,
                           .ended_at = core_.clock.Now(),
                           .outcome = std::string(mail::OutcomeName(result.outcome)),
                           .reply = result.text,
                           .transcript = result.transcript};
  if (result.code != 0) row.reply_code = result.code;
  store::Emails emails(transaction);
  if (!attempt.written) {
    if (!email.first_attempt_at) email.first_attempt_at = attempt.started_at;
    RETURN_IF_ERROR(emails.InsertAttempt(email, row));
  }
  return emails.FinishAttempt(email.id, row);
}

absl::Status DeliveryOutcomes::Recover(const store::Job& job) {
  const absl::Time now = core_.clock.Now();
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Jobs(transaction).HoldFence(job));
  store::Emails emails(transaction);
  ASSIGN_OR_RETURN(EmailRecord email, emails.Lock(job.subject_id));
  if (email.state != EmailState::kSending) return absl::AbortedError("the email is another worker's");
  ASSIGN_OR_RETURN(const auto routes, core_.mail_routes.Of(transaction, {email.vendor_id}));
  const domain::UnknownPolicy policy =
      routes.empty() ? domain::UnknownPolicy::kRetryOnce : routes.begin()->second.unknown_policy;
  ASSIGN_OR_RETURN(const domain::EmailFacts facts, EmailFactsOf(transaction, email, email.attempt_count - 1));
  RETURN_IF_ERROR(emails.FinishAttempt(email.id, LostAttempt(email, now)));
  email.state_reason = kMayHaveIt;
  RETURN_IF_ERROR(Apply(transaction, job, email,
                        domain::AfterAttempt(facts, domain::SendOutcome::kLost, policy, now, /*jitter=*/0)));
  return transaction.Commit();
}

absl::Status DeliveryOutcomes::TakeBack(const EmailAttempt& attempt) {
  const store::Job& job = attempt.job;
  const absl::Time now = core_.clock.Now();
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Jobs(transaction).HoldFence(job));
  store::Emails emails(transaction);
  ASSIGN_OR_RETURN(EmailRecord email, emails.Lock(attempt.email.id));
  if (email.state == EmailState::kSending) {
    RETURN_IF_ERROR(emails.FinishAttempt(email.id, {.attempt_no = email.attempt_count,
                                                    .ended_at = now,
                                                    .outcome = "NOT_HANDED_OVER",
                                                    .reply = "the hand-over was not confirmed, so nothing was sent"}));
    email.state = EmailState::kQueued;
    RETURN_IF_ERROR(emails.Update(email, now));
  }
  RETURN_IF_ERROR(store::Jobs(transaction).PutOff(job, kAfterTakeBack, "the hand-over was not confirmed"));
  return transaction.Commit();
}

absl::Status DeliveryOutcomes::GiveUp(const store::Job& job, const absl::Status& why) {
  // What went wrong inside is for the log; what the client can mend is told.
  const bool telling = absl::IsFailedPrecondition(why) || absl::IsInvalidArgument(why);
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Jobs(transaction).HoldFence(job));
  store::Emails emails(transaction);
  absl::StatusOr<EmailRecord> email = emails.Lock(job.subject_id);
  if (absl::IsNotFound(email.status())) return absl::OkStatus();  // nobody is to be told
  RETURN_IF_ERROR(email.status());
  domain::EmailDecision decision{
      .state = EmailState::kFailed, .attempt_count = email->attempt_count, .repeat_count = email->repeat_count};
  email->state_reason = telling ? std::string(why.message()) : "the message could not be made; the log has the cause";
  if (email->state == EmailState::kSending) {
    RETURN_IF_ERROR(emails.FinishAttempt(email->id, LostAttempt(*email, core_.clock.Now())));
    decision.state = EmailState::kUnknown;
    email->state_reason = kMayHaveIt;
  }
  RETURN_IF_ERROR(Apply(transaction, job, *email, decision));
  return transaction.Commit();
}

absl::Status DeliveryOutcomes::GiveBack(const store::Job& job) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Jobs(transaction).GiveBack(job));
  return transaction.Commit();
}

absl::Status DeliveryOutcomes::PutOffAll(const std::vector<store::Job>& jobs, absl::Duration delay,
                                         const std::string& why) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Jobs(transaction).PutOffAll(jobs, delay, why));
  return transaction.Commit();
}

absl::Status DeliveryOutcomes::Unpause(const std::string& configuration) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Emails(transaction).Unpause(configuration));
  return transaction.Commit();
}

absl::Status DeliveryOutcomes::BeginAnew() {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  store::Emails emails(transaction);
  RETURN_IF_ERROR(emails.Unpause(kEnvironmentRoute));
  RETURN_IF_ERROR(emails.WakeQueued(""));
  return transaction.Commit();
}

// Writes what was decided to the email, the invoice and the job.
absl::Status DeliveryOutcomes::Apply(store::Transaction& transaction, const store::Job& job, EmailRecord& email,
                                     const domain::EmailDecision& decision) {
  const absl::Time now = core_.clock.Now();
  email.state = decision.state;
  email.attempt_count = decision.attempt_count;
  email.repeat_count = decision.repeat_count;
  email.next_attempt_at = decision.next_attempt_at;
  if (decision.state == EmailState::kSent) email.sent_at = now;
  RETURN_IF_ERROR(store::Emails(transaction).Update(email, now));
  RETURN_IF_ERROR(UpdateDelivery(core_, transaction, email));
  if (decision.state != EmailState::kQueued) {
    // What people read about: the email was sent, or somebody has to look at it.
    RETURN_IF_ERROR(Audit(core_, transaction, CallOfSystem("worker"),
                          {email.vendor_id, absl::AsciiStrToLower(std::string(domain::Name(email.state))), "email",
                           email.id, "", store::ToJson(std::vector{email.recipient, email.state_reason})}));
    return store::Jobs(transaction).Finish(job);
  }
  // A paused configuration is looked at when the job comes up again.
  const absl::Duration delay =
      decision.next_attempt_at ? std::max(*decision.next_attempt_at - now, absl::ZeroDuration()) : absl::ZeroDuration();
  return store::Jobs(transaction).PutOff(job, delay, email.state_reason);
}

}  // namespace invoice::app
