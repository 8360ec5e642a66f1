// The test of an SMTP configuration on demand. It talks to a mail server while somebody waits, so only few run at a
// time, each for some seconds, and none holds a transaction meanwhile. Thread-safe.
#pragma once

#include <atomic>
#include <string>

#include "app/call.h"
#include "app/core.h"
#include "mail/smtp_trial.h"

namespace invoice::app {

class SmtpTrials {
 public:
  explicit SmtpTrials(Core& core) : core_(core) {}

  // Logs in and, where `recipient` is not empty, sends it a message. What the mail server refuses is an answer.
  // NOT_FOUND where the id is unknown, UNAVAILABLE where too many tests run. With an idempotency key at most one
  // message goes out: a replay gives the first answer, or says that there is none yet.
  absl::StatusOr<Outcome<mail::TestReport>> Test(const Call& call, const std::string& id, const std::string& recipient,
                                                 const Encode<mail::TestReport>& encode);

 private:
  Core& core_;
  std::atomic<int> running_ = 0;
};

}  // namespace invoice::app
