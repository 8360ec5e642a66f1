#include "app/api_keys.h"

#include <algorithm>
#include <array>

#include "app/once.h"
#include "base/id.h"
#include "base/status.h"

namespace invoice::app {
namespace {

constexpr std::array<std::string_view, 3> kRoles = {"VIEWER", "FINANCE", "ADMIN"};
constexpr absl::Duration kRemember = absl::Seconds(5);  // a revoked key works at most so much longer
constexpr size_t kMaxRemembered = 1000;
constexpr char kApiKeyResource[] = "apiKey";

absl::Status Refused() {
  return base::Failure(absl::StatusCode::kUnauthenticated, base::Reason::kUnauthenticated,
                       "a valid API key is needed: Authorization: Bearer KEY");
}

// The last time that a timestamp of the API and of the database can both say.
absl::Time LatestExpiry() { return absl::FromCivil(absl::CivilSecond(9999, 12, 31, 23, 59, 59), absl::UTCTimeZone()); }

absl::Status CheckExpiry(const std::optional<absl::Time>& expires_at, absl::Time now) {
  if (!expires_at || (*expires_at > now && *expires_at <= LatestExpiry())) return absl::OkStatus();
  return base::InvalidField("expireTime", "a time in the future, before the year 10000");
}

absl::Status WrongKeyState(ApiKeyState state, std::string_view message) {
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kInvalidState, message,
                       {{"state", std::string(Name(state))}});
}

bool IsAdminThatWorks(const store::ApiKey& key, absl::Time now) {
  return key.role == Name(Role::kAdmin) && StateOf(key, now) == ApiKeyState::kActive;
}

// `keys` are the wanted key and those of all administrators; `leaving` ends at `end`. Another one must work beyond
// that.
absl::Status CheckThatAdminStays(const std::vector<store::ApiKey>& keys, const store::ApiKey& leaving, absl::Time end,
                                 absl::Time now) {
  if (!IsAdminThatWorks(leaving, now)) return absl::OkStatus();
  const auto stays = [&](const store::ApiKey& key) {
    return key.id != leaving.id && IsAdminThatWorks(key, now) && key.expires_at.value_or(absl::InfiniteFuture()) > end;
  };
  if (std::any_of(keys.begin(), keys.end(), stays)) return absl::OkStatus();
  return WrongKeyState(ApiKeyState::kActive,
                       "the key is the last one of an ADMIN that works; create another one first");
}

absl::StatusOr<store::ApiKey> Pick(const std::vector<store::ApiKey>& keys, const std::string& id) {
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const store::ApiKey& key) { return key.id == id; });
  if (found == keys.end()) return base::NotFound("API key", id);
  return *found;
}

}  // namespace

std::string_view Name(Role role) { return kRoles[static_cast<size_t>(role)]; }

std::optional<Role> ParseRole(std::string_view name) {
  for (size_t i = 0; i < kRoles.size(); ++i) {
    if (kRoles[i] == name) return static_cast<Role>(i);
  }
  return std::nullopt;
}

std::string_view Name(ApiKeyState state) {
  switch (state) {
    case ApiKeyState::kActive:
      return "ACTIVE";
    case ApiKeyState::kExpired:
      return "EXPIRED";
    case ApiKeyState::kRevoked:
      return "REVOKED";
  }
  return "";
}

ApiKeyState StateOf(const store::ApiKey& key, absl::Time now) {
  if (key.revoked_at) return ApiKeyState::kRevoked;
  return key.expires_at && *key.expires_at <= now ? ApiKeyState::kExpired : ApiKeyState::kActive;
}

absl::StatusOr<Outcome<NewApiKey>> ApiKeys::Create(const Call& call, const ApiKeyToCreate& given,
                                                   const Encode<NewApiKey>& encode) {
  return Once<NewApiKey>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<NewApiKey> {
    const absl::Time now = core_.clock.Now();
    RETURN_IF_ERROR(CheckExpiry(given.expires_at, now));
    NewApiKey created{.record = {.id = base::NewId(core_.clock),
                                 .name = given.name,
                                 .role = std::string(Name(given.role)),
                                 .key_hash = {},
                                 .created_at = now,
                                 .expires_at = given.expires_at,
                                 .revoked_at = {},
                                 .version = 1},
                      .key = base::NewApiKey()};
    created.record.key_hash = base::HashApiKey(created.key.Reveal());
    store::ApiKeys keys(transaction);
    RETURN_IF_ERROR(keys.Insert(created.record));
    ASSIGN_OR_RETURN(created.record, keys.Get(created.record.id));
    RETURN_IF_ERROR(Audit(core_, transaction, call,
                          {"", "create", kApiKeyResource, created.record.id, "", store::ToJson(created.record)}));
    return created;
  });
}

