// How the email of a vendor, or of all vendors, is sent: one SMTP configuration as it is kept. Its password is there in
// sealed form only. Plain data.
#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "base/limits.h"
#include "domain/email_state.h"
#include "domain/kinds.h"

namespace invoice::domain {

enum class SmtpSecurity { kNone, kStartTls, kTls };

template <>
std::string_view Name<SmtpSecurity>(SmtpSecurity security);
template <>
std::optional<SmtpSecurity> Parse<SmtpSecurity>(std::string_view name);
template <>
std::string_view Name<UnknownPolicy>(UnknownPolicy policy);
template <>
std::optional<UnknownPolicy> Parse<UnknownPolicy>(std::string_view name);

// The port that mail servers listen on: 25, 587 or 465.
int DefaultSmtpPort(SmtpSecurity security);

// A password as it is stored: opened only by the key it names, and only as that of its configuration.
struct SealedPassword {
  std::string bytes;
  std::string key_id;
};

struct SmtpConfiguration {
  std::string id;
  std::string vendor_id;  // empty: the global one
  std::string name;
  std::string host;
  int port = 0;
  SmtpSecurity security = SmtpSecurity::kStartTls;
  std::string username;                    // empty: no log-in
  std::optional<SealedPassword> password;  // none: no password
  std::string from_address;
  std::string from_name;  // empty: the vendor's name
  bool verify_certificate = true;
  UnknownPolicy unknown_policy = UnknownPolicy::kRetryOnce;
  int max_emails_per_run = base::kDefaultMaxEmailsPerRun;
  int max_emails_per_recipient_per_day = base::kDefaultMaxEmailsPerRecipientPerDay;
  int max_connections = base::kDefaultSmtpConnections;  // of all workers together
  int max_emails_per_minute = 0;                        // of all workers together; 0: no limit
  bool active = true;
  std::optional<absl::Time> paused_until;  // after faults of the session; may lie in the past
  std::string last_problem;                // the last fault of the session; empty after a success
  int64_t version = 0;
  absl::Time created_at;
  absl::Time updated_at;
};

}  // namespace invoice::domain
