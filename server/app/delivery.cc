#include "app/delivery.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/synchronization/notification.h"
#include "app/documents.h"
#include "app/invoice_delivery.h"
#include "app/mail_text.h"
#include "app/once.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/status.h"
#include "mail/message.h"
#include "store/email_templates.h"
#include "store/invoices.h"
#include "store/json.h"

namespace invoice::app {
namespace {

using domain::EmailRecord;
using domain::EmailState;

constexpr absl::Duration kLookAgain = absl::Minutes(1);       // for a configuration where there is none
constexpr absl::Duration kConnectionWait = absl::Seconds(1);  // for one of the connections that a configuration allows
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
  store::Job job;
  EmailRecord email;
  const MailRoute* route = nullptr;
  domain::InvoiceRecord invoice;
  domain::EmailTemplate own_template;  // the version that the email was queued with
  std::optional<store::Blob> blob;     // none: the document is not rendered yet
  absl::Time started_at;
  std::string mime;
  int attempt_no = 0;
  bool written = false;  // the hand-over is committed
};

// A batch of jobs, by what is to be done with each.
struct Delivery::Sorting {
  absl::Time now;
  std::map<std::string, MailRoute> routes;   // by vendor
  std::map<std::string, absl::Time> pauses;  // by configuration
  std::vector<Attempt> ready;
  std::vector<store::Job> lost;                                                   // handed over by a worker that died
  std::vector<store::Job> over;                                                   // nothing is left to do
  std::vector<store::Job> unknown;                                                // without an email
  std::map<std::pair<absl::Time, std::string>, std::vector<store::Job>> put_off;  // until, why

