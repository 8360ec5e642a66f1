// The sending of emails, as background work: the job SEND_EMAIL, whose subject is an email. The states and their rules
// are in domain/email_state.h; here they are committed around the dialogue with the SMTP server. Before DATA the
// hand-over is committed, after the reply the result, so a crash at any moment repeats at most the message in flight,
// with the same Message-ID. Thread-safe.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "app/core.h"
#include "app/delivery_batch.h"
#include "app/delivery_ledger.h"
#include "app/delivery_outcomes.h"
#include "app/mail_connections.h"
#include "mail/mailer.h"
#include "store/jobs.h"

namespace invoice::app {

class Delivery {
 public:
  // `places` and `make_mailer` for the connections; see app/mail_connections.h.
  Delivery(Core& core, store::SmtpPlaces& places, std::function<std::unique_ptr<mail::Mailer>()> make_mailer)
      : core_(core), outcomes_(core), connections_(places, std::move(make_mailer)), ledger_(core) {}

  // Who gave a batch of jobs, and is told what became of each.
  struct Client {
    // Once for each job that is not handed back; maybe later, and on another thread. OK: the job was ended or put off
    // in the transaction of the result.
    std::function<void(const store::Job&, const absl::Status&)> ended;
    // These were not begun: other workers may have them.
    std::function<void(const std::vector<store::Job>&)> hand_back;
  };
  // The environment was read anew, so that a pause of its configuration is over. Without a database it runs out by
  // itself.
  void Start() { outcomes_.BeginAnew().IgnoreError(); }
  // One attempt at each of the emails that is due one, over as few connections as possible.
  void RunAll(const std::vector<store::Job>& jobs, const Client& client);
  // The email of a job that is given up; see DeliveryOutcomes.
  absl::Status GiveUp(const store::Job& job, const absl::Status& why) { return outcomes_.GiveUp(job, why); }
  // Attempts that have not handed over give up and hand their job back; those that wait for the final reply have until
  // kShutdownWait.
  void Stop();

 private:
  struct Round;
  struct Sending;

  void SendAll(Sending& sending, Round& round);
  void SendOne(Sending& sending, Round& round, EmailAttempt& attempt, mail::Mailer& mailer);
  bool MaySend(Sending& sending, Round& round);
  absl::Status Prepare(EmailAttempt& attempt);
  bool KeepGoing(const EmailAttempt& attempt) const;
  absl::Status HandOver(EmailAttempt& attempt);
  absl::Status Surely(const std::function<absl::Status()>& write) const;

  Core& core_;
  DeliveryOutcomes outcomes_;
  MailConnections connections_;
  DeliveryLedger ledger_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int64_t> stopped_at_ns_ = 0;  // of the machine's clock; written before stopping_
};

}  // namespace invoice::app