absl::StatusOr<store::ApiKey> ApiKeys::Get(const std::string& id) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  return store::ApiKeys(transaction).Get(id);
}

absl::StatusOr<store::Page<store::ApiKey>> ApiKeys::List(const store::PageRequest& page) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  return store::ApiKeys(transaction).List(page);
}

absl::StatusOr<Outcome<store::ApiKey>> ApiKeys::Update(const Call& call, const std::string& id, const std::string& etag,
                                                       const std::function<absl::Status(Record&)>& change,
                                                       const Encode<Record>& encode) {
  std::string key_hash;
  const auto outcome =
      Once<Record>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<Record> {
        store::ApiKeys keys(transaction);
        const absl::Time now = core_.clock.Now();
        ASSIGN_OR_RETURN(const std::vector<Record> locked, keys.LockWithAdmins(id, now));
        ASSIGN_OR_RETURN(const Record before, Pick(locked, id));
        RETURN_IF_ERROR(CheckEtag(etag, before.version));
        if (before.revoked_at) return WrongKeyState(ApiKeyState::kRevoked, "the key is revoked; create another one");
        Record after = before;
        RETURN_IF_ERROR(change(after));
        if (after.expires_at != before.expires_at) RETURN_IF_ERROR(CheckExpiry(after.expires_at, now));
        const absl::Time end = after.expires_at.value_or(absl::InfiniteFuture());
        if (end < before.expires_at.value_or(absl::InfiniteFuture())) {
          RETURN_IF_ERROR(CheckThatAdminStays(locked, before, end, now));
        }
        RETURN_IF_ERROR(keys.Update(after));
        ASSIGN_OR_RETURN(const Record updated, keys.Get(id));
        RETURN_IF_ERROR(Audit(core_, transaction, call,
                              {"", "update", kApiKeyResource, id, store::ToJson(before), store::ToJson(updated)}));
        key_hash = updated.key_hash;
        return updated;
      });
  if (outcome.ok()) Forget(key_hash);
  return outcome;
}

absl::StatusOr<Outcome<store::ApiKey>> ApiKeys::Revoke(const Call& call, const std::string& id, const std::string& etag,
                                                       LastAdmin last_admin, const Encode<Record>& encode) {
  std::string key_hash;
  const auto outcome =
      Once<Record>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<Record> {
        store::ApiKeys keys(transaction);
        const absl::Time now = core_.clock.Now();
        ASSIGN_OR_RETURN(const std::vector<Record> locked, keys.LockWithAdmins(id, now));
        ASSIGN_OR_RETURN(const Record before, Pick(locked, id));
        RETURN_IF_ERROR(CheckEtag(etag, before.version));
        if (before.revoked_at) return before;
        if (last_admin == LastAdmin::kStays) RETURN_IF_ERROR(CheckThatAdminStays(locked, before, now, now));
        Record after = before;
        after.revoked_at = now;
        RETURN_IF_ERROR(keys.Update(after));
        ASSIGN_OR_RETURN(const Record revoked, keys.Get(id));
        RETURN_IF_ERROR(Audit(core_, transaction, call,
                              {"", "revoke", kApiKeyResource, id, store::ToJson(before), store::ToJson(revoked)}));
        key_hash = revoked.key_hash;
        return revoked;
      });
  if (outcome.ok()) Forget(key_hash);
  return outcome;
}

absl::StatusOr<Actor> ApiKeys::Authenticate(std::string_view key) {
  if (key.empty()) return Refused();
  const std::string hash = base::HashApiKey(key);
  const absl::Time now = absl::Now();
  const absl::Time business_now = core_.clock.Now();
  {
    absl::MutexLock lock(&mutex_);
    const auto known = known_.find(hash);
    if (known != known_.end() && now < known->second.until && business_now < known->second.expires_at)
      return known->second.actor;
  }
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  ASSIGN_OR_RETURN(const std::optional<Record> found, store::ApiKeys(transaction).Find(hash, business_now));
  // Looked up by hash; compared again in constant time, so that no index decides.
  if (!found || !base::ConstantTimeEquals(found->key_hash, hash)) return Refused();
  const std::optional<Role> role = ParseRole(found->role);
  if (!role) return absl::InternalError("an API key has an unknown role");
  Actor actor{.id = found->id, .name = found->name, .role = *role};
  absl::MutexLock lock(&mutex_);
  if (known_.size() >= kMaxRemembered) known_.clear();
  known_[hash] = {
      .actor = actor, .until = now + kRemember, .expires_at = found->expires_at.value_or(absl::InfiniteFuture())};
  return actor;
}

void ApiKeys::Forget(const std::string& key_hash) {
  absl::MutexLock lock(&mutex_);
  known_.erase(key_hash);
}

}  // namespace invoice::app
