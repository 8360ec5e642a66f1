// API keys: made, listed, changed, revoked, and what a server remembers of them.
#include "app/api_keys.h"

#include <gmock/gmock.h>

#include <thread>

#include "base/status.h"
#include "tests/app/app_fixture.h"

namespace invoice::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using LastAdmin = ApiKeys::LastAdmin;

class ApiKeysTest : public AppTest {
 protected:
  NewApiKey New(const std::string& name, Role role = Role::kFinance, std::optional<absl::Time> expires_at = {}) {
    const auto created = keys_.Create(NewCall(), {.name = name, .role = role, .expires_at = expires_at}, {});
    EXPECT_TRUE(created.ok()) << created.status();
    clock_.Advance(absl::Seconds(1));
    return created->result;
  }

  absl::StatusCode Try(ApiKeys& keys, const NewApiKey& key) {
    return keys.Authenticate(key.key.Reveal()).status().code();
  }

  absl::Status Revoke(const std::string& id, LastAdmin last_admin = LastAdmin::kStays, const std::string& etag = "") {
    return keys_.Revoke(NewCall(), id, etag, last_admin, {}).status();
  }

  absl::Status Rename(const std::string& id, const std::string& name, const std::string& etag = "") {
    const auto change = [&](store::ApiKey& key) {
      key.name = name;
      return absl::OkStatus();
    };
    return keys_.Update(NewCall(), id, etag, change, {}).status();
  }

  absl::Status SetExpiry(const std::string& id, std::optional<absl::Time> expires_at) {
    const auto change = [&](store::ApiKey& key) {
      key.expires_at = expires_at;
      return absl::OkStatus();
    };
    return keys_.Update(NewCall(), id, "", change, {}).status();
  }

  ApiKeys keys_{*core_};
};

