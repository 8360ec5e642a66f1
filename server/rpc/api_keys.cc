#include "app/api_keys.h"

#include "app/once.h"
#include "invoice/v1/api_keys.pb.h"
#include "rpc/change.h"
#include "rpc/convert.h"
#include "rpc/handlers.h"
#include "rpc/list.h"
#include "rpc/update_mask.h"

namespace invoice::rpc {
namespace {

// Without its secret.
v1::ApiKey ApiKeyToProto(const store::ApiKey& key, absl::Time now) {
  v1::ApiKey message;
  message.set_id(key.id);
  message.set_name(key.name);
  message.set_role(EnumOf<v1::ApiKey::Role>(key.role));
  if (key.expires_at) *message.mutable_expire_time() = TimeOf(*key.expires_at);
  message.set_state(EnumOf<v1::ApiKey::State>(app::Name(app::StateOf(key, now))));
  message.set_etag(app::Etag(key.version));
  *message.mutable_create_time() = TimeOf(key.created_at);
  if (key.revoked_at) *message.mutable_revoke_time() = TimeOf(*key.revoked_at);
  return message;
}

// In microseconds, as it is stored. INVALID_ARGUMENT where the message is no time of the years 1 to 9999.
absl::StatusOr<std::optional<absl::Time>> ExpiryIn(const v1::ApiKey& message) {
  if (!message.has_expire_time()) return std::optional<absl::Time>();
  constexpr int64_t kFirstSecond = -62'135'596'800;
  constexpr int64_t kLastSecond = 253'402'300'799;
  const google::protobuf::Timestamp& time = message.expire_time();
  const bool good = time.seconds() >= kFirstSecond && time.seconds() <= kLastSecond && time.nanos() >= 0 &&
                    time.nanos() < 1'000'000'000;
  if (!good) return base::InvalidField("expireTime", "a time of the years 1 to 9999");
  return std::optional(absl::FromUnixMicros(time.seconds() * 1'000'000 + time.nanos() / 1'000));
}

// The secret is in the answer to the call that made the key and nowhere else: of the answer only the id is kept, and a
// replay says so.
absl::StatusOr<v1::ApiKey> CreateApiKey(app::ApiKeys& keys, Context& context, const v1::ApiKey& given) {
  ASSIGN_OR_RETURN(const std::optional<absl::Time> expires_at, ExpiryIn(given));
  const std::optional<app::Role> role = app::ParseRole(NameOf(given.role()));
  if (!role) return absl::InternalError("a role of the API is unknown to the keys");
  const app::Encode<app::NewApiKey> encode = [](const app::NewApiKey& created) { return created.record.id; };
  ASSIGN_OR_RETURN(const auto outcome, keys.Create(context.call(), {given.name(), *role, expires_at}, encode));
  if (outcome.replayed) {
    return base::Failure(
        absl::StatusCode::kAlreadyExists, base::Reason::kAlreadyExists,
        "an earlier call with this Idempotency-Key created the API key, and its secret is shown only once",
        {{"resource", "apiKey"}, {"id", outcome.kept}});
  }
  v1::ApiKey message = ApiKeyToProto(outcome.result.record, keys.Now());
  message.set_secret(std::string(outcome.result.key.Reveal()));
  return message;
}

absl::StatusOr<v1::ListApiKeysResponse> ListApiKeys(app::ApiKeys& keys, const PageTokens& tokens,
                                                    const v1::ListApiKeysRequest& request) {
  ASSIGN_OR_RETURN(const store::PageRequest page, PageOf(tokens, request));
  ASSIGN_OR_RETURN(const auto found, keys.List(page));
  v1::ListApiKeysResponse response;
  const absl::Time now = keys.Now();
  for (const store::ApiKey& key : found.records) *response.add_api_keys() = ApiKeyToProto(key, now);
  SetPage(tokens, request, found, &response);
  return response;
}

absl::StatusOr<v1::ApiKey> UpdateApiKey(app::ApiKeys& keys, Context& context, const v1::UpdateApiKeyRequest& request) {
  ASSIGN_OR_RETURN(const UpdateMask mask, UpdateMask::Read(request.update_mask(), request.api_key()));
  const auto to_proto = [now = keys.Now()](const store::ApiKey& key) { return ApiKeyToProto(key, now); };
  const auto change = [&](store::ApiKey& key) -> absl::Status {
    v1::ApiKey merged = to_proto(key);
    RETURN_IF_ERROR(mask.Merge(request.api_key(), &merged));
    key.name = merged.name();
    ASSIGN_OR_RETURN(key.expires_at, ExpiryIn(merged));
    return absl::OkStatus();
  };
  return Answer<store::ApiKey>(context, to_proto, [&](const auto& encode) {
    return keys.Update(context.call(), request.api_key().id(), request.api_key().etag(), change, encode);
  });
}

absl::StatusOr<v1::ApiKey> Revoke(app::ApiKeys& keys, Context& context, const v1::RevokeApiKeyRequest& request) {
  const auto to_proto = [now = keys.Now()](const store::ApiKey& key) { return ApiKeyToProto(key, now); };
  return Answer<store::ApiKey>(context, to_proto, [&](const auto& encode) {
    return keys.Revoke(context.call(), request.id(), request.etag(), app::ApiKeys::LastAdmin::kStays, encode);
  });
}

}  // namespace

void ServeApiKeys(Api& api, app::ApiKeys& keys, const PageTokens& tokens) {
  api.On("ApiKeyService/CreateApiKey", [&](Context& context, const v1::CreateApiKeyRequest& request) {
    return CreateApiKey(keys, context, request.api_key());
  });
  api.On("ApiKeyService/GetApiKey", [&](Context&, const v1::GetApiKeyRequest& request) -> absl::StatusOr<v1::ApiKey> {
    ASSIGN_OR_RETURN(const store::ApiKey key, keys.Get(request.id()));
    return ApiKeyToProto(key, keys.Now());
  });
  api.On("ApiKeyService/ListApiKeys",
         [&](Context&, const v1::ListApiKeysRequest& request) { return ListApiKeys(keys, tokens, request); });
  api.On("ApiKeyService/UpdateApiKey", [&](Context& context, const v1::UpdateApiKeyRequest& request) {
    return UpdateApiKey(keys, context, request);
  });
  api.On("ApiKeyService/RevokeApiKey",
         [&](Context& context, const v1::RevokeApiKeyRequest& request) { return Revoke(keys, context, request); });
}

}  // namespace invoice::rpc
