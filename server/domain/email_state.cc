#include "domain/email_state.h"

#include <algorithm>
#include <string>

#include "base/limits.h"
#include "base/status.h"
#include "fmt/format.h"

namespace invoice::domain {
namespace {

// `first` doubled with each count above one, at most `max`, less up to a fifth.
absl::Duration Backoff(absl::Duration first, absl::Duration max, int count, double jitter) {
  absl::Duration wait = first;
  for (int i = 1; i < count && wait < max; ++i) wait *= 2;
  return std::min(wait, max) * (1 - 0.2 * std::clamp(jitter, 0.0, 1.0));
}

EmailDecision Keep(const EmailFacts& email, EmailState state) {
  return {.state = state, .attempt_count = email.attempt_count, .repeat_count = email.repeat_count};
}

EmailDecision AfterDeferral(const EmailFacts& email, absl::Time now, double jitter) {
  EmailDecision decision = Keep(email, EmailState::kQueued);
  ++decision.attempt_count;
  if (now - email.first_attempt_at.value_or(now) >= base::kEmailGiveUp) {
    decision.state = EmailState::kFailed;
    return decision;
  }
  decision.next_attempt_at =
      now + Backoff(base::kEmailBackoffFirst, base::kEmailBackoffMax, email.round_attempts + 1, jitter);
  return decision;
}

EmailDecision AfterLoss(const EmailFacts& email, UnknownPolicy policy, absl::Time now) {
  EmailDecision decision = Keep(email, EmailState::kUnknown);
  ++decision.attempt_count;
  if (policy == UnknownPolicy::kRetryOnce && email.repeat_count == 0) {
    decision.state = EmailState::kQueued;
    decision.repeat_count = 1;
    decision.next_attempt_at = now;
  }
  return decision;
}

EmailDecision End(const EmailFacts& email, EmailState state) {
  EmailDecision decision = Keep(email, state);
  ++decision.attempt_count;
  return decision;
}

std::string_view WayOut(EmailState state) {
  switch (state) {
    case EmailState::kSent:
      return "resend the invoice to send it once more";
    case EmailState::kCancelled:
      return "resend the invoice to make a new email";
    case EmailState::kQueued:
    case EmailState::kSending:
      return "wait for its outcome";
    case EmailState::kHeld:
      return "release or cancel it";
    case EmailState::kFailed:
    case EmailState::kBounced:
    case EmailState::kUnknown:
      return "retry it, or resend the invoice to another recipient";
  }
  return "";
}

// The state an action leads to, nothing where it is not allowed.
std::optional<EmailState> Target(EmailState state, EmailAction action) {
  const auto is = [state](std::initializer_list<EmailState> states) {
    return std::find(states.begin(), states.end(), state) != states.end();
  };
  using enum EmailState;
  switch (action) {
    case EmailAction::kRetry:
      return is({kFailed, kBounced, kUnknown}) ? std::optional(kQueued) : std::nullopt;
    case EmailAction::kRelease:
      return is({kHeld}) ? std::optional(kQueued) : std::nullopt;
    case EmailAction::kCancel:
      return is({kQueued, kHeld, kFailed, kUnknown}) ? std::optional(kCancelled) : std::nullopt;
    case EmailAction::kBounce:
      return is({kSent}) ? std::optional(kBounced) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

EmailDecision AfterAttempt(const EmailFacts& email, SendOutcome outcome, UnknownPolicy policy, absl::Time now,
                           double jitter) {
  switch (outcome) {
    case SendOutcome::kSessionFault: {
      EmailDecision decision = Keep(email, EmailState::kQueued);
      decision.pause_configuration = true;
      return decision;
    }
    case SendOutcome::kRefused:
      return End(email, EmailState::kFailed);
    case SendOutcome::kDeferred:
      return AfterDeferral(email, now, jitter);
    case SendOutcome::kAccepted:
      return End(email, EmailState::kSent);
    case SendOutcome::kLost:
      return AfterLoss(email, policy, now);
  }
  return Keep(email, email.state);
}

absl::Duration SessionPause(int faults, double jitter) {
  return Backoff(base::kSmtpPauseFirst, base::kSmtpPauseMax, faults, jitter);
}

absl::Duration SendInterval(int per_minute) { return absl::Minutes(1) / per_minute; }

std::optional<absl::Time> TakeFromRate(absl::Time next_send_at, int per_minute, absl::Time now) {
  const absl::Time turn = std::max(next_send_at, now);
  if (turn > now + base::kMaxRateBurst) return std::nullopt;
  return turn + SendInterval(per_minute);
}

absl::StatusOr<EmailState> ApplyAction(EmailState state, EmailAction action) {
  if (const std::optional<EmailState> target = Target(state, action)) return *target;
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kInvalidState,
                       fmt::format("the email is {}; {}", Name(state), WayOut(state)),
                       {{"state", std::string(Name(state))}});
}

}  // namespace invoice::domain
