// What the processes read from the environment, once, at start. All faults are reported together and nothing starts.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "app/mail_routes.h"
#include "base/config.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/trusted_proxies.h"
#include "store/database.h"

namespace invoice::commands {

// Every sub-command's.
struct CommonSettings {
  store::DatabaseOptions database;
  base::Level log_level = base::Level::kInfo;
  std::string environment;  // development, test or production
  std::vector<std::string> font_folders;
  std::string redis_url;
  std::string clock_file;  // development and test: the file that holds the time; empty: the machine's clock
  int run_chunk = 0;       // customers that a batch run bills in one transaction
  std::optional<app::MailRoute> mail_route;  // the environment's SMTP configuration
  app::MailHouse mail_house;
  app::SmtpPasswords smtp_passwords;
};

struct ServeSettings {
  CommonSettings common;
  base::HostPort listen;
  base::HostPort admin_listen;
  base::Secret secret_key;
  bool reflection = true;
  base::TrustedProxies trusted_proxies;
};

struct WorkSettings {
  CommonSettings common;
  base::HostPort admin_listen;
  int threads = 4;
};

struct ScheduleSettings {
  CommonSettings common;
  base::HostPort admin_listen;
};

absl::StatusOr<CommonSettings> ReadCommonSettings();
absl::StatusOr<ServeSettings> ReadServeSettings();
absl::StatusOr<WorkSettings> ReadWorkSettings();
absl::StatusOr<ScheduleSettings> ReadScheduleSettings();

}  // namespace invoice::commands
