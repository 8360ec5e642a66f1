#include "app/delivery.h"

#include <map>
#include <optional>
#include <utility>

#include "app/documents.h"
#include "app/mail_rates.h"
#include "app/mail_text.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/status.h"
#include "mail/message.h"

namespace invoice::app {
namespace {

constexpr absl::Duration kConnectionWait = absl::Seconds(1);  // for one of the connections that a configuration allows
constexpr absl::Duration kLongBatch = absl::Seconds(1);
constexpr absl::Duration kBetweenDeliveryTries = absl::Milliseconds(500);

std::vector<mail::MailAddress> AddressesOf(const std::vector<std::string>& texts) {
  std::vector<mail::MailAddress> addresses;
  for (const std::string& text : texts) addresses.push_back({.name = "", .address = text});
  return addresses;
}

}  // namespace

// Emails of one configuration, one after the other on one connection.
struct Delivery::Round {
  const MailRoute* route = nullptr;
  std::vector<EmailAttempt*> attempts;
  size_t next = 0;  // not begun
  bool was_paused = false;

  bool HasMore() const { return next < attempts.size(); }
  // The jobs that were not begun; they are no longer this round's.
  std::vector<store::Job> TakeRest() {
    std::vector<store::Job> rest;
    for (; HasMore(); ++next) rest.push_back(attempts[next]->job);
    return rest;
  }
};

// What is done with one batch.
struct Delivery::Sending {
  const Client& client;
  DeliveryBatch batch;
  std::map<std::string, Round> rounds;  // by configuration

