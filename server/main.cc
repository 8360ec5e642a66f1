// invoice-server: the gRPC server, the worker, the scheduler and the operator's commands in one binary.
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <string_view>

#include "absl/synchronization/mutex.h"
#include "base/secret.h"
#include "commands/commands.h"
#include "commands/version.h"
#include "pdf/logo_process.h"

namespace {

constexpr char kUsage[] = R"(usage: invoice-server COMMAND

  serve                            the gRPC API
  worker                           background work: documents and email
  scheduler                        what is due, and sweeping; several may run, one acts
  create-api-key --name N --role R [--expires DATE-OR-DURATION]
                                   print a new key; R is ADMIN, FINANCE or VIEWER
  list-api-keys                    all keys with their ids, without the keys themselves
  revoke-api-key --id ID           end a key for ever
  rotate-keys                      seal all stored passwords with the present ENCRYPTION_KEY
  seed                             demo data, never in production
  version                          print the version

Configuration is read from the environment; see docs/configuration.md.
)";

}  // namespace

int main(int argc, char** argv) {
  using invoice::commands::Arguments;
  const std::map<std::string, std::function<int(const Arguments&)>> commands = {
      {"serve", invoice::commands::Serve},
      {"worker", invoice::commands::Work},
      {"scheduler", invoice::commands::Schedule},
      {"create-api-key", invoice::commands::CreateApiKey},
      {"list-api-keys", invoice::commands::ListApiKeys},
      {"revoke-api-key", invoice::commands::RevokeApiKey},
      {"rotate-keys", invoice::commands::RotateKeys},
      {"seed", invoice::commands::Seed},
      {"version", [](const Arguments&) {
         std::cout << invoice::commands::kVersion << "\n";
         return 0;
       }}};
  if (argc > 1 && std::string_view(argv[1]) == invoice::commands::kDrawLogo) return invoice::pdf::DrawLogoOfInput();
  const auto command = commands.find(argc > 1 ? argv[1] : "");
  if (command == commands.end()) {
    std::cerr << kUsage;
    return 2;
  }
#ifdef NDEBUG
  // Debian's Abseil is built to look for cycles at every lock, also at those of gRPC.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
  invoice::base::InitCrypto();
  return command->second(Arguments(argv + 2, argv + argc));
}
