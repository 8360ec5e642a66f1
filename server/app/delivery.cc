#include "app/delivery.h"

#include <algorithm>
#include <random>

#include "absl/strings/ascii.h"
#include "app/documents.h"
#include "app/mail_text.h"
#include "app/once.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/status.h"
#include "mail/message.h"
#include "store/invoices.h"
#include "store/json.h"

namespace invoice::app {
namespace {

using domain::EmailRecord;
using domain::EmailState;

constexpr absl::Duration kLookAgain = absl::Minutes(1);   // for a configuration where there is none
constexpr absl::Duration kKeepTrying = absl::Minutes(5);  // to write down a result while the database is away
constexpr absl::Duration kBetweenTries = absl::Milliseconds(500);

double Jitter() {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(random);
}

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

domain::EmailFacts FactsOf(const EmailRecord& email) {
  return {.state = email.state,
          .attempt_count = email.attempt_count,
          .repeat_count = email.repeat_count,
          .first_attempt_at = email.first_attempt_at};
}

std::vector<mail::MailAddress> AddressesOf(const std::vector<std::string>& texts) {
  std::vector<mail::MailAddress> addresses;
  for (const std::string& text : texts) addresses.push_back({.name = "", .address = text});
  return addresses;
}

}  // namespace

// One try: the email as it was read, its message, and the number the attempt was written down with.
struct Delivery::Attempt {
  EmailRecord email;
  MailRoute route;
  std::string mime;
  absl::Time started_at;
  int attempt_no = 0;
  bool written = false;  // the hand-over is committed
};

mail::Mailer& Delivery::ThreadMailer() {
  thread_local std::unique_ptr<mail::Mailer> mailer;
  if (!mailer) mailer = make_mailer_();
  return *mailer;
}

absl::Status Delivery::Run(const store::Job& job) {
  ASSIGN_OR_RETURN(std::optional<Attempt> attempt, Begin(job));
  if (!attempt) return absl::OkStatus();
  RETURN_IF_ERROR(Prepare(*attempt));
  const mail::SendHooks hooks{.before_data = [&] { return HandOver(job, *attempt); },
                              .keep_going = [&] { return KeepGoing(*attempt); }};
  const mail::Envelope envelope{.mail_from = attempt->route.from_address, .rcpt_to = attempt->email.recipient};
  const mail::SendResult result = ThreadMailer().Send(attempt->route.smtp, envelope, attempt->mime, hooks);
  if (result.outcome == mail::SendOutcome::kNotHandedOver) {
    // The lease went to another worker: the email is its now.
    if (absl::IsAborted(result.hook_status)) return result.hook_status;
    return Surely([&] { return TakeBack(job, *attempt); });
  }
  // Stopping says nothing about the server or the email.
  if (stopping_ && !attempt->written && result.outcome != mail::SendOutcome::kRecipientRefused) {
    return Surely([&] { return GiveBack(job); });
  }
  return Surely([&] { return Record(job, *attempt, result); });
}

void Delivery::Stop() {
  stopped_at_ns_ = absl::GetCurrentTimeNanos();
  stopping_ = true;
}

bool Delivery::KeepGoing(const Attempt& attempt) const {
  if (!stopping_) return true;
  const absl::Duration stopping = absl::Nanoseconds(absl::GetCurrentTimeNanos() - stopped_at_ns_);
  return attempt.written && stopping < base::kShutdownWait - absl::Seconds(1);
}

absl::Status Delivery::GiveUp(const store::Job& job, const absl::Status& why) {
  // What went wrong inside is for the log; what the client can mend is told.
  const bool telling = absl::IsFailedPrecondition(why) || absl::IsInvalidArgument(why);
  return EndAs(job, job.subject_id, EmailState::kFailed,
               telling ? std::string(why.message()) : "the message could not be made; the log has the cause");
}

// Reads the email and decides whether it is sent now. Nothing: the job is ended or put off.
absl::StatusOr<std::optional<Delivery::Attempt>> Delivery::Begin(const store::Job& job) {
  const absl::Time now = core_.clock.Now();
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Jobs(transaction).HoldFence(job));
  store::Emails emails(transaction);
  ASSIGN_OR_RETURN(EmailRecord email, emails.Lock(job.subject_id));
  ASSIGN_OR_RETURN(const auto routes, core_.mail_routes.Of(transaction, {email.vendor_id}));
  if (routes.empty()) {
    RETURN_IF_ERROR(store::Jobs(transaction).PutOff(job, kLookAgain, "there is no SMTP configuration"));
    RETURN_IF_ERROR(transaction.Commit());
    return std::optional<Attempt>();
  }
  const MailRoute& route = routes.begin()->second;
  if (email.state == EmailState::kSending) {
    // A worker died, or lost the database, after the hand-over was committed.
    const domain::EmailFacts facts{.state = email.state,
                                   .attempt_count = email.attempt_count - 1,
                                   .repeat_count = email.repeat_count,
                                   .first_attempt_at = email.first_attempt_at};
    const domain::EmailDecision decision = domain::AfterCrash(facts, /*handed_over=*/true, route.unknown_policy, now);
    RETURN_IF_ERROR(
        emails.FinishAttempt(email.id, {.attempt_no = email.attempt_count,
                                        .ended_at = now,
                                        .outcome = "LOST",
                                        .reply = "the worker ended before the server's reply was recorded"}));
    email.state_reason = "the server may have the message: no reply was recorded";
    RETURN_IF_ERROR(Apply(transaction, job, email, decision));
    RETURN_IF_ERROR(transaction.Commit());
    return std::optional<Attempt>();
  }
  if (email.state != EmailState::kQueued) {
    RETURN_IF_ERROR(store::Jobs(transaction).Finish(job));
    RETURN_IF_ERROR(transaction.Commit());
    return std::optional<Attempt>();
  }
  ASSIGN_OR_RETURN(const std::optional<absl::Time> paused_until, emails.PausedUntil(route.smtp.id));
  const absl::Time not_before = std::max(paused_until.value_or(now), email.next_attempt_at.value_or(now));
  if (not_before > now) {
    RETURN_IF_ERROR(store::Jobs(transaction).PutOff(job, not_before - now, email.state_reason));
    RETURN_IF_ERROR(transaction.Commit());
    return std::optional<Attempt>();
  }
  return std::optional(Attempt{.email = std::move(email), .route = route, .started_at = now});
}

