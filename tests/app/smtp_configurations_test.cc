// SMTP configurations, which of them carries whose email, and the rotation of the key that seals their passwords.
#include "app/smtp_configurations.h"

#include <gmock/gmock.h>

#include "app/emails.h"
#include "app/smtp_rotation.h"
#include "app/smtp_trials.h"
#include "base/encoding.h"
#include "base/status.h"
#include "store/emails.h"
#include "tests/app/app_fixture.h"
#include "tests/support/plain_sql.h"

namespace invoice::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kPassword[] = "correct horse battery";

base::SealingKey KeyOf(char c) {
  return base::SealingKey::FromBase64(base::Secret(base::Base64Encode(std::string(32, c)))).value();
}

SmtpPasswords PasswordsOf(char current, const std::string& previous = "") {
  base::KeyRing keys(KeyOf(current));
  for (const char c : previous) keys.AddForOpening(KeyOf(c));
  return SmtpPasswords(std::move(keys));
}

class SmtpConfigurationsTest : public AppTest {
 protected:
  // A house of its own on the same database, as a process with other keys has.
  struct House {
    House(SmtpConfigurationsTest& test, SmtpPasswords passwords)
        : routes(MailRoute{.smtp = {.id = "environment"}, .from_address = "environment@example.com"},
                 std::move(passwords), {.ca_file = "/roots.pem", .ehlo_name = "invoice.example"}),
          core{test.database_, test.clock_, test.time_zones_, *test.renderer_,
               test.flights_,  routes,      test.logo_drawer_} {}
    MailRoutes routes;
    Core core;
  };

  SmtpConfigurationChange Given(const std::string& vendor_id, const std::string& name = "Mail") {
    SmtpConfigurationChange change;
    change.configuration.vendor_id = vendor_id;
    change.configuration.name = name;
    change.configuration.host = "mail.example.com";
    change.configuration.port = 587;
    change.configuration.username = "billing";
    change.configuration.from_address = "billing@vendor.example";
    change.password = base::Secret(kPassword);
    return change;
  }

  std::string Create(House& house, const std::string& vendor_id, const std::string& name = "Mail") {
    const auto created = SmtpConfigurations(house.core).Create(NewCall(), Given(vendor_id, name), {});
    EXPECT_TRUE(created.ok()) << created.status();
    return created.ok() ? created->result.id : "";
  }

  MailRoute RouteOf(House& house, const std::string& vendor_id) {
    auto transaction = database_.Begin();
    const auto routes = house.routes.Of(*transaction, {vendor_id});
    EXPECT_TRUE(routes.ok()) << routes.status();
    return routes->at(vendor_id);
  }

  // How many passwords the key of `c` has sealed.
  int64_t SealedBy(char c) {
    const std::string key_id = std::to_string(KeyOf(c).id());
    return Count(("smtp_configurations WHERE password_key_id = '" + key_id + "'").c_str());
  }

  House house_{*this, PasswordsOf('a')};
  std::string vendor_id_ = NewVendor();
};

TEST_F(SmtpConfigurationsTest, KeepsThePasswordSealedAndOutOfEverythingElse) {
  Call call = NewCall();
  call.idempotency_key = "key";
  call.idempotency_digest = "digest";
  const auto created = SmtpConfigurations(house_.core).Create(call, Given(vendor_id_), [](const auto&) { return "x"; });
  ASSERT_TRUE(created.ok()) << created.status();
  ASSERT_TRUE(created->result.password.has_value());
  EXPECT_THAT(created->result.password->bytes, Not(HasSubstr(kPassword)));
  EXPECT_EQ(created->result.password->key_id, std::to_string(KeyOf('a').id()));
  EXPECT_EQ(Count("smtp_configurations c WHERE c::text LIKE '%horse%'"), 0);
  EXPECT_EQ(Count("audit_events e WHERE e::text LIKE '%horse%'"), 0);
  EXPECT_EQ(Count("audit_events WHERE resource = 'smtpConfig' AND after->>'password' = 'set'"), 1);
  EXPECT_EQ(RouteOf(house_, vendor_id_).smtp.password.Reveal(), kPassword);
}

