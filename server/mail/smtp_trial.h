// The test of a configuration: one connection with short waits, through the same session as every other email, and what
// a person needs to know about how it went. Thread safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mail/smtp_outcome.h"
#include "mail/smtp_types.h"

namespace invoice::mail {

struct TestMessage {
  Envelope envelope;
  std::string mime;
};

struct TestReport {
  bool success = false;
  std::vector<StepReport> steps;  // up to the first that failed
  std::string transcript;
  std::string tls_version;  // "TLSv1.3"; empty without TLS
  std::string problem;      // what went wrong and what to do, one sentence; empty on success
};

// Connects, logs in and, with a message, sends it. Without one a session that is ready counts as kAccepted. Ends within
// `longest` and the total of TestTimeouts().
SendResult SendTest(const SmtpSettings& settings, const std::optional<TestMessage>& message,
                    absl::Duration longest = absl::InfiniteDuration());

// The result of SendTest in the form that is shown.
TestReport ReportOf(const SmtpSettings& settings, SendResult result);

// What went wrong and what to do about it, one sentence; empty for kAccepted.
std::string AdviceOn(const SmtpSettings& settings, const SendResult& result);

}  // namespace invoice::mail
