// API keys: made, listed, changed and revoked by operators and administrators, checked on every call. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "app/call.h"
#include "app/core.h"
#include "base/secret.h"
#include "store/api_keys.h"

namespace invoice::app {

// "FINANCE"
std::string_view Name(Role role);
std::optional<Role> ParseRole(std::string_view name);

enum class ApiKeyState { kActive, kExpired, kRevoked };
// "ACTIVE"
std::string_view Name(ApiKeyState state);
// A key expires at its time, not after it.
ApiKeyState StateOf(const store::ApiKey& key, absl::Time now);

// The key itself is shown this once; its hash is kept.
struct NewApiKey {
  store::ApiKey record;
  base::Secret key;
};

struct ApiKeyToCreate {
  std::string name;
  Role role = Role::kViewer;
  std::optional<absl::Time> expires_at;
};

class ApiKeys {
 public:
  using Record = store::ApiKey;
  // Whether the last key of an administrator that works may be revoked: an operator can make another one.
  enum class LastAdmin { kStays, kMayGo };

  explicit ApiKeys(Core& core) : core_(core) {}

  // INVALID_ARGUMENT where the expiry is not in the future.
  absl::StatusOr<Outcome<NewApiKey>> Create(const Call& call, const ApiKeyToCreate& given,
                                            const Encode<NewApiKey>& encode);
  absl::StatusOr<Record> Get(const std::string& id);
  absl::StatusOr<store::Page<Record>> List(const store::PageRequest& page);
  // Of what `change` sets, name and expiry are written. FAILED_PRECONDITION where the key is revoked. `etag` empty:
  // whatever the version.
  absl::StatusOr<Outcome<Record>> Update(const Call& call, const std::string& id, const std::string& etag,
                                         const std::function<absl::Status(Record&)>& change,
                                         const Encode<Record>& encode);
  // Revoking what is revoked changes nothing and succeeds. FAILED_PRECONDITION for the last key of an administrator
  // that works, where it stays.
  absl::StatusOr<Outcome<Record>> Revoke(const Call& call, const std::string& id, const std::string& etag,
                                         LastAdmin last_admin, const Encode<Record>& encode);
  // UNAUTHENTICATED where the key is not there, revoked or expired. A known one is remembered for 5 seconds, but not
  // beyond its expiry.
  absl::StatusOr<Actor> Authenticate(std::string_view key);

  // For answers: the state depends on the time.
  absl::Time Now() const { return core_.clock.Now(); }

 private:
  struct Known {
    Actor actor;
    absl::Time until;       // on the machine's clock
    absl::Time expires_at;  // on the clock of business rules
  };
  // What is remembered of the key is forgotten; other processes forget by themselves.
  void Forget(const std::string& key_hash);

  Core& core_;
  absl::Mutex mutex_;
  std::map<std::string, Known> known_ ABSL_GUARDED_BY(mutex_);  // by hash; bounded
};

}  // namespace invoice::app
