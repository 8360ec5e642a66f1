// The sending of emails, as background work: the job SEND_EMAIL, whose subject is an email. The states and their rules
// are in domain/email_state.h; here they are committed around the dialogue with the SMTP server. Before DATA the
// hand-over is committed, after the reply the result, so a crash at any moment repeats at most the message in flight,
// with the same Message-ID. Thread-safe: each thread has a mailer, and so connections, of its own.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/core.h"
#include "domain/email_state.h"
#include "mail/mailer.h"
#include "store/emails.h"
#include "store/jobs.h"

namespace invoice::app {

class Delivery {
 public:
  Delivery(Core& core, std::function<std::unique_ptr<mail::Mailer>()> make_mailer)
      : core_(core), make_mailer_(std::move(make_mailer)) {}

  // One attempt at the email, if it is due one. Ends or puts off the job in the transaction of the result.
  absl::Status Run(const store::Job& job);
  // The email of a job that is given up is FAILED.
  absl::Status GiveUp(const store::Job& job, const absl::Status& why);
  // Attempts that have not handed over give up and hand their job back; those that wait for the final reply have until
  // kShutdownWait.
  void Stop();

 private:
  struct Attempt;

  absl::StatusOr<std::optional<Attempt>> Begin(const store::Job& job);
  absl::Status Prepare(Attempt& attempt);
  bool KeepGoing(const Attempt& attempt) const;
  absl::Status GiveBack(const store::Job& job);
  absl::Status TakeBack(const store::Job& job, const Attempt& attempt);
  absl::Status HandOver(const store::Job& job, Attempt& attempt);
  absl::Status Record(const store::Job& job, const Attempt& attempt, const mail::SendResult& result);
  absl::Status EndAs(const store::Job& job, const std::string& email_id, domain::EmailState state,
                     const std::string& reason);
  absl::Status Apply(store::Transaction& transaction, const store::Job& job, domain::EmailRecord& email,
                     const domain::EmailDecision& decision);
  absl::Status NoteEnd(store::Transaction& transaction, const domain::EmailRecord& email);
  absl::Status Surely(const std::function<absl::Status()>& write) const;
  absl::Status UpdateDelivery(store::Transaction& transaction, const domain::EmailRecord& email);
  mail::Mailer& ThreadMailer();

  Core& core_;
  const std::function<std::unique_ptr<mail::Mailer>()> make_mailer_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int64_t> stopped_at_ns_ = 0;  // of the machine's clock; written before stopping_
};

}  // namespace invoice::app
