#include "mail/smtp_types.h"

#include "base/status.h"
#include "base/text.h"
#include "mail/address.h"
#include "mail/smtp_outcome.h"

namespace invoice::mail {
namespace {

constexpr size_t kMaxUsernameBytes = 320;
constexpr size_t kMaxPasswordBytes = 1024;

}  // namespace

std::string_view SecurityName(SmtpSecurity security) {
  switch (security) {
    case SmtpSecurity::kNone:
      return "NONE";
    case SmtpSecurity::kStartTls:
      return "STARTTLS";
    case SmtpSecurity::kTls:
      return "TLS";
  }
  return "";
}

std::string_view StepName(SmtpStep step) {
  static constexpr std::string_view kNames[] = {"RESOLVE",   "CONNECT", "TLS",     "GREETING",   "EHLO",
                                                "STARTTLS",  "AUTH",    "RSET",    "MAIL_FROM",  "RCPT_TO",
                                                "HAND_OVER", "DATA",    "CONTENT", "FINAL_REPLY"};
  return kNames[static_cast<size_t>(step)];
}

std::string_view OutcomeName(SendOutcome outcome) {
  static constexpr std::string_view kNames[] = {"ACCEPTED",          "SESSION_FAULT",   "SENDER_REFUSED",
                                                "RECIPIENT_REFUSED", "CONTENT_REFUSED", "NOT_HANDED_OVER",
                                                "LOST_BEFORE_DATA",  "LOST_AFTER_DATA"};
  return kNames[static_cast<size_t>(outcome)];
}

absl::Status CheckSettings(const SmtpSettings& settings) {
  std::vector<base::FieldViolation> violations;
  if (!IsHostName(settings.host)) violations.push_back({"host", "a host name or an IP address"});
  if (settings.port < 1 || settings.port > 65535) violations.push_back({"port", "a number from 1 to 65535"});
  if (!settings.ehlo_name.empty() && !IsHostName(settings.ehlo_name))
    violations.push_back({"ehlo_name", "a host name"});
  if (settings.username.size() > kMaxUsernameBytes || !base::IsValidUtf8(settings.username) ||
      base::HasControlCharacters(settings.username)) {
    violations.push_back({"username", "a text without control characters of at most 320 bytes"});
  }
  // A NUL would split the fields of AUTH PLAIN.
  const std::string_view password = settings.password.Reveal();
  if (password.size() > kMaxPasswordBytes || !base::IsValidUtf8(password) || base::HasControlCharacters(password)) {
    violations.push_back({"password", "a text without control characters of at most 1024 bytes"});
  }
  if (settings.username.empty() && !password.empty())
    violations.push_back({"username", "a name to go with the password"});
  if (violations.empty()) return absl::OkStatus();
  return base::InvalidFields(std::move(violations));
}

SmtpTimeouts TestTimeouts() {
  SmtpTimeouts timeouts;
  timeouts.resolve = absl::Seconds(5);
  timeouts.connect = absl::Seconds(5);
  timeouts.tls = absl::Seconds(8);
  timeouts.greeting = absl::Seconds(10);
  timeouts.command = absl::Seconds(10);
  timeouts.envelope = absl::Seconds(10);
  timeouts.block = absl::Seconds(10);
  timeouts.final_reply = absl::Seconds(15);
  timeouts.quit = absl::Seconds(1);
  timeouts.total = absl::Seconds(16);
  return timeouts;
}

}  // namespace invoice::mail