TEST_F(SmtpConfigurationsTest, TakesTheVendorsThenTheGlobalThenTheEnvironments) {
  const std::string other = NewVendor();
  EXPECT_EQ(RouteOf(house_, vendor_id_).smtp.id, "environment");
  const std::string global = Create(house_, "", "Global");
  EXPECT_EQ(RouteOf(house_, vendor_id_).smtp.id, global);
  const std::string own = Create(house_, vendor_id_);
  const MailRoute route = RouteOf(house_, vendor_id_);
  EXPECT_EQ(route.smtp.id, own);
  EXPECT_EQ(route.smtp.host, "mail.example.com");
  EXPECT_EQ(route.smtp.ca_file, "/roots.pem");
  EXPECT_EQ(route.smtp.ehlo_name, "invoice.example");
  EXPECT_EQ(route.from_address, "billing@vendor.example");
  EXPECT_EQ(RouteOf(house_, other).smtp.id, global);
  SmtpConfigurations configurations(house_.core);
  ASSERT_TRUE(configurations.SetActive(NewCall(), own, "", false, {}).ok());
  EXPECT_EQ(RouteOf(house_, vendor_id_).smtp.id, global);
  ASSERT_TRUE(configurations.SetActive(NewCall(), global, "", false, {}).ok());
  EXPECT_EQ(RouteOf(house_, vendor_id_).smtp.id, "environment");
}

TEST_F(SmtpConfigurationsTest, HasOneActiveConfigurationForEachVendorAndOneGlobal) {
  SmtpConfigurations configurations(house_.core);
  for (const std::string& vendor_id : {vendor_id_, std::string()}) {
    const std::string first = Create(house_, vendor_id);
    EXPECT_TRUE(absl::IsAlreadyExists(configurations.Create(NewCall(), Given(vendor_id), {}).status()));
    ASSERT_TRUE(configurations.SetActive(NewCall(), first, "", false, {}).ok());
    Create(house_, vendor_id);
    EXPECT_TRUE(absl::IsAlreadyExists(configurations.SetActive(NewCall(), first, "", true, {}).status()));
  }
  const auto unknown = configurations.Create(NewCall(), Given("01900000-0000-7000-8000-000000000000"), {});
  EXPECT_TRUE(absl::IsNotFound(unknown.status())) << unknown.status();
}

