// Which SMTP configuration carries a vendor's email: the vendor's active one, else the global one, else the
// environment's (domain rules: "Email"). Thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "app/smtp_passwords.h"
#include "base/limits.h"
#include "domain/smtp_configuration.h"
#include "mail/smtp_types.h"
#include "store/database.h"

namespace invoice::app {

// The id of the environment's configuration; others have that of their row.
inline constexpr char kEnvironmentRoute[] = "environment";

// A configuration as it is used, with its password in the clear.
struct MailRoute {
  mail::SmtpSettings smtp;  // pauses, places and rates are kept by its id
  std::string from_address;
  std::string from_name;  // empty: the vendor's name
  domain::UnknownPolicy unknown_policy = domain::UnknownPolicy::kRetryOnce;
  int max_emails_per_run = base::kDefaultMaxEmailsPerRun;
  int max_emails_per_recipient_per_day = base::kDefaultMaxEmailsPerRecipientPerDay;
  int max_connections = base::kDefaultSmtpConnections;  // of all workers together
  int max_emails_per_minute = 0;                        // of all workers together; 0: no limit
  // Why nothing can be sent by it although it is the one to be used: its password cannot be opened. A fault of the
  // session like any other; empty: none. Another configuration must not step in: it may send as somebody else.
  std::string fault;
};

// What the server says of itself, whichever the configuration.
struct MailHouse {
  std::string ca_file;    // PEM file of trusted roots; empty: the system's
  std::string ehlo_name;  // empty: "localhost"
};

class MailRoutes {
 public:
  explicit MailRoutes(std::optional<MailRoute> environment, SmtpPasswords passwords = {}, MailHouse house = {})
      : environment_(std::move(environment)), passwords_(std::move(passwords)), house_(std::move(house)) {}

  // By vendor; a vendor without any configuration is not in it.
  absl::StatusOr<std::map<std::string, MailRoute>> Of(store::Transaction& transaction,
                                                      const std::vector<std::string>& vendor_ids) const;

  // The route by one configuration, active or not.
  MailRoute Through(const domain::SmtpConfiguration& configuration) const;

  const SmtpPasswords& passwords() const { return passwords_; }
  // The environment's configuration, which carries what no configuration of the database does.
  const std::optional<MailRoute>& environment() const { return environment_; }

 private:
  const std::optional<MailRoute> environment_;
  const SmtpPasswords passwords_;
  const MailHouse house_;
};

}  // namespace invoice::app