// The message with its document, which is rendered now where its job has not run yet.
absl::Status Delivery::Prepare(Attempt& attempt) {
  const EmailRecord& email = attempt.email;
  absl::StatusOr<domain::InvoiceRecord> invoice = [&]() -> absl::StatusOr<domain::InvoiceRecord> {
    ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
    return store::Invoices(transaction).Get(email.invoice_id);
  }();
  if (!invoice.ok()) return invoice.status();
  ASSIGN_OR_RETURN(store::Blob blob, Documents(core_).Get(*invoice));
  const domain::InvoiceDocument& document = invoice->document;
  ASSIGN_OR_RETURN(mail::RenderedMail text, MailTextOf(document));
  mail::MailMessage message{
      .from = {.name = attempt.route.from_name.empty() ? document.vendor.name : attempt.route.from_name,
               .address = attempt.route.from_address},
      .to = {.name = email.header_to == document.customer.email ? document.customer.name : "",
             .address = email.header_to},
      .cc = AddressesOf(email.header_cc),
      .subject = email.subject,
      .text_body = std::move(text.text),
      .message_id = email.message_id,
      .date = email.created_at};
  if (!document.vendor.email.empty()) {
    message.reply_to = mail::MailAddress{.name = document.vendor.name, .address = document.vendor.email};
  }
  if (!text.html.empty()) message.html_body = std::move(text.html);
  message.attachments.push_back({.file_name = DocumentFileName(document),
                                 .content_type = std::move(blob.content_type),
                                 .bytes = std::move(blob.bytes)});
  ASSIGN_OR_RETURN(attempt.mime, mail::BuildMime(message));
  return absl::OkStatus();
}