TEST_F(SmtpConfigurationsTest, KeepsChangesAndRemovesThePassword) {
  SmtpConfigurations configurations(house_.core);
  const std::string id = Create(house_, vendor_id_);
  const auto change = [&](std::optional<base::Secret> password, std::string username) {
    return configurations.Update(NewCall(), id, "",
                                 [&](SmtpConfigurationChange& record) {
                                   record.password = password;
                                   record.configuration.username = username;
                                   return absl::OkStatus();
                                 },
                                 {});
  };
  ASSERT_TRUE(change(std::nullopt, "other").ok());
  EXPECT_EQ(RouteOf(house_, vendor_id_).smtp.password.Reveal(), kPassword);
  ASSERT_TRUE(change(base::Secret("new password"), "other").ok());
  EXPECT_EQ(RouteOf(house_, vendor_id_).smtp.password.Reveal(), "new password");
  EXPECT_EQ(Count("audit_events WHERE resource = 'smtpConfig' AND after->>'password' = 'changed'"), 1);
  EXPECT_TRUE(absl::IsInvalidArgument(change(std::nullopt, "").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(change(base::Secret("p"), "").status()));
  ASSERT_TRUE(change(base::Secret(), "").ok());
  EXPECT_FALSE(configurations.Get(id)->password.has_value());
  EXPECT_TRUE(RouteOf(house_, vendor_id_).smtp.password.empty());
}

TEST_F(SmtpConfigurationsTest, AnUpdateEndsAPause) {
  SmtpConfigurations configurations(house_.core);
  const std::string id = Create(house_, vendor_id_);
  {
    auto transaction = database_.Begin();
    store::Emails emails(*transaction);
    ASSERT_TRUE(emails.CountFault(id, "authentication failed", clock_.Now()).ok());
    ASSERT_TRUE(emails.PauseUntil(id, clock_.Now() + absl::Minutes(1)).ok());
    ASSERT_TRUE(transaction->Commit().ok());
  }
  EXPECT_EQ(configurations.Get(id)->paused_until, clock_.Now() + absl::Minutes(1));
  EXPECT_EQ(configurations.Get(id)->last_problem, "authentication failed");
  EXPECT_TRUE(absl::IsAborted(configurations.Update(NewCall(), id, "7", {}, {}).status()));
  const auto updated =
      configurations.Update(NewCall(), id, "1", [](SmtpConfigurationChange&) { return absl::OkStatus(); }, {});
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_FALSE(updated->result.paused_until.has_value());
  EXPECT_EQ(updated->result.last_problem, "");
  EXPECT_EQ(Count("smtp_pauses"), 0);
}

TEST_F(SmtpConfigurationsTest, RefusesPasswordsWithoutAKey) {
  House keyless(*this, SmtpPasswords());
  SmtpConfigurations configurations(keyless.core);
  const absl::Status refused = configurations.Create(NewCall(), Given(vendor_id_), {}).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr("ENCRYPTION_KEY"));
  SmtpConfigurationChange without = Given(vendor_id_);
  without.password.reset();
  without.configuration.username.clear();
  EXPECT_TRUE(configurations.Create(NewCall(), without, {}).ok());
  EXPECT_EQ(RouteOf(keyless, vendor_id_).fault, "");
}

TEST_F(SmtpConfigurationsTest, APasswordThatCannotBeOpenedIsAFaultAndNoOtherRouteStepsIn) {
  const std::string id = Create(house_, vendor_id_);
  House other(*this, PasswordsOf('b'));
  const MailRoute route = RouteOf(other, vendor_id_);
  EXPECT_EQ(route.smtp.id, id);
  EXPECT_THAT(route.fault, HasSubstr("ENCRYPTION_KEY_PREVIOUS"));
  EXPECT_TRUE(route.smtp.password.empty());
  House both(*this, PasswordsOf('b', "a"));
  EXPECT_EQ(RouteOf(both, vendor_id_).fault, "");
  const auto tested = SmtpTrials(other.core).Test(NewCall(), id, "", {});
  ASSERT_TRUE(tested.ok()) << tested.status();
  EXPECT_FALSE(tested->result.success);
  EXPECT_THAT(tested->result.problem, HasSubstr("cannot be opened"));
}

TEST_F(SmtpConfigurationsTest, SealedBytesAreWorthNothingChangedOrInAnotherRow) {
  const std::string other_vendor = NewVendor();
  Create(house_, vendor_id_);
  Create(house_, other_vendor);
  test::PlainSql sql(url_);
  sql.Must(
      "UPDATE smtp_configurations c SET password_sealed = o.password_sealed FROM smtp_configurations o WHERE "
      "c.vendor_id = '" +
      vendor_id_ + "' AND o.vendor_id = '" + other_vendor + "'");
  EXPECT_THAT(RouteOf(house_, vendor_id_).fault, HasSubstr("cannot be opened"));
  EXPECT_EQ(RouteOf(house_, other_vendor).fault, "");
  sql.Must(
      "UPDATE smtp_configurations SET password_sealed = set_byte(password_sealed, 40, 255 - get_byte(password_sealed, "
      "40))");
  EXPECT_THAT(RouteOf(house_, other_vendor).fault, HasSubstr("cannot be opened"));
}

