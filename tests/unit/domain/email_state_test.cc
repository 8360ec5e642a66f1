#include "domain/email_state.h"

#include <gtest/gtest.h>

#include "base/status.h"

namespace invoice::domain {
namespace {

using enum EmailState;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

EmailDecision After(const EmailFacts& email, SendOutcome outcome, UnknownPolicy policy = UnknownPolicy::kRetryOnce) {
  return AfterAttempt(email, outcome, policy, kNow, /*jitter=*/0);
}

TEST(AfterAttempt, AcceptedIsSent) {
  EXPECT_EQ(After({}, SendOutcome::kAccepted), (EmailDecision{.state = kSent, .attempt_count = 1}));
}

TEST(AfterAttempt, RefusedFailsAtOnce) {
  EXPECT_EQ(After({.attempt_count = 2}, SendOutcome::kRefused), (EmailDecision{.state = kFailed, .attempt_count = 3}));
}

TEST(AfterAttempt, FaultOfTheSessionSpendsNoAttemptAndPausesTheConfiguration) {
  const EmailFacts long_ago{.attempt_count = 3, .first_attempt_at = kNow - absl::Hours(100)};
  EXPECT_EQ(After(long_ago, SendOutcome::kSessionFault),
            (EmailDecision{.state = kQueued, .attempt_count = 3, .pause_configuration = true}));
}

TEST(AfterAttempt, DeferredWaitsLongerEachTimeUpToAnHour) {
  const int minutes[] = {1, 2, 4, 8, 16, 32, 60, 60, 60};
  EmailFacts email;
  for (const int expected : minutes) {
    const EmailDecision decision = After(email, SendOutcome::kDeferred);
    EXPECT_EQ(decision.state, kQueued);
    EXPECT_EQ(decision.next_attempt_at, kNow + absl::Minutes(expected));
    email.attempt_count = decision.attempt_count;
    email.round_attempts = decision.attempt_count;
    email.first_attempt_at = kNow;
  }
}

TEST(AfterAttempt, JitterTakesUpToAFifthOff) {
  for (const double jitter : {0.0, 0.5, 1.0, 7.0}) {
    const auto decision = AfterAttempt({}, SendOutcome::kDeferred, UnknownPolicy::kHold, kNow, jitter);
    EXPECT_LE(*decision.next_attempt_at, kNow + absl::Minutes(1));
    EXPECT_GE(*decision.next_attempt_at, kNow + absl::Seconds(48));
  }
}

TEST(AfterAttempt, DeferredIsGivenUpAfterADay) {
  EXPECT_EQ(After({.attempt_count = 30, .first_attempt_at = kNow - absl::Hours(24)}, SendOutcome::kDeferred).state,
            kFailed);
  EXPECT_EQ(After({.attempt_count = 30, .first_attempt_at = kNow - absl::Hours(23)}, SendOutcome::kDeferred).state,
            kQueued);
}

TEST(AfterAttempt, LostIsRepeatedOnceAndThenUnknown) {
  const EmailDecision first = After({}, SendOutcome::kLost);
  EXPECT_EQ(first, (EmailDecision{.state = kQueued, .attempt_count = 1, .repeat_count = 1, .next_attempt_at = kNow}));
  const EmailDecision second = After({.attempt_count = 1, .repeat_count = 1}, SendOutcome::kLost);
  EXPECT_EQ(second, (EmailDecision{.state = kUnknown, .attempt_count = 2, .repeat_count = 1}));
}

TEST(AfterAttempt, LostIsNeverRepeatedUnderHold) {
  EXPECT_EQ(After({}, SendOutcome::kLost, UnknownPolicy::kHold),
            (EmailDecision{.state = kUnknown, .attempt_count = 1}));
}

TEST(AfterAttempt, WaitsAnewAfterAPersonsRetry) {
  const EmailDecision decision =
      After({.attempt_count = 29, .first_attempt_at = kNow, .round_attempts = 1}, SendOutcome::kDeferred);
  EXPECT_EQ(decision.next_attempt_at, kNow + absl::Minutes(2));
  EXPECT_EQ(decision.attempt_count, 30);
}

TEST(SessionPause, GrowsToItsBound) {
  EXPECT_EQ(SessionPause(1, 0), absl::Seconds(15));
  EXPECT_EQ(SessionPause(2, 0), absl::Seconds(30));
  EXPECT_EQ(SessionPause(1000, 0), absl::Minutes(15));
}

TEST(ApplyAction, AllowsExactlyTheseSteps) {
  const std::vector<std::tuple<EmailAction, EmailState, EmailState>> allowed = {
      {EmailAction::kRetry, kFailed, kQueued},     {EmailAction::kRetry, kBounced, kQueued},
      {EmailAction::kRetry, kUnknown, kQueued},    {EmailAction::kRelease, kHeld, kQueued},
      {EmailAction::kCancel, kQueued, kCancelled}, {EmailAction::kCancel, kHeld, kCancelled},
      {EmailAction::kCancel, kFailed, kCancelled}, {EmailAction::kCancel, kUnknown, kCancelled},
      {EmailAction::kBounce, kSent, kBounced}};
  size_t found = 0;
  for (const EmailAction action :
       {EmailAction::kRetry, EmailAction::kRelease, EmailAction::kCancel, EmailAction::kBounce}) {
    for (int s = 0; s <= static_cast<int>(kUnknown); ++s) {
      const auto state = static_cast<EmailState>(s);
      const auto result = ApplyAction(state, action);
      bool expected = false;
      for (const auto& [a, from, to] : allowed) {
        if (a == action && from == state) {
          expected = true;
          ASSERT_TRUE(result.ok());
          EXPECT_EQ(*result, to);
          ++found;
        }
      }
      if (!expected) {
        EXPECT_EQ(result.status().code(), absl::StatusCode::kFailedPrecondition);
        EXPECT_EQ(base::DetailOf(result.status()).reason, base::Reason::kInvalidState);
        EXPECT_EQ(base::DetailOf(result.status()).metadata.at("state"), Name(state));
      }
    }
  }
  EXPECT_EQ(found, allowed.size());
}

TEST(RateLimit, LetsTheFirstGoAndSpacesTheOthers) {
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  const absl::Time next = TakeFromRate(absl::InfinitePast(), /*per_minute=*/10, now).value();
  EXPECT_EQ(next, now + absl::Seconds(6));
  EXPECT_EQ(TakeFromRate(next, 10, now + absl::Seconds(3)), std::nullopt);
  EXPECT_EQ(TakeFromRate(next, 10, now + absl::Seconds(6)), now + absl::Seconds(12));
}

TEST(RateLimit, NeverLetsMoreGoInAMinuteThanItSaysAndABurst) {
  const absl::Time start = absl::FromUnixSeconds(1'800'000'000);
  for (const int per_minute : {1, 7, 60, 600, 100'000}) {
    absl::Time next = absl::InfinitePast();
    int64_t sent = 0;
    for (absl::Duration passed; passed < absl::Minutes(1); passed += absl::Milliseconds(370)) {
      for (int i = 0; i < 32; ++i) {
        const std::optional<absl::Time> after = TakeFromRate(next, per_minute, start + passed);
        if (!after) break;
        next = *after;
        ++sent;
      }
    }
    EXPECT_LE(sent, per_minute + per_minute / 60 + 1) << per_minute;
    if (per_minute < 600) {
      EXPECT_GE(sent, per_minute) << per_minute;
    }
  }
}

}  // namespace
}  // namespace invoice::domain
