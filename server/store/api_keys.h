// Rows of API keys. Belongs to the transaction it was made with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "store/database.h"
#include "store/page.h"

namespace invoice::store {

struct ApiKey {
  std::string id;
  std::string name;
  std::string role;  // the name of an app::Role
  std::string key_hash;
  absl::Time created_at;
  std::optional<absl::Time> expires_at;  // none: never
  std::optional<absl::Time> revoked_at;
  int64_t version = 0;
};

class ApiKeys {
 public:
  explicit ApiKeys(Transaction& transaction) : transaction_(transaction) {}

  // `created_at` is the time of the row; the version is the first.
  absl::Status Insert(const ApiKey& key);
  // Writes name, expiry and revocation, and the next version; the row must be locked by this transaction.
  absl::Status Update(const ApiKey& key);
  // A key that is neither revoked nor expired.
  absl::StatusOr<std::optional<ApiKey>> Find(const std::string& key_hash, absl::Time now);
  // NOT_FOUND where there is none.
  absl::StatusOr<ApiKey> Get(const std::string& id);
  // The key with this id, if there is one, and all keys of administrators that are neither revoked nor expired. Locked
  // in the order of their ids, so that two revocations do not miss each other.
  absl::StatusOr<std::vector<ApiKey>> LockWithAdmins(const std::string& id, absl::Time now);
  // The newest first. `page.after` is {created_at, id} of the last row seen.
  absl::StatusOr<Page<ApiKey>> List(const PageRequest& page);

 private:
  Transaction& transaction_;
};

// For the audit trail; the hash is not in it.
std::string ToJson(const ApiKey& key);

}  // namespace invoice::store