  void PutOff(const store::Job& job, absl::Time until, const std::string& why) { put_off[{until, why}].push_back(job); }
  void Place(const store::Job& job, const EmailRecord& email);
};

// Emails of one configuration, one after the other on one connection.
struct Delivery::Round {
  const Batch& batch;
  std::vector<Attempt*> attempts;
  size_t next = 0;  // not begun
  bool was_paused = false;
};

void Delivery::Sorting::Place(const store::Job& job, const EmailRecord& email) {
  const auto route = routes.find(email.vendor_id);
  if (email.state == EmailState::kSending) return lost.push_back(job);
  if (email.state != EmailState::kQueued) return over.push_back(job);
  if (route == routes.end()) return PutOff(job, now + kLookAgain, "there is no SMTP configuration");
  const auto pause = pauses.find(route->second.smtp.id);
  const absl::Time paused_until = pause == pauses.end() ? now : pause->second;
  const absl::Time not_before = std::max(paused_until, email.next_attempt_at.value_or(now));
  if (not_before > now) return PutOff(job, not_before, email.state_reason);
  ready.push_back({.job = job, .email = email, .route = &route->second, .started_at = now});
}

void Delivery::RunAll(const std::vector<store::Job>& jobs, const Batch& batch) {
  Sorting sorting{.now = core_.clock.Now()};
  if (const absl::Status status = Sort(jobs, sorting); !status.ok()) {
    for (const store::Job& job : jobs) batch.ended(job, status);
    return;
  }
  for (const auto& [until_why, put_off] : sorting.put_off) {
    for (const store::Job& job : put_off) batch.ended(job, absl::OkStatus());
  }
  for (const store::Job& job : sorting.over) batch.ended(job, absl::OkStatus());
  for (const store::Job& job : sorting.unknown) batch.ended(job, base::NotFound("email", job.subject_id));
  for (const store::Job& job : sorting.lost) batch.ended(job, Recover(job));
  std::map<std::string, Round> rounds;
  for (Attempt& attempt : sorting.ready) {
    const std::string& configuration = attempt.route->smtp.id;
    Round& round = rounds.try_emplace(configuration, Round{.batch = batch}).first->second;
    round.attempts.push_back(&attempt);
    round.was_paused = sorting.pauses.contains(configuration);
  }
  for (auto& [configuration, round] : rounds) SendAll(round);
}

absl::Status Delivery::Run(const store::Job& job) {
  absl::Notification over;
  absl::Status outcome;
  const auto end = [&](const absl::Status& status) {
    outcome = status;
    over.Notify();
  };
  RunAll({job}, {.ended = [&](const store::Job&, const absl::Status& status) { end(status); },
                 .hand_back = [&](const std::vector<store::Job>&) { end(GiveBack(job)); }});
  over.WaitForNotification();
  return outcome;
}

// Reads all that the batch needs and ends what is not to be sent now, in one transaction.
absl::Status Delivery::Sort(const std::vector<store::Job>& jobs, Sorting& sorting) {
  std::map<std::string, store::Job> by_email;
  std::vector<std::string> ids;
  for (const store::Job& job : jobs) {
    by_email[job.subject_id] = job;
    ids.push_back(job.subject_id);
  }
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  ASSIGN_OR_RETURN(const std::vector<EmailRecord> emails, store::Emails(transaction).GetAll(ids));
  std::set<std::string> vendors;
  for (const EmailRecord& email : emails) vendors.insert(email.vendor_id);
  ASSIGN_OR_RETURN(sorting.routes, core_.mail_routes.Of(transaction, {vendors.begin(), vendors.end()}));
  std::set<std::string> configurations;
  for (const auto& [vendor, route] : sorting.routes) configurations.insert(route.smtp.id);
  ASSIGN_OR_RETURN(sorting.pauses, store::Emails(transaction).Pauses({configurations.begin(), configurations.end()}));
  for (const EmailRecord& email : emails) {
    sorting.Place(by_email.at(email.id), email);
    by_email.erase(email.id);
  }
  for (const auto& [id, job] : by_email) sorting.unknown.push_back(job);
  RETURN_IF_ERROR(HoldToRates(transaction, sorting));
  RETURN_IF_ERROR(ReadDocuments(transaction, sorting));
  store::Jobs ends(transaction);
  for (const auto& [until_why, put_off] : sorting.put_off) {
    RETURN_IF_ERROR(ends.PutOffAll(put_off, until_why.first - sorting.now, until_why.second));
  }
  for (const store::Job& job : sorting.over) RETURN_IF_ERROR(ends.Finish(job));
  return transaction.Commit();
}

// What is above a configuration's rate waits.
absl::Status Delivery::HoldToRates(store::Transaction& transaction, Sorting& sorting) {
  std::map<std::string, std::vector<Attempt>> limited;  // in the order of the configurations, as they are locked
  std::vector<Attempt> ready;
  for (Attempt& attempt : sorting.ready) {
    (attempt.route->max_emails_per_minute > 0 ? limited[attempt.route->smtp.id] : ready).push_back(std::move(attempt));
  }
  store::Emails emails(transaction);
  for (auto& [configuration, attempts] : limited) {
    ASSIGN_OR_RETURN(const absl::Time next, emails.LockNextSend(configuration, sorting.now));
    const domain::RateGrant grant = domain::TakeFromRate(next, attempts.front().route->max_emails_per_minute,
                                                         sorting.now, static_cast<int>(attempts.size()));
    RETURN_IF_ERROR(emails.SetNextSend(configuration, grant.next_send_at));
    for (size_t i = 0; i < attempts.size(); ++i) {
      if (static_cast<int>(i) < grant.count) {
        ready.push_back(std::move(attempts[i]));
      } else {
        sorting.PutOff(attempts[i].job, grant.next_send_at, "the rate limit of the SMTP configuration");
      }
    }
  }
  sorting.ready = std::move(ready);
  return absl::OkStatus();
}

absl::Status Delivery::ReadDocuments(store::Transaction& transaction, Sorting& sorting) {
  if (sorting.ready.empty()) return absl::OkStatus();
  std::set<std::string> ids;
  store::EmailTemplates::Versions versions;
  for (const Attempt& attempt : sorting.ready) {
    ids.insert(attempt.email.invoice_id);
    versions.emplace(attempt.email.vendor_id, attempt.email.template_version);
  }
  ASSIGN_OR_RETURN(const auto templates, store::EmailTemplates(transaction).GetAll(versions));
  ASSIGN_OR_RETURN(std::vector<domain::InvoiceRecord> found,
                   store::Invoices(transaction).GetAll({ids.begin(), ids.end()}));
  std::map<std::string, domain::InvoiceRecord> invoices;
  std::vector<std::string> sha256s;
  for (domain::InvoiceRecord& invoice : found) {
    if (!invoice.document_sha256.empty()) sha256s.push_back(invoice.document_sha256);
    const std::string id = invoice.id;
    invoices.emplace(id, std::move(invoice));
  }
  ASSIGN_OR_RETURN(const auto blobs, store::GetBlobs(transaction, sha256s));
  for (Attempt& attempt : sorting.ready) {
    attempt.invoice = invoices.at(attempt.email.invoice_id);
    attempt.own_template = templates.at({attempt.email.vendor_id, attempt.email.template_version});
    const auto blob = blobs.find(attempt.invoice.document_sha256);
    if (blob != blobs.end()) attempt.blob = blob->second;
  }
  return absl::OkStatus();
}

void Delivery::SendAll(Round& round) {
  const MailRoute& route = *round.attempts.front()->route;
  if (!route.fault.empty()) {
    Attempt& first = *round.attempts[round.next++];
    const mail::SendResult fault{.outcome = mail::SendOutcome::kSessionFault, .permanent = true, .text = route.fault};
    round.batch.ended(first.job, Surely([&] { return Record(first, fault); }));
    return HandBackRest(round);
  }
  std::optional<MailConnections::Lease> connection = connections_.Take(route, kConnectionWait);
  if (!connection) {
    std::vector<store::Job> jobs;
    for (const Attempt* attempt : round.attempts) jobs.push_back(attempt->job);
    const absl::Status status = PutOffAll(jobs, kConnectionWait, "all connections to the mail server are in use");
    for (const store::Job& job : jobs) round.batch.ended(job, status);
    return;
  }
  while (round.next < round.attempts.size()) {
    if (stopping_) return HandBackRest(round);
    SendOne(round, *round.attempts[round.next++], connection->mailer());
  }
}

void Delivery::SendOne(Round& round, Attempt& attempt, mail::Mailer& mailer) {
  const auto end = [&](const absl::Status& status) { round.batch.ended(attempt.job, status); };
  if (const absl::Status status = Prepare(attempt); !status.ok()) return end(status);
  const auto keep_going = [&] {
    // A server that takes its time must not keep the others waiting.
    HandBackRest(round);
    return KeepGoing(attempt);
  };
  const mail::SendHooks hooks{.before_data = [&] { return HandOver(attempt); }, .keep_going = keep_going};
  const mail::Envelope envelope{.mail_from = attempt.route->from_address, .rcpt_to = attempt.email.recipient};
  mail::SendResult result = mailer.Send(attempt.route->smtp, envelope, attempt.mime, hooks);
  attempt.mime.clear();
  if (result.outcome == mail::SendOutcome::kNotHandedOver) {
    // The lease went to another worker: the email is its now.
    if (absl::IsAborted(result.hook_status)) return end(result.hook_status);
    return end(Surely([&] { return TakeBack(attempt); }));
  }
  // Stopping says nothing about the server or the email.
  if (stopping_ && !attempt.written && result.outcome != mail::SendOutcome::kRecipientRefused) {
    return end(Surely([&] { return GiveBack(attempt.job); }));
  }
  if (result.outcome == mail::SendOutcome::kAccepted && attempt.written) {
    if (std::exchange(round.was_paused, false)) {
      Surely([&] { return Unpause(attempt.route->smtp.id); }).IgnoreError();  // the pause is over in any case
    }
    return ledger_.Accept(
        {.job = attempt.job,
         .attempt_no = attempt.attempt_no,
         .ended_at = core_.clock.Now(),
         .reply_code = result.code,
         .reply = std::move(result.text),
         .transcript = std::move(result.transcript)},
        [batch = round.batch, job = attempt.job](const absl::Status& status) { batch.ended(job, status); });
  }
  end(Surely([&] { return Record(attempt, result); }));
  // The others would meet the same: they come up again when the pause is over.
  if (OutcomeOf(result) == domain::SendOutcome::kSessionFault) HandBackRest(round);
}

void Delivery::HandBackRest(Round& round) {
  std::vector<store::Job> rest;
  for (; round.next < round.attempts.size(); ++round.next) rest.push_back(round.attempts[round.next]->job);
  if (!rest.empty()) round.batch.hand_back(rest);
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

// A worker died, or lost the database, after the hand-over was committed.
absl::Status Delivery::Recover(const store::Job& job) {
  const absl::Time now = core_.clock.Now();
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Jobs(transaction).HoldFence(job));
  store::Emails emails(transaction);
  ASSIGN_OR_RETURN(EmailRecord email, emails.Lock(job.subject_id));
  if (email.state != EmailState::kSending) return absl::AbortedError("the email is another worker's");
  ASSIGN_OR_RETURN(const auto routes, core_.mail_routes.Of(transaction, {email.vendor_id}));
  const domain::UnknownPolicy policy =
      routes.empty() ? domain::UnknownPolicy::kRetryOnce : routes.begin()->second.unknown_policy;
  domain::EmailFacts facts = FactsOf(email);
  facts.attempt_count -= 1;
  const domain::EmailDecision decision = domain::AfterCrash(facts, /*handed_over=*/true, policy, now);
  RETURN_IF_ERROR(emails.FinishAttempt(email.id, {.attempt_no = email.attempt_count,
                                                  .ended_at = now,
                                                  .outcome = "LOST",
                                                  .reply = "the worker ended before the server's reply was recorded"}));
  email.state_reason = "the server may have the message: no reply was recorded";
  RETURN_IF_ERROR(Apply(transaction, job, email, decision));
  return transaction.Commit();
}

// The message with its document, which is rendered now where its job has not run yet.
absl::Status Delivery::Prepare(Attempt& attempt) {
  const EmailRecord& email = attempt.email;
  const domain::InvoiceDocument& document = attempt.invoice.document;
  if (!attempt.blob) {
    ASSIGN_OR_RETURN(attempt.blob, Documents(core_).Get(attempt.invoice));
  }
  ASSIGN_OR_RETURN(mail::RenderedMail text, MailTextOf(document, attempt.own_template));
  mail::MailMessage message{
      .from = {.name = attempt.route->from_name.empty() ? document.vendor.name : attempt.route->from_name,
               .address = attempt.route->from_address},
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
                                 .content_type = std::move(attempt.blob->content_type),
                                 .bytes = std::move(attempt.blob->bytes)});
  attempt.blob.reset();
  ASSIGN_OR_RETURN(attempt.mime, mail::BuildMime(message));
  return absl::OkStatus();
}

