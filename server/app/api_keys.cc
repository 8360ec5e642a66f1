#include "app/api_keys.h"

#include <array>

#include "app/once.h"
#include "base/id.h"
#include "base/status.h"
#include "store/json.h"
#include "store/records.h"

namespace invoice::app {
namespace {

constexpr std::array<std::string_view, 3> kRoles = {"VIEWER", "FINANCE", "ADMIN"};
constexpr absl::Duration kRemember = absl::Seconds(5);  // a revoked key works at most so much longer
constexpr size_t kMaxRemembered = 1000;

absl::Status Refused() {
  return base::Failure(absl::StatusCode::kUnauthenticated, base::Reason::kUnauthenticated,
                       "a valid API key is needed: Authorization: Bearer KEY");
}

}  // namespace

std::string_view Name(Role role) { return kRoles[static_cast<size_t>(role)]; }

std::optional<Role> ParseRole(std::string_view name) {
  for (size_t i = 0; i < kRoles.size(); ++i) {
    if (kRoles[i] == name) return static_cast<Role>(i);
  }
  return std::nullopt;
}

absl::StatusOr<base::Secret> ApiKeys::Create(const std::string& name, Role role) {
  base::Secret key = base::NewApiKey();
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  const std::string id = base::NewId(core_.clock);
  RETURN_IF_ERROR(store::InsertApiKey(
      transaction,
      {.id = id, .name = name, .role = std::string(Name(role)), .key_hash = base::HashApiKey(key.Reveal())},
      core_.clock.Now()));
  const Call call{.actor = {.id = "system", .name = "operator", .role = Role::kAdmin}, .method = "create-api-key"};
  RETURN_IF_ERROR(
      Audit(core_, transaction, call,
            {"", "create", "apiKey", id, "", store::ToJson(std::vector<std::string>{name, std::string(Name(role))})}));
  RETURN_IF_ERROR(transaction.Commit());
  return key;
}

absl::StatusOr<Actor> ApiKeys::Authenticate(std::string_view key) {
  if (key.empty()) return Refused();
  const std::string hash = base::HashApiKey(key);
  const absl::Time now = absl::Now();
  {
    absl::MutexLock lock(&mutex_);
    const auto known = known_.find(hash);
    if (known != known_.end() && now < known->second.until) return known->second.actor;
  }
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  ASSIGN_OR_RETURN(const std::optional<store::ApiKey> found, store::FindApiKey(transaction, hash, core_.clock.Now()));
  // Looked up by hash; compared again in constant time, so that no index decides.
  if (!found || !base::ConstantTimeEquals(found->key_hash, hash)) return Refused();
  const std::optional<Role> role = ParseRole(found->role);
  if (!role) return absl::InternalError("an API key has an unknown role");
  Actor actor{.id = found->id, .name = found->name, .role = *role};
  absl::MutexLock lock(&mutex_);
  if (known_.size() >= kMaxRemembered) known_.clear();
  known_[hash] = {.actor = actor, .until = now + kRemember};
  return actor;
}

}  // namespace invoice::app
