#include <cstdio>
#include <iostream>

#include "app/api_keys.h"
#include "base/status.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/house.h"
#include "commands/settings.h"

namespace invoice::commands {
namespace {

constexpr char kUsage[] = "usage: invoice-server create-api-key --name NAME --role ADMIN|FINANCE|VIEWER\n";

// The value after `flag`; empty where it is not there.
std::string ValueOf(const Arguments& arguments, const std::string& flag) {
  for (size_t i = 0; i + 1 < arguments.size(); i += 2) {
    if (arguments[i] == flag) return arguments[i + 1];
  }
  return "";
}

}  // namespace

// Prints the key, and nothing else, on standard output: this once it can be seen.
int CreateApiKey(const Arguments& arguments) {
  const std::string name(base::VisibleText(ValueOf(arguments, "--name")));
  const std::optional<app::Role> role = app::ParseRole(ValueOf(arguments, "--role"));
  if (name.empty() || name.size() > 100 || !role || arguments.size() != 4) {
    std::cerr << kUsage;
    return 2;
  }
  const absl::StatusOr<CommonSettings> settings = ReadCommonSettings();
  if (!settings.ok()) return Fatal(settings.status());
  const absl::StatusOr<std::unique_ptr<House>> house = House::Build(*settings);
  if (!house.ok()) return Fatal(house.status());
  const absl::StatusOr<base::Secret> key = app::ApiKeys((*house)->core()).Create(name, *role);
  if (!key.ok()) return Fatal(key.status());
  std::cout << key->Reveal() << "\n";
  return 0;
}

}  // namespace invoice::commands