TEST_F(SmtpConfigurationsTest, RotatesInBatchesAndGoesOnAfterAnInterruption) {
  SmtpConfigurations configurations(house_.core);
  for (int i = 0; i < 7; ++i) {
    const std::string id = Create(house_, "", "Old " + std::to_string(i));
    ASSERT_TRUE(configurations.SetActive(NewCall(), id, "", false, {}).ok());
  }
  House next(*this, PasswordsOf('b', "a"));
  {
    // Half way: another session keeps some rows, and so leaves them to a later run.
    auto transaction = database_.Begin();
    const auto held = store::SmtpConfigurations(*transaction).LockOutdated(std::to_string(KeyOf('b').id()), "", 3);
    ASSERT_EQ(held->size(), 3u);
    const auto report = SmtpRotation(next.core).Run(2);
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_EQ(report->sealed, 4);
    EXPECT_EQ(report->remaining, 3);
  }
  EXPECT_EQ(SealedBy('a'), 3);
  EXPECT_EQ(SealedBy('b'), 4);
  const auto page = SmtpConfigurations(next.core).List({}, {});
  ASSERT_EQ(page->records.size(), 7u);
  for (const auto& record : page->records) EXPECT_EQ(next.routes.Through(record).fault, "") << "both keys are valid";
  const auto rest = SmtpRotation(next.core).Run(2);
  EXPECT_EQ(rest->sealed, 3);
  EXPECT_EQ(rest->remaining, 0);
  EXPECT_EQ(SmtpRotation(next.core).Run()->sealed, 0);
  House later(*this, PasswordsOf('b'));
  const auto after = SmtpConfigurations(later.core).List({}, {});
  for (const auto& record : after->records) {
    EXPECT_EQ(later.routes.Through(record).smtp.password.Reveal(), kPassword);
    EXPECT_EQ(record.version, 2) << "clients see no change";
  }
}

TEST_F(SmtpConfigurationsTest, RotationNamesWhatItCannotOpenAndGoesOn) {
  House lost(*this, PasswordsOf('c'));
  const std::string unknown = Create(lost, NewVendor());
  Create(house_, vendor_id_);
  House next(*this, PasswordsOf('b', "a"));
  const auto report = SmtpRotation(next.core).Run(1);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->sealed, 1);
  EXPECT_THAT(report->not_openable, testing::ElementsAre(unknown));
  EXPECT_EQ(report->remaining, 1);
  House keyless(*this, SmtpPasswords());
  EXPECT_TRUE(absl::IsFailedPrecondition(SmtpRotation(keyless.core).Run().status()));
}

TEST_F(SmtpConfigurationsTest, ATestWithAKeyIsMadeOnce) {
  SmtpConfigurationChange given = Given(vendor_id_);
  given.configuration.host = "127.0.0.1";
  given.configuration.port = 1;  // nobody listens there
  const auto created = SmtpConfigurations(house_.core).Create(NewCall(), given, {});
  ASSERT_TRUE(created.ok()) << created.status();
  Call call = NewCall();
  call.idempotency_key = "key";
  call.idempotency_digest = "digest";
  SmtpTrials trials(house_.core);
  const auto encode = [](const mail::TestReport& report) { return report.problem; };
  const auto first = trials.Test(call, created->result.id, "", encode);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_FALSE(first->result.success);
  ASSERT_EQ(first->result.steps.size(), 2u);
  EXPECT_EQ(first->result.steps.back().step, mail::SmtpStep::kConnect);
  const auto second = trials.Test(call, created->result.id, "", encode);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_TRUE(second->replayed);
  EXPECT_EQ(second->kept, first->result.problem);
  EXPECT_EQ(Count("audit_events WHERE action = 'test'"), 1);
  EXPECT_TRUE(absl::IsNotFound(trials.Test(NewCall(), vendor_id_, "", encode).status()));
}

}  // namespace
}  // namespace invoice::app
