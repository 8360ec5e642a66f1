#include "store/api_keys.h"

#include "base/json.h"
#include "base/status.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

using Json = nlohmann::json;

ApiKey ReadApiKey(const Row& row) {
  return {.id = row.Text("id"),
          .name = row.Text("name"),
          .role = row.Text("role"),
          .key_hash = row.Text("key_hash"),
          .created_at = row.Time("created_at"),
          .expires_at = row.OptionalTime("expires_at"),
          .revoked_at = row.OptionalTime("revoked_at"),
          .version = row.Int("version")};
}

absl::StatusOr<ApiKey> OneApiKey(const absl::StatusOr<std::optional<Row>>& row, const std::string& id) {
  if (!row.ok()) return row.status();
  if (!*row) return base::NotFound("API key", id);
  return ReadApiKey(**row);
}

Json TextOrNull(const std::optional<absl::Time>& time) { return time ? Json(ToText(*time)) : Json(); }

}  // namespace

absl::Status ApiKeys::Insert(const ApiKey& key) {
  return transaction_
      .Execute(sql::kApiKeyInsert, {{"id", key.id},
                                    {"name", key.name},
                                    {"role", key.role},
                                    {"key_hash", key.key_hash},
                                    {"expires_at", key.expires_at},
                                    {"now", key.created_at}})
      .status();
}

absl::Status ApiKeys::Update(const ApiKey& key) {
  return transaction_
      .Execute(sql::kApiKeyUpdate,
               {{"id", key.id}, {"name", key.name}, {"expires_at", key.expires_at}, {"revoked_at", key.revoked_at}})
      .status();
}

absl::StatusOr<std::optional<ApiKey>> ApiKeys::Find(const std::string& key_hash, absl::Time now) {
  ASSIGN_OR_RETURN(const std::optional<Row> row,
                   transaction_.QueryRow(sql::kApiKeyFind, {{"key_hash", key_hash}, {"now", now}}));
  return row ? std::optional(ReadApiKey(*row)) : std::nullopt;
}

absl::StatusOr<ApiKey> ApiKeys::Get(const std::string& id) {
  return OneApiKey(transaction_.QueryRow(sql::kApiKeyGet, {{"id", id}}), id);
}

absl::StatusOr<std::vector<ApiKey>> ApiKeys::LockWithAdmins(const std::string& id, absl::Time now) {
  ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(sql::kApiKeyLockWithAdmins, {{"id", id}, {"now", now}}));
  std::vector<ApiKey> keys;
  for (const Row& row : rows) keys.push_back(ReadApiKey(row));
  return keys;
}

absl::StatusOr<Page<ApiKey>> ApiKeys::List(const PageRequest& page) {
  return ReadPage<ApiKey>(transaction_, sql::kApiKeyList, sql::kApiKeyCount, {}, page, ReadApiKey);
}

std::string ToJson(const ApiKey& key) {
  return Json{{"name", key.name},
              {"role", key.role},
              {"expireTime", TextOrNull(key.expires_at)},
              {"revokeTime", TextOrNull(key.revoked_at)}}
      .dump();
}

}  // namespace invoice::store
