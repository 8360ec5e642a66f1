// The sending of emails, as background work: the job SEND_EMAIL, whose subject is an email. The states and their rules
// are in domain/email_state.h; here they are committed around the dialogue with the SMTP server. Before DATA the
// hand-over is committed, after the reply the result, so a crash at any moment repeats at most the message in flight,
// with the same Message-ID. Thread-safe.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/core.h"
#include "app/delivery_ledger.h"
#include "app/mail_connections.h"
#include "domain/email_state.h"
#include "mail/mailer.h"
#include "store/emails.h"
#include "store/jobs.h"

namespace invoice::app {

class Delivery {
 public:
  // `places` and `make_mailer` for the connections; see app/mail_connections.h.
  Delivery(Core& core, store::SmtpPlaces& places, std::function<std::unique_ptr<mail::Mailer>()> make_mailer)
      : core_(core),
        connections_(places, std::move(make_mailer)),
        ledger_(core, [this] { connections_.CloseIdle(); }) {}

  // Who gave a batch of jobs, and is told what became of each.
  struct Batch {
    // Once for each job that is not handed back; maybe later, and on another thread. OK: the job was ended or put off
    // in the transaction of the result.
    std::function<void(const store::Job&, const absl::Status&)> ended;
    // These were not begun: other workers may have them.
    std::function<void(const std::vector<store::Job>&)> hand_back;
  };
  // One attempt at each of the emails that is due one, over as few connections as possible.
  void RunAll(const std::vector<store::Job>& jobs, const Batch& batch);
  // The same for one email; returns when it has ended.
  absl::Status Run(const store::Job& job);
  // The email of a job that is given up is FAILED.
  absl::Status GiveUp(const store::Job& job, const absl::Status& why);
  // Attempts that have not handed over give up and hand their job back; those that wait for the final reply have until
  // kShutdownWait.
  void Stop();

 private:
  struct Attempt;
  struct Sorting;
  struct Round;

  absl::Status Sort(const std::vector<store::Job>& jobs, Sorting& sorting);
  absl::Status HoldToRates(store::Transaction& transaction, Sorting& sorting);
  absl::Status ReadDocuments(store::Transaction& transaction, Sorting& sorting);
  void SendAll(Round& round);
  void SendOne(Round& round, Attempt& attempt, mail::Mailer& mailer);
  void HandBackRest(Round& round);
  absl::Status Prepare(Attempt& attempt);
  bool KeepGoing(const Attempt& attempt) const;
  absl::Status Recover(const store::Job& job);
  absl::Status GiveBack(const store::Job& job);
  absl::Status TakeBack(const Attempt& attempt);
  absl::Status HandOver(Attempt& attempt);
  absl::Status PutOffAll(const std::vector<store::Job>& jobs, absl::Duration delay, const std::string& why);
  absl::Status Unpause(const std::string& configuration);
  absl::Status Record(const Attempt& attempt, const mail::SendResult& result);
  absl::Status EndAs(const store::Job& job, const std::string& email_id, domain::EmailState state,
                     const std::string& reason);
  absl::Status Apply(store::Transaction& transaction, const store::Job& job, domain::EmailRecord& email,
                     const domain::EmailDecision& decision);
  absl::Status NoteEnd(store::Transaction& transaction, const domain::EmailRecord& email);
  absl::Status Surely(const std::function<absl::Status()>& write) const;

  Core& core_;
  MailConnections connections_;
  DeliveryLedger ledger_;  // uses the connections
  std::atomic<bool> stopping_ = false;
  std::atomic<int64_t> stopped_at_ns_ = 0;  // of the machine's clock; written before stopping_
};

}  // namespace invoice::app
