#include <iostream>
#include <map>
#include <optional>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/time/civil_time.h"
#include "app/api_keys.h"
#include "app/once.h"
#include "base/id.h"
#include "base/status.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/house.h"
#include "commands/settings.h"
#include "fmt/format.h"

namespace invoice::commands {
namespace {

constexpr char kCreateUsage[] =
    "usage: invoice-server create-api-key --name NAME --role ADMIN|FINANCE|VIEWER [--expires DATE-OR-DURATION]\n"
    "  NAME has 1 to 100 characters. DATE is as 2027-01-31, whose first moment in UTC it is, or 2027-01-31T08:30:00Z;\n"
    "  DURATION is as 90d, 2w, 12h or 30m.\n";
constexpr char kListUsage[] = "usage: invoice-server list-api-keys\n";
constexpr char kRevokeUsage[] = "usage: invoice-server revoke-api-key --id ID\n";
constexpr size_t kMaxNameCharacters = 100;

// The values by their flags; nothing where a flag is unknown, double or without a value.
std::optional<std::map<std::string, std::string>> FlagsOf(const Arguments& arguments,
                                                          const std::set<std::string>& known) {
  std::map<std::string, std::string> values;
  for (size_t i = 0; i < arguments.size(); i += 2) {
    if (i + 1 == arguments.size() || !known.contains(arguments[i])) return std::nullopt;
    if (!values.try_emplace(arguments[i], arguments[i + 1]).second) return std::nullopt;
  }
  return values;
}

bool IsName(const std::string& name) {
  return base::IsValidUtf8(name) && !base::HasControlCharacters(name) && base::HasVisibleCharacter(name) &&
         base::CountCodePoints(name) <= kMaxNameCharacters;
}

// "90d" and "2w"; hours and less as "12h" or "1h30m".
std::optional<absl::Duration> ParseWait(const std::string& text) {
  constexpr int64_t kMaxUnits = 1'000'000;
  if (text.empty()) return std::nullopt;
  int64_t count = 0;
  const int days = text.back() == 'w' ? 7 : text.back() == 'd' ? 1 : 0;
  if (days > 0) {
    const bool good = absl::SimpleAtoi(text.substr(0, text.size() - 1), &count) && count > 0 && count <= kMaxUnits;
    return good ? std::optional(absl::Hours(24) * days * count) : std::nullopt;
  }
  absl::Duration wait;
  const bool good = absl::ParseDuration(text, &wait) && wait > absl::ZeroDuration() && wait != absl::InfiniteDuration();
  return good ? std::optional(wait) : std::nullopt;
}

std::optional<absl::Time> ParseExpiry(const std::string& text, absl::Time now) {
  if (const std::optional<absl::Duration> wait = ParseWait(text)) return now + *wait;
  absl::CivilDay day;
  if (text.size() == 10 && absl::ParseCivilTime(text, &day)) return absl::FromCivil(day, absl::UTCTimeZone());
  absl::Time time;
  std::string fault;
  const bool good = absl::ParseTime(absl::RFC3339_full, text, &time, &fault) && time != absl::InfiniteFuture() &&
                    time != absl::InfinitePast();
  return good ? std::optional(time) : std::nullopt;
}

std::string TimeText(const std::optional<absl::Time>& time) {
  return time ? absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", *time, absl::UTCTimeZone()) : "-";
}

app::Call CallOf(const std::string& command) {
  return {.actor = {.id = "system", .name = "operator", .role = app::Role::kAdmin}, .method = command};
}

int Usage(const char* usage) {
  std::cerr << usage;
  return 2;
}

int Failed(const absl::Status& status) {
  std::cerr << status.message() << "\n";
  return absl::IsInvalidArgument(status) ? 2 : 1;
}

absl::StatusOr<std::unique_ptr<House>> BuildHouse() {
  ASSIGN_OR_RETURN(const CommonSettings settings, ReadCommonSettings());
  return House::Build(settings);
}

std::string LineOf(const store::ApiKey& key, absl::Time now) {
  return fmt::format("{:<36}  {:<7}  {:<7}  {:<20}  {:<20}  {:<20}  {}\n", key.id, key.role,
                     app::Name(app::StateOf(key, now)), TimeText(key.created_at), TimeText(key.expires_at),
                     TimeText(key.revoked_at), key.name);
}

absl::Status PrintKeys(app::ApiKeys& keys) {
  std::cout << fmt::format("{:<36}  {:<7}  {:<7}  {:<20}  {:<20}  {:<20}  {}\n", "ID", "ROLE", "STATE", "CREATED",
                           "EXPIRES", "REVOKED", "NAME");
  store::PageRequest page{.size = base::kMaxPageSize, .after = {}};
  do {
    ASSIGN_OR_RETURN(auto found, keys.List(page));
    for (const store::ApiKey& key : found.records) std::cout << LineOf(key, keys.Now());
    page.after = std::move(found.next);
  } while (!page.after.empty());
  return absl::OkStatus();
}

}  // namespace

// Prints the key, and nothing else, on standard output: this once it can be seen.
int CreateApiKey(const Arguments& arguments) {
  auto flags = FlagsOf(arguments, {"--name", "--role", "--expires"});
  if (!flags) return Usage(kCreateUsage);
  const std::optional<app::Role> role = app::ParseRole((*flags)["--role"]);
  if (!role || !IsName((*flags)["--name"])) return Usage(kCreateUsage);
  const bool expires = flags->contains("--expires");
  // Of the form alone; the clock of business rules is known later.
  if (expires && !ParseExpiry((*flags)["--expires"], absl::UnixEpoch())) return Usage(kCreateUsage);
  const absl::StatusOr<std::unique_ptr<House>> house = BuildHouse();
  if (!house.ok()) return Fatal(house.status());
  app::ApiKeys keys((*house)->core());
  app::ApiKeyToCreate given{
      .name = std::string(base::VisibleText((*flags)["--name"])), .role = *role, .expires_at = {}};
  if (expires) given.expires_at = ParseExpiry((*flags)["--expires"], keys.Now());
  const auto created = keys.Create(CallOf("create-api-key"), given, {});
  if (!created.ok()) return Failed(created.status());
  std::cout << created->result.key.Reveal() << "\n";
  return 0;
}

int ListApiKeys(const Arguments& arguments) {
  if (!arguments.empty()) return Usage(kListUsage);
  const absl::StatusOr<std::unique_ptr<House>> house = BuildHouse();
  if (!house.ok()) return Fatal(house.status());
  app::ApiKeys keys((*house)->core());
  const absl::Status printed = PrintKeys(keys);
  return printed.ok() ? 0 : Failed(printed);
}

// An operator may revoke any key: another one can be made with create-api-key.
int RevokeApiKey(const Arguments& arguments) {
  auto flags = FlagsOf(arguments, {"--id"});
  if (!flags || !base::IsId((*flags)["--id"])) return Usage(kRevokeUsage);
  const absl::StatusOr<std::unique_ptr<House>> house = BuildHouse();
  if (!house.ok()) return Fatal(house.status());
  const auto revoked = app::ApiKeys((*house)->core())
                           .Revoke(CallOf("revoke-api-key"), (*flags)["--id"], "", app::ApiKeys::LastAdmin::kMayGo, {});
  if (!revoked.ok()) return Failed(revoked.status());
  std::cout << fmt::format("{} \"{}\" is revoked since {}\n", revoked->result.id, revoked->result.name,
                           TimeText(revoked->result.revoked_at));
  return 0;
}

}  // namespace invoice::commands