TEST_F(ApiKeysTest, AKeyWorksUntilItsExpiryAndNotAMomentLonger) {
  const NewApiKey key = New("short", Role::kViewer, clock_.Now() + absl::Minutes(5));
  EXPECT_EQ(Try(keys_, key), absl::StatusCode::kOk);
  clock_.Set(*key.record.expires_at - absl::Microseconds(1));
  EXPECT_EQ(Try(keys_, key), absl::StatusCode::kOk);
  // The key is remembered for five seconds of the machine's clock, which have not passed.
  clock_.Set(*key.record.expires_at);
  EXPECT_EQ(Try(keys_, key), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(StateOf(*keys_.Get(key.record.id), clock_.Now()), ApiKeyState::kExpired);
  ApiKeys other(*core_);
  EXPECT_EQ(Try(other, key), absl::StatusCode::kUnauthenticated);
}

TEST_F(ApiKeysTest, AnExpiryIsInTheFuture) {
  for (const absl::Time expires_at : {clock_.Now(), clock_.Now() - absl::Hours(1), absl::UnixEpoch(),
                                      absl::FromCivil(absl::CivilSecond(10000, 1, 1), absl::UTCTimeZone())}) {
    const auto created = keys_.Create(NewCall(), {.name = "n", .role = Role::kViewer, .expires_at = expires_at}, {});
    EXPECT_EQ(created.status().code(), absl::StatusCode::kInvalidArgument) << expires_at;
    EXPECT_EQ(base::DetailOf(created.status()).fields.at(0).field, "expireTime");
  }
  EXPECT_EQ(Count("api_keys"), 0);
  const NewApiKey key = New("k");
  EXPECT_EQ(SetExpiry(key.record.id, clock_.Now()).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(SetExpiry(key.record.id, clock_.Now() + absl::Seconds(1)).ok());
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(Try(keys_, key), absl::StatusCode::kUnauthenticated);
  // What is not changed is not judged: an expired key is renamed, and may get another expiry.
  EXPECT_TRUE(Rename(key.record.id, "renamed").ok());
  EXPECT_TRUE(SetExpiry(key.record.id, std::nullopt).ok());
  EXPECT_EQ(Try(keys_, key), absl::StatusCode::kOk);
}

TEST_F(ApiKeysTest, ARevokedKeyIsForgottenAtOnceByTheServerThatRevokedIt) {
  const NewApiKey key = New("leaked");
  ASSERT_EQ(Try(keys_, key), absl::StatusCode::kOk);
  ASSERT_TRUE(Revoke(key.record.id).ok());
  EXPECT_EQ(Try(keys_, key), absl::StatusCode::kUnauthenticated);
  const store::ApiKey revoked = *keys_.Get(key.record.id);
  EXPECT_EQ(Name(StateOf(revoked, clock_.Now())), "REVOKED");
  EXPECT_EQ(revoked.version, 2);
  // Again: nothing changes.
  clock_.Advance(absl::Hours(1));
  EXPECT_TRUE(Revoke(key.record.id).ok());
  EXPECT_EQ(keys_.Get(key.record.id)->revoked_at, revoked.revoked_at);
  EXPECT_EQ(keys_.Get(key.record.id)->version, 2);
  const absl::Status renamed = Rename(key.record.id, "x");
  EXPECT_EQ(renamed.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(base::DetailOf(renamed).metadata.at("state"), "REVOKED");
}

TEST_F(ApiKeysTest, StaleEtagsAndUnknownIdsAreRefused) {
  const NewApiKey key = New("a");
  ASSERT_TRUE(Rename(key.record.id, "b", "1").ok());
  EXPECT_EQ(Rename(key.record.id, "c", "1").code(), absl::StatusCode::kAborted);
  EXPECT_EQ(Revoke(key.record.id, LastAdmin::kStays, "1").code(), absl::StatusCode::kAborted);
  EXPECT_TRUE(Revoke(key.record.id, LastAdmin::kStays, "2").ok());
  constexpr char kUnknown[] = "01900000-0000-7000-8000-000000000000";
  EXPECT_EQ(keys_.Get(kUnknown).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Rename(kUnknown, "c").code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Revoke(kUnknown).code(), absl::StatusCode::kNotFound);
}

TEST_F(ApiKeysTest, TheLastAdministratorThatWorksStays) {
  const NewApiKey expiring = New("expiring", Role::kAdmin, clock_.Now() + absl::Hours(1));
  const NewApiKey first = New("first", Role::kAdmin);
  New("finance", Role::kFinance);
  EXPECT_EQ(Revoke(first.record.id, LastAdmin::kStays, "7").code(), absl::StatusCode::kAborted);
  clock_.Advance(absl::Hours(2));
  // The other administrator's key has expired.
  const absl::Status refused = Revoke(first.record.id);
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(base::DetailOf(refused).reason, base::Reason::kInvalidState);
  EXPECT_EQ(Try(keys_, first), absl::StatusCode::kOk);
  EXPECT_TRUE(Revoke(expiring.record.id).ok());
  const NewApiKey second = New("second", Role::kAdmin);
  EXPECT_TRUE(Revoke(first.record.id).ok());
  EXPECT_EQ(Revoke(second.record.id).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(SetExpiry(second.record.id, clock_.Now() + absl::Hours(1)).code(), absl::StatusCode::kFailedPrecondition);
  const NewApiKey shorter = New("shorter", Role::kAdmin, clock_.Now() + absl::Minutes(30));
  EXPECT_EQ(SetExpiry(second.record.id, clock_.Now() + absl::Hours(1)).code(), absl::StatusCode::kFailedPrecondition)
      << "the other one ends earlier";
  EXPECT_TRUE(SetExpiry(second.record.id, clock_.Now() + absl::Minutes(10)).ok());
  EXPECT_TRUE(SetExpiry(second.record.id, clock_.Now() + absl::Minutes(20)).ok()) << "a later end takes nothing away";
  EXPECT_TRUE(Revoke(second.record.id, LastAdmin::kMayGo).ok());
}

TEST_F(ApiKeysTest, TwoAdministratorsDoNotRevokeEachOtherAtOnce) {
  for (int round = 0; round < 5; ++round) {
    const NewApiKey first = New("first", Role::kAdmin);
    const NewApiKey second = New("second", Role::kAdmin);
    absl::Status of_first;
    std::thread other([&] { of_first = Revoke(first.record.id); });
    const absl::Status of_second = Revoke(second.record.id);
    other.join();
    EXPECT_NE(of_first.ok(), of_second.ok()) << of_first << of_second;
    EXPECT_EQ(Count("api_keys WHERE role = 'ADMIN' AND revoked_at IS NULL"), 1);
    EXPECT_TRUE(Revoke(of_first.ok() ? second.record.id : first.record.id, LastAdmin::kMayGo).ok());
  }
}

TEST_F(ApiKeysTest, AReplayedCreationKeepsTheIdAlone) {
  Call call = NewCall();
  call.idempotency_key = "create-1";
  call.idempotency_digest = "digest";
  const Encode<NewApiKey> encode = [](const NewApiKey& created) { return created.record.id; };
  const ApiKeyToCreate given{.name = "ci", .role = Role::kFinance, .expires_at = {}};
  const auto first = keys_.Create(call, given, encode);
  const auto second = keys_.Create(call, given, encode);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_FALSE(first->replayed);
  EXPECT_TRUE(second->replayed);
  EXPECT_EQ(second->kept, first->result.record.id);
  EXPECT_EQ(Count("api_keys"), 1);
}

TEST_F(ApiKeysTest, ListsTheNewestFirstInPages) {
  for (const char* name : {"a", "b", "c"}) New(name);
  store::PageRequest page{.size = 2, .after = {}};
  const auto first = keys_.List(page);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->total_size, 3);
  ASSERT_EQ(first->records.size(), 2u);
  page.after = first->next;
  const auto second = keys_.List(page);
  ASSERT_TRUE(second.ok() && second->records.size() == 1u);
  EXPECT_THAT((std::vector<std::string>{first->records[0].name, first->records[1].name, second->records[0].name}),
              ElementsAre("c", "b", "a"));
  EXPECT_TRUE(second->next.empty());
}

TEST_F(ApiKeysTest, TheAuditTrailTellsEachChangeAndNoSecret) {
  const NewApiKey key = New("told");
  ASSERT_TRUE(Rename(key.record.id, "told again").ok());
  ASSERT_TRUE(Revoke(key.record.id).ok());
  EXPECT_EQ(Count("audit_events WHERE resource = 'apiKey'"), 3);
  EXPECT_EQ(Count("audit_events WHERE resource = 'apiKey' AND action = 'revoke' AND after->>'revokeTime' IS NOT NULL"),
            1);
  const std::string hash = base::HashApiKey(key.key.Reveal());
  EXPECT_EQ(
      Count(("audit_events WHERE after::text LIKE '%" + hash + "%' OR before::text LIKE '%" + hash + "%'").c_str()), 0);
}

}  // namespace
}  // namespace invoice::app