// Committed after the server accepted the recipient and before DATA.
absl::Status Delivery::HandOver(Attempt& attempt) {
  ASSIGN_OR_RETURN(attempt.attempt_no, ledger_.HandOver({.job = attempt.job, .started_at = attempt.started_at}));
  attempt.written = true;
  return absl::OkStatus();
}

absl::Status Delivery::Unpause(const std::string& configuration) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Emails(transaction).Unpause(configuration));
  return transaction.Commit();
}

absl::Status Delivery::PutOffAll(const std::vector<store::Job>& jobs, absl::Duration delay, const std::string& why) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Jobs(transaction).PutOffAll(jobs, delay, why));
  return transaction.Commit();
}

// What happened outside is worth waiting for the database to come back.
absl::Status Delivery::Surely(const std::function<absl::Status()>& write) const {
  const absl::Time give_up = absl::Now() + DeliveryLedger::kKeepTrying;
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
absl::Status Delivery::TakeBack(const Attempt& attempt) {
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
  RETURN_IF_ERROR(store::Jobs(transaction).PutOff(job, absl::Seconds(1), "the hand-over was not confirmed"));
  return transaction.Commit();
}

absl::Status Delivery::Record(const Attempt& attempt, const mail::SendResult& result) {
  const store::Job& job = attempt.job;
  const absl::Time now = core_.clock.Now();
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  RETURN_IF_ERROR(store::Jobs(transaction).HoldFence(job));
  store::Emails emails(transaction);
  ASSIGN_OR_RETURN(EmailRecord email, emails.Lock(attempt.email.id));
  const domain::SendOutcome outcome = OutcomeOf(result);
  domain::EmailFacts facts = FactsOf(email);
  if (attempt.written) facts.attempt_count -= 1;
  domain::EmailDecision decision = domain::AfterAttempt(facts, outcome, attempt.route->unknown_policy, now, Jitter());
  // A hand-over that was written down keeps its number, whatever came of it.
  if (attempt.written) decision.attempt_count = email.attempt_count;
  if (decision.pause_configuration) {
    ASSIGN_OR_RETURN(const int faults, emails.CountFault(attempt.route->smtp.id, result.text, now));
    RETURN_IF_ERROR(emails.PauseUntil(attempt.route->smtp.id, now + domain::SessionPause(faults, Jitter())));
    base::Log(base::Level::kError, "smtp_configuration_paused",
              {{"configuration", attempt.route->smtp.id}, {"faults", faults}, {"fault", result.text}});
  } else if (outcome != domain::SendOutcome::kSessionFault) {
    RETURN_IF_ERROR(emails.Unpause(attempt.route->smtp.id));
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
  RETURN_IF_ERROR(UpdateDelivery(core_, transaction, email));
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
