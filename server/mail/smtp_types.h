// What goes into sending one email by SMTP: where to, by which log-in, within which times. Plain data.
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/secret.h"

namespace invoice::mail {

enum class SmtpSecurity { kNone, kStartTls, kTls };

// "NONE", "STARTTLS" or "TLS".
std::string_view SecurityName(SmtpSecurity security);

// One SMTP configuration.
struct SmtpSettings {
  std::string id;  // connections are kept by it
  std::string host;
  int port = 0;
  SmtpSecurity security = SmtpSecurity::kStartTls;
  std::string username;  // empty: no log-in
  base::Secret password;
  bool verify_certificate = true;  // certificate chain and host name
  std::string ca_file;             // PEM file of trusted roots; empty: the system's
  std::string ehlo_name;           // our own host name; empty: "localhost"
};

// INVALID_ARGUMENT naming the fields ("host", "port", ...) that cannot work: a host name with control characters, a
// port outside 1 to 65535, a password without a user name.
absl::Status CheckSettings(const SmtpSettings& settings);

// Whom the server is told about; the headers of the message may say otherwise. One recipient: each has its own
// transaction, so that each has its own outcome.
struct Envelope {
  std::string mail_from;
  std::string rcpt_to;
};

// The caller's part in a send. Both are called on the sending thread, may be empty, and must not throw.
struct SendHooks {
  // Called once the server has accepted the recipient, before DATA: here the caller commits that it is handing over.
  // Not OK stops the send with kNotHandedOver; the server then holds nothing.
  std::function<absl::Status()> before_data;
  // Called about every second while waiting for the server, to renew a lease; false gives up at once.
  std::function<bool()> keep_going;
};

// The longest wait in each step: those of RFC 5321, section 4.5.3.2, where it has one.
struct SmtpTimeouts {
  absl::Duration resolve = absl::Seconds(10);
  absl::Duration connect = absl::Seconds(15);  // each address of the host
  absl::Duration tls = absl::Seconds(30);
  absl::Duration greeting = absl::Minutes(5);
  absl::Duration command = absl::Seconds(60);  // EHLO, STARTTLS, AUTH, RSET
  absl::Duration envelope = absl::Minutes(5);  // MAIL, RCPT, DATA
  absl::Duration block = absl::Minutes(3);     // each block of the content
  absl::Duration final_reply = absl::Minutes(10);
  absl::Duration quit = absl::Seconds(2);
  // All of a session together, from connecting on; for a test that a person waits for.
  absl::Duration total = absl::InfiniteDuration();
  // How often keep_going is called.
  absl::Duration hook_interval = absl::Seconds(1);
};

// For the test of a configuration: an answer within 20 seconds, with all that is done around the dialogue.
SmtpTimeouts TestTimeouts();

}  // namespace invoice::mail
