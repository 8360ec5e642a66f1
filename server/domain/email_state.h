// The states of one email (domain rules: "Email"): what an attempt's outcome makes of it, and what a person may do. It
// sends nothing and reads no clock; the worker commits what it answers. Pure.
//
//   QUEUED                         -> QUEUED | FAILED                     an attempt ended before DATA
//   QUEUED                         -> SENDING                             the hand-over, committed before DATA
//   SENDING                        -> SENT | QUEUED | FAILED | UNKNOWN    the reply, or none
//   SENT                           -> BOUNCED                             the message came back
//   HELD, FAILED, BOUNCED, UNKNOWN -> QUEUED                              by a person
//   QUEUED, HELD, FAILED, UNKNOWN  -> CANCELLED                           by a person
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "domain/kinds.h"

namespace invoice::domain {

// How one attempt ended.
enum class SendOutcome {
  kSessionFault,  // name, connect, TLS, greeting, EHLO or log-in: says nothing about this email
  kRefused,       // 5xx to RCPT or after DATA
  kDeferred,      // 4xx, or the connection was lost, before the message was handed over; 4xx after it
  kAccepted,      // 250 after DATA
  kLost,          // handed over, and no reply came, or the worker died: the server may have it
};

// What to do with an email whose fate is unknown.
enum class UnknownPolicy { kRetryOnce, kHold };

// What the decision depends on.
struct EmailFacts {
  EmailState state = EmailState::kSending;
  int attempt_count = 0;                       // spent before this one
  int repeat_count = 0;                        // repeats after an unknown outcome before this one
  std::optional<absl::Time> first_attempt_at;  // since it was queued or a person retried it; none: this is the first
  int round_attempts = 0;                      // of those spent, the ones since then
};

struct EmailDecision {
  EmailState state = EmailState::kQueued;
  int attempt_count = 0;
  int repeat_count = 0;
  std::optional<absl::Time> next_attempt_at;  // of QUEUED: not before; none: as soon as its configuration is free
  bool pause_configuration = false;           // alert, and let no email through it for SessionPause()
  friend bool operator==(const EmailDecision&, const EmailDecision&) = default;
};

// What becomes of an email after an attempt that ended at `now`:
//   kAccepted      SENT
//   kRefused       FAILED
//   kDeferred      QUEUED again after 1, 2, 4 ... at most 60 minutes; FAILED 24 hours after its first attempt
//   kLost          QUEUED once more under kRetryOnce, with the same Message-ID; otherwise UNKNOWN
//   kSessionFault  QUEUED; no attempt counts, and the configuration pauses
// `jitter` of 0 to 1 takes up to a fifth off each wait.
EmailDecision AfterAttempt(const EmailFacts& email, SendOutcome outcome, UnknownPolicy policy, absl::Time now,
                           double jitter);

// How long a configuration rests after so many faults of the session in a row, 1 or more.
absl::Duration SessionPause(int faults, double jitter);

// The time between two messages under a limit of `per_minute`, above 0.
absl::Duration SendInterval(int per_minute);

// When the message after this one may go, where this one may at `now`; nothing where it has to wait. `next_send_at` is
// what was answered before. So much as comes up within base::kMaxRateBurst goes at once.
std::optional<absl::Time> TakeFromRate(absl::Time next_send_at, int per_minute, absl::Time now);

enum class EmailAction { kRetry, kRelease, kCancel, kBounce };

// The state after what a person did (or a bounce said); FAILED_PRECONDITION INVALID_STATE names the state and the way
// out. kRetry sends an email again whose way ended (FAILED, BOUNCED, UNKNOWN), kRelease lets a HELD one go.
absl::StatusOr<EmailState> ApplyAction(EmailState state, EmailAction action);

}  // namespace invoice::domain