// Committed after the server accepted the recipient and before DATA.
absl::Status Delivery::HandOver(const store::Job& job, Attempt& attempt) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Jobs(transaction).HoldFence(job));
  store::Emails emails(transaction);
  ASSIGN_OR_RETURN(EmailRecord email, emails.Lock(attempt.email.id));
  if (email.state != EmailState::kQueued) return absl::AbortedError("the email is no longer queued");
  email.state = EmailState::kSending;
  email.attempt_count += 1;
  if (!email.first_attempt_at) email.first_attempt_at = attempt.started_at;
  RETURN_IF_ERROR(emails.Update(email, core_.clock.Now()));
  RETURN_IF_ERROR(emails.InsertAttempt(
      email, {.attempt_no = email.attempt_count, .started_at = attempt.started_at, .outcome = "IN_FLIGHT"}));
  RETURN_IF_ERROR(transaction.Commit());
  attempt.email = email;
  attempt.attempt_no = email.attempt_count;
  attempt.written = true;
  return absl::OkStatus();
}

// What happened outside is worth waiting for the database to come back.
absl::Status Delivery::Surely(const std::function<absl::Status()>& write) const {
  const absl::Time give_up = absl::Now() + kKeepTrying;
  for (;;) {
    const absl::Status status = write();
    const bool passing = absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
    if (!passing || stopping_ || absl::Now() > give_up) return status;
    absl::SleepFor(kBetweenTries);
  }
}

absl::Status Delivery::GiveBack(const store::Job& job) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Jobs(transaction).GiveBack(job));
  return transaction.Commit();
}

// The hand-over was not confirmed, so no message was sent; but its commit may have taken effect.
absl::Status Delivery::TakeBack(const store::Job& job, const Attempt& attempt) {
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
  RETURN_IF_ERROR(store::Jobs(transaction).PutOff(job, absl::Seconds(1), "the hand-over was not confirmed"));
  return transaction.Commit();
}

absl::Status Delivery::Record(const store::Job& job, const Attempt& attempt, const mail::SendResult& result) {
  const absl::Time now = core_.clock.Now();
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Jobs(transaction).HoldFence(job));
  store::Emails emails(transaction);
  ASSIGN_OR_RETURN(EmailRecord email, emails.Lock(attempt.email.id));
  const domain::SendOutcome outcome = OutcomeOf(result);
  domain::EmailFacts facts = FactsOf(email);
  if (attempt.written) facts.attempt_count -= 1;
  domain::EmailDecision decision = domain::AfterAttempt(facts, outcome, attempt.route.unknown_policy, now, Jitter());
  // A hand-over that was written down keeps its number, whatever came of it.
  if (attempt.written) decision.attempt_count = email.attempt_count;
  if (decision.pause_configuration) {
    ASSIGN_OR_RETURN(const int faults, emails.CountFault(attempt.route.smtp.id, result.text, now));
    RETURN_IF_ERROR(emails.PauseUntil(attempt.route.smtp.id, now + domain::SessionPause(faults, Jitter())));
    base::Log(base::Level::kError, "smtp_configuration_paused",
              {{"configuration", attempt.route.smtp.id}, {"faults", faults}, {"fault", result.text}});
  } else if (outcome != domain::SendOutcome::kSessionFault) {
    RETURN_IF_ERROR(emails.Unpause(attempt.route.smtp.id));
  }
  if (decision.attempt_count > facts.attempt_count) {
    domain::EmailAttempt row{.attempt_no = decision.attempt_count,
                             .started_at = attempt.started_at,
                             .ended_at = now,
                             .outcome = std::string(mail::OutcomeName(result.outcome)),
                             .reply = result.text,
                             .transcript = result.transcript};
    if (result.code != 0) row.reply_code = result.code;
    if (!attempt.written) {
      if (!email.first_attempt_at) email.first_attempt_at = attempt.started_at;
      RETURN_IF_ERROR(emails.InsertAttempt(email, row));
    }
    RETURN_IF_ERROR(emails.FinishAttempt(email.id, row));
  }
  email.state_reason = outcome == domain::SendOutcome::kAccepted ? "" : result.text;
  RETURN_IF_ERROR(Apply(transaction, job, email, decision));
  return transaction.Commit();
}

