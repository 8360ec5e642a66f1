#include "app/once.h"

#include "base/id.h"
#include "base/limits.h"
#include "store/records.h"

namespace invoice::app {
namespace internal {

absl::StatusOr<std::optional<Flights::Seat>> BoardFlight(Core& core, const Call& call) {
  if (call.idempotency_key.empty()) return std::optional<Flights::Seat>();
  const std::string key = call.actor.id + '\n' + call.method + '\n' + call.idempotency_key;
  const absl::Time latest = std::min(call.deadline, absl::Now() + base::kDefaultDeadline);
  std::optional<Flights::Seat> seat = core.flights.Board(key, latest);
  if (!seat) {
    return base::Unavailable(base::Reason::kLockTimeout, "a call with the same idempotency key is still running",
                             base::kRetryAfterOverload);
  }
  return seat;
}

absl::StatusOr<KeyState> TakeKey(Core& core, store::Transaction& transaction, const Call& call) {
  if (call.idempotency_key.empty()) return KeyState{};
  const store::IdempotencyKey key{call.actor.id, call.method, call.idempotency_key};
  store::IdempotencyKeys keys(transaction);
  const absl::Time now = core.clock.Now();
  ASSIGN_OR_RETURN(const bool taken, keys.Take(key, call.idempotency_digest, now));
  if (taken) return KeyState{.has_key = true};
  ASSIGN_OR_RETURN(const std::optional<store::KeptAnswer> kept, keys.Get(key, now - base::kIdempotencyKeep));
  // Gone between the two statements (expired and swept), or too old to count: the call is a new one.
  if (!kept || kept->expired || !kept->answer) return KeyState{.has_key = true};
  if (kept->digest != call.idempotency_digest) {
    return base::Failure(absl::StatusCode::kAlreadyExists, base::Reason::kIdempotencyKeyReused,
                         "the Idempotency-Key was used before with another content");
  }
  return KeyState{.has_key = true, .kept = kept->answer};
}

absl::Status KeepAnswer(Core& core, store::Transaction& transaction, const Call& call, const std::string& answer) {
  return store::IdempotencyKeys(transaction)
      .KeepAnswer({call.actor.id, call.method, call.idempotency_key}, call.idempotency_digest, answer,
                  core.clock.Now());
}

bool MayTryAgain(const absl::Status& status) { return base::IsConflict(status); }

}  // namespace internal

Call CallOfSystem(const std::string& process) {
  return {.actor = {.id = "system", .name = process}, .method = process};
}

absl::Status Audit(Core& core, store::Transaction& transaction, const Call& call, const Audited& audited) {
  return AuditAll(core, transaction, call, {audited});
}

absl::Status AuditAll(Core& core, store::Transaction& transaction, const Call& call,
                      const std::vector<Audited>& changes) {
  std::vector<store::AuditEvent> events;
  events.reserve(changes.size());
  for (const Audited& audited : changes) {
    events.push_back({.id = base::NewId(core.clock),
                      .vendor_id = audited.vendor_id,
                      .actor_id = call.actor.id,
                      .actor_name = call.actor.name,
                      .action = audited.action,
                      .resource = audited.resource,
                      .resource_id = audited.resource_id,
                      .request_id = call.request_id,
                      .remote = call.remote,
                      .before = audited.before,
                      .after = audited.after});
  }
  return store::InsertAuditEvents(transaction, events, core.clock.Now());
}

std::string Etag(int64_t version) { return std::to_string(version); }

absl::Status CheckEtag(const std::string& etag, int64_t version) {
  if (etag.empty() || etag == Etag(version)) return absl::OkStatus();
  return base::Failure(absl::StatusCode::kAborted, base::Reason::kStaleEtag,
                       "the record was changed since it was read; read it again", {{"currentEtag", Etag(version)}});
}

}  // namespace invoice::app
