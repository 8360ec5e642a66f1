// The one way a change is made: a transaction that takes the idempotency key first, runs the body, keeps the answer,
// commits. Nothing outside PostgreSQL is touched inside it. A failed body leaves nothing behind, the key included. What
// depends on anything but the request is checked in the body: a replay gets the kept answer, whatever has changed
// since.
#pragma once

#include <functional>
#include <string>

#include "app/call.h"
#include "app/core.h"
#include "base/status.h"
#include "store/database.h"

namespace invoice::app {
namespace internal {

// What is known of the call's key once the transaction has it.
struct KeyState {
  bool has_key = false;
  std::optional<std::string> kept;  // the first answer, to be given again
};

// ALREADY_EXISTS with IDEMPOTENCY_KEY_REUSED where the key came with other content before.
absl::StatusOr<KeyState> TakeKey(Core& core, store::Transaction& transaction, const Call& call);
absl::Status KeepAnswer(Core& core, store::Transaction& transaction, const Call& call, const std::string& answer);
absl::StatusOr<std::optional<Flights::Seat>> BoardFlight(Core& core, const Call& call);
// Deadlocks and serialization failures may be tried again; nothing was written.
bool MayTryAgain(const absl::Status& status);

template <typename Result>
absl::StatusOr<Outcome<Result>> TryOnce(Core& core, const Call& call, const Encode<Result>& encode,
                                        const std::function<absl::StatusOr<Result>(store::Transaction&)>& body,
                                        const std::optional<store::RowGates::Place>& place) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core.database.BeginGated(place));
  ASSIGN_OR_RETURN(KeyState key, TakeKey(core, transaction, call));
  if (key.kept) return Outcome<Result>{.result = Result{}, .kept = std::move(*key.kept), .replayed = true};
  ASSIGN_OR_RETURN(Result result, body(transaction));
  if (key.has_key) RETURN_IF_ERROR(KeepAnswer(core, transaction, call, encode(result)));
  RETURN_IF_ERROR(transaction.Commit());
  return Outcome<Result>{.result = std::move(result), .kept = {}, .replayed = false};
}

}  // namespace internal

template <typename Result>
absl::StatusOr<Outcome<Result>> Once(Core& core, const Call& call, const Encode<Result>& encode,
                                     const std::function<absl::StatusOr<Result>(store::Transaction&)>& body) {
  ASSIGN_OR_RETURN(const std::optional<Flights::Seat> seat, internal::BoardFlight(core, call));
  const absl::Time latest = std::min(call.deadline, absl::Now() + base::kLockTimeout);
  std::optional<store::RowGates::Place> place;  // of a row that too many others held
  for (int tries = 1;; ++tries) {
    absl::StatusOr<Outcome<Result>> outcome = internal::TryOnce<Result>(core, call, encode, body, place);
    if (const std::optional<std::string> row = store::BusyRowOf(outcome.status())) {
      place.reset();
      std::optional<store::RowGates::Place> next = core.database.row_gates().Await(*row, latest);
      if (!next || absl::Now() >= latest) return outcome;
      place.emplace(*std::move(next));
      --tries;
      continue;
    }
    if (outcome.ok() || tries == base::kMaxTransactionTries || !internal::MayTryAgain(outcome.status())) return outcome;
  }
}

// The call of a process of ours that acts by itself: "scheduler", "worker".
Call CallOfSystem(const std::string& process);

// Writes the audit event of a change in its transaction. `before` and `after` are JSON; before is empty for a creation.
struct Audited {
  std::string vendor_id;
  std::string action;
  std::string resource;
  std::string resource_id;
  std::string before;
  std::string after;
};
absl::Status Audit(Core& core, store::Transaction& transaction, const Call& call, const Audited& audited);
absl::Status AuditAll(Core& core, store::Transaction& transaction, const Call& call,
                      const std::vector<Audited>& changes);

// ABORTED with STALE_ETAG where the client saw another version; an empty etag agrees with every version.
absl::Status CheckEtag(const std::string& etag, int64_t version);
// The etag of a version.
std::string Etag(int64_t version);

}  // namespace invoice::app
