// Small tables that every change touches: audit events, idempotency keys, stored files. Belongs to the
// transaction it was made with.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "store/database.h"

namespace invoice::store {

struct AuditEvent {
  std::string id;
  std::string vendor_id;  // empty: of no vendor
  std::string actor_id;
  std::string actor_name;
  std::string action;    // "create"
  std::string resource;  // "customer"
  std::string resource_id;
  std::string request_id;
  std::string remote;
  std::string before;  // JSON; empty: there was none
  std::string after;
};

absl::Status InsertAuditEvents(Transaction& transaction, const std::vector<AuditEvent>& events, absl::Time now);

struct IdempotencyKey {
  std::string actor_id;
  std::string method;
  std::string key;
};

struct KeptAnswer {
  std::string digest;
  std::optional<std::string> answer;  // none: the key was taken by this transaction
  bool expired = false;
};

class IdempotencyKeys {
 public:
  explicit IdempotencyKeys(Transaction& transaction) : transaction_(transaction) {}

  // True where the key is new and now ours until the end of the transaction; waits for another transaction that holds
  // it.
  absl::StatusOr<bool> Take(const IdempotencyKey& key, const std::string& digest, absl::Time now);
  absl::StatusOr<std::optional<KeptAnswer>> Get(const IdempotencyKey& key, absl::Time oldest);
  absl::Status KeepAnswer(const IdempotencyKey& key, const std::string& digest, const std::string& answer,
                          absl::Time now);
  // Deletes at most `limit` keys older than `oldest`; how many.
  absl::StatusOr<int64_t> Expire(absl::Time oldest, int64_t limit);

 private:
  Transaction& transaction_;
};

struct Blob {
  std::string content_type;
  std::string bytes;
};

// Stores the bytes under their SHA-256; the same content twice is one row.
absl::Status PutBlob(Transaction& transaction, const std::string& sha256, const Blob& blob, absl::Time now);
// Nothing where it is not there; DATA_LOSS where the bytes are no longer what was stored.
absl::StatusOr<std::optional<Blob>> GetBlob(Transaction& transaction, const std::string& sha256);
// By their SHA-256 those that are at most a megabyte, and as they were stored: the others are to be asked for one by
// one.
absl::StatusOr<std::map<std::string, Blob>> GetSmallBlobs(Transaction& transaction,
                                                          const std::vector<std::string>& sha256s);

// Stores the form that documents print of a stored logo. A logo keeps its first form.
absl::Status PutLogoForm(Transaction& transaction, const std::string& logo_sha256, const Blob& form, absl::Time now);
// Nothing where the logo has none yet; DATA_LOSS where the bytes are no longer what was stored.
absl::StatusOr<std::optional<Blob>> GetLogoForm(Transaction& transaction, const std::string& logo_sha256);

}  // namespace invoice::store