  void FormRounds();
  void EndAll(const std::vector<store::Job>& jobs, const absl::Status& status) const {
    for (const store::Job& job : jobs) client.ended(job, status);
  }
  void HandBack(Round& round) const {
    const std::vector<store::Job> rest = round.TakeRest();
    if (!rest.empty()) client.hand_back(rest);
  }
  // A server that takes its time must not keep the others waiting: those of other configurations, and its own where
  // another connection could carry them.
  void GiveWay(const Round& present, bool its_own) {
    for (auto& [configuration, round] : rounds) {
      if (&round != &present || its_own) HandBack(round);
    }
  }
};

void Delivery::Sending::FormRounds() {
  for (EmailAttempt& attempt : batch.ready) {
    const std::string& configuration = attempt.route->smtp.id;
    Round& round = rounds.try_emplace(configuration, Round{.route = attempt.route}).first->second;
    round.attempts.push_back(&attempt);
    round.was_paused = batch.pauses.contains(configuration);
  }
}

void Delivery::RunAll(const std::vector<store::Job>& jobs, const Client& client) {
  absl::StatusOr<DeliveryBatch> batch = ReadBatch(core_, jobs);
  if (!batch.ok()) {
    for (const store::Job& job : jobs) client.ended(job, batch.status());
    return;
  }
  Sending sending{.client = client, .batch = *std::move(batch), .rounds = {}};
  sending.EndAll(sending.batch.ended, absl::OkStatus());
  for (const store::Job& job : sending.batch.unknown) client.ended(job, base::NotFound("email", job.subject_id));
  for (const store::Job& job : sending.batch.lost) client.ended(job, outcomes_.Recover(job));
  sending.FormRounds();
  for (auto& [configuration, round] : sending.rounds) {
    if (round.HasMore()) SendAll(sending, round);
  }
}

void Delivery::SendAll(Sending& sending, Round& round) {
  const MailRoute& route = *round.route;
  if (!route.fault.empty()) {
    const EmailAttempt& first = *round.attempts[round.next++];
    const mail::SendResult fault{.outcome = mail::SendOutcome::kSessionFault,
                                 .step = mail::SmtpStep::kAuth,
                                 .permanent = true,
                                 .text = route.fault};
    sending.client.ended(first.job, Surely([&] { return outcomes_.Record(first, fault); }));
    return sending.HandBack(round);
  }
  std::optional<MailConnections::Lease> connection = connections_.Take(route, kConnectionWait);
  if (!connection) {
    const std::vector<store::Job> jobs = round.TakeRest();
    return sending.EndAll(jobs,
                          outcomes_.PutOffAll(jobs, kConnectionWait, "all connections to the mail server are in use"));
  }
  const absl::Time begun_at = absl::Now();
  while (!stopping_ && round.HasMore() && MaySend(sending, round)) {
    SendOne(sending, round, *round.attempts[round.next++], connection->mailer());
    if (absl::Now() - begun_at > kLongBatch) sending.GiveWay(round, connections_.HasRoom(route));
  }
  if (stopping_) sending.GiveWay(round, /*its_own=*/true);
}

// Whether the rate limit lets the next one go; else none is left.
bool Delivery::MaySend(Sending& sending, Round& round) {
  if (round.route->max_emails_per_minute == 0) return true;
  const absl::StatusOr<bool> turn = TakeTurn(core_, *round.route);
  if (turn.ok() && *turn) return true;
  const std::vector<store::Job> jobs = round.TakeRest();
  sending.EndAll(jobs, turn.ok() ? WaitForTurns(core_, *round.route, jobs) : turn.status());
  return false;
}

void Delivery::SendOne(Sending& sending, Round& round, EmailAttempt& attempt, mail::Mailer& mailer) {
  const auto end = [&](const absl::Status& status) { sending.client.ended(attempt.job, status); };
  if (const absl::Status status = Prepare(attempt); !status.ok()) return end(status);
  const auto keep_going = [&] {
    sending.GiveWay(round, /*its_own=*/true);
    return KeepGoing(attempt);
  };
  const mail::SendHooks hooks{.before_data = [&] { return HandOver(attempt); }, .keep_going = keep_going};
  const mail::Envelope envelope{.mail_from = attempt.route->from_address, .rcpt_to = attempt.email.recipient};
  mail::SendResult result = mailer.Send(attempt.route->smtp, envelope, attempt.mime, hooks);
  attempt.mime.clear();
  if (result.outcome == mail::SendOutcome::kNotHandedOver) {
    // The lease went to another worker: the email is its now.
    if (absl::IsAborted(result.hook_status)) return end(result.hook_status);
    return end(Surely([&] { return outcomes_.TakeBack(attempt); }));
  }
  // Stopping says nothing about the server or the email.
  if (stopping_ && !attempt.written && result.outcome != mail::SendOutcome::kRecipientRefused) {
    return end(Surely([&] { return outcomes_.GiveBack(attempt.job); }));
  }
  if (result.outcome == mail::SendOutcome::kAccepted && attempt.written) {
    if (std::exchange(round.was_paused, false)) {
      // The pause is over in any case.
      Surely([&] { return outcomes_.Unpause(attempt.route->smtp.id); }).IgnoreError();
    }
    return ledger_.Accept(
        {.job = attempt.job,
         .attempt_no = attempt.attempt_no,
         .ended_at = core_.clock.Now(),
         .reply_code = result.code,
         .reply = std::move(result.text),
         .transcript = std::move(result.transcript),
         .event_id = base::NewId(core_.clock)},
        [client = sending.client, job = attempt.job](const absl::Status& status) { client.ended(job, status); });
  }
  end(Surely([&] { return outcomes_.Record(attempt, result); }));
  // The others would meet the same: they come up again when the pause is over.
  if (OutcomeOf(result) == domain::SendOutcome::kSessionFault) sending.HandBack(round);
}

void Delivery::Stop() {
  stopped_at_ns_ = absl::GetCurrentTimeNanos();
  stopping_ = true;
}

bool Delivery::KeepGoing(const EmailAttempt& attempt) const {
  if (!stopping_) return true;
  const absl::Duration stopping = absl::Nanoseconds(absl::GetCurrentTimeNanos() - stopped_at_ns_);
  return attempt.written && stopping < base::kShutdownWait - absl::Seconds(1);
}

// The message with its document, which is rendered now where its job has not run yet.
absl::Status Delivery::Prepare(EmailAttempt& attempt) {
  const domain::EmailRecord& email = attempt.email;
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
absl::Status Delivery::HandOver(EmailAttempt& attempt) {
  ASSIGN_OR_RETURN(attempt.attempt_no, ledger_.HandOver({.job = attempt.job, .started_at = attempt.started_at}));
  attempt.written = true;
  return absl::OkStatus();
}

// What happened outside is worth waiting for the database to come back.
absl::Status Delivery::Surely(const std::function<absl::Status()>& write) const {
  const absl::Time give_up = absl::Now() + DeliveryLedger::kKeepTrying;
  for (;;) {
    const absl::Status status = write();
    const bool passing = absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
    if (!passing || stopping_ || absl::Now() > give_up) return status;
    absl::SleepFor(kBetweenDeliveryTries);
  }
}

}  // namespace invoice::app
