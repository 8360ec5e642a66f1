#include <iostream>

#include "app/smtp_rotation.h"
#include "commands/commands.h"
#include "commands/house.h"
#include "commands/settings.h"

namespace invoice::commands {
namespace {

constexpr char kRotateKeysUsage[] = "usage: invoice-server rotate-keys\n";

}  // namespace

// Prints what was done; the exit code is 1 where a password cannot be opened, after all others were sealed.
int RotateKeys(const Arguments& arguments) {
  if (!arguments.empty()) {
    std::cerr << kRotateKeysUsage;
    return 2;
  }
  const absl::StatusOr<CommonSettings> settings = ReadCommonSettings();
  if (!settings.ok()) return Fatal(settings.status());
  base::ConfigureLog(settings->log_level, "rotate-keys");
  const absl::StatusOr<std::unique_ptr<House>> house = House::Build(*settings);
  if (!house.ok()) return Fatal(house.status());
  const absl::StatusOr<app::RotationReport> report = app::SmtpRotation((*house)->core()).Run();
  if (!report.ok()) return Fatal(report.status());
  std::cout << report->sealed << " sealed anew, " << report->not_openable.size() << " not openable, "
            << report->remaining << " still under another key\n";
  for (const std::string& id : report->not_openable) {
    std::cout << "the password of SMTP configuration " << id << " cannot be opened: enter it again\n";
  }
  return report->not_openable.empty() ? 0 : 1;
}

}  // namespace invoice::commands