// Writes what was decided to the email, the invoice and the job.
absl::Status Delivery::Apply(store::Transaction& transaction, const store::Job& job, EmailRecord& email,
                             const domain::EmailDecision& decision) {
  const absl::Time now = core_.clock.Now();
  email.state = decision.state;
  email.attempt_count = decision.attempt_count;
  email.repeat_count = decision.repeat_count;
  email.next_attempt_at = decision.next_attempt_at;
  if (decision.state == EmailState::kSent) email.sent_at = now;
  RETURN_IF_ERROR(store::Emails(transaction).Update(email, now));
  RETURN_IF_ERROR(UpdateDelivery(transaction, email));
  if (decision.state != EmailState::kQueued) {
    RETURN_IF_ERROR(NoteEnd(transaction, email));
    return store::Jobs(transaction).Finish(job);
  }
  // A paused configuration is looked at when the job comes up again.
  const absl::Duration delay =
      decision.next_attempt_at ? std::max(*decision.next_attempt_at - now, absl::ZeroDuration()) : absl::ZeroDuration();
  return store::Jobs(transaction).PutOff(job, delay, email.state_reason);
}

// What people read about: the email was sent, or somebody has to look at it.
absl::Status Delivery::NoteEnd(store::Transaction& transaction, const EmailRecord& email) {
  return Audit(core_, transaction, CallOfSystem("worker"),
               {email.vendor_id, absl::AsciiStrToLower(std::string(domain::Name(email.state))), "email", email.id, "",
                store::ToJson(std::vector{email.recipient, email.state_reason})});
}

// The invoice counts as sent when its To email is; what was sent once stays sent.
absl::Status Delivery::UpdateDelivery(store::Transaction& transaction, const EmailRecord& email) {
  if (email.recipient_role != "TO") return absl::OkStatus();
  store::Invoices invoices(transaction);
  ASSIGN_OR_RETURN(const domain::InvoiceRecord invoice, invoices.Lock(email.invoice_id));
  if (invoice.delivery == domain::Delivery::kSent && email.state != EmailState::kBounced) return absl::OkStatus();
  const EmailState shown = email.state == EmailState::kSending ? EmailState::kQueued : email.state;
  const auto delivery = domain::Parse<domain::Delivery>(domain::Name(shown));
  if (!delivery || *delivery == invoice.delivery) return absl::OkStatus();
  // What a person marked as handed over stays so, unless an email does better.
  if (invoice.delivery == domain::Delivery::kMarked && email.state != EmailState::kSent) return absl::OkStatus();
  return invoices.SetDelivery(invoice.id, *delivery, email.sent_at, core_.clock.Now());
}

absl::Status Delivery::EndAs(const store::Job& job, const std::string& email_id, EmailState state,
                             const std::string& reason) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Jobs(transaction).HoldFence(job));
  ASSIGN_OR_RETURN(EmailRecord email, store::Emails(transaction).Lock(email_id));
  email.state_reason = reason;
  RETURN_IF_ERROR(Apply(transaction, job, email,
                        {.state = state, .attempt_count = email.attempt_count, .repeat_count = email.repeat_count}));
  return transaction.Commit();
}

}  // namespace invoice::app
