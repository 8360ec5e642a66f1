// How a send ended, and exactly where it stood then. Plain data.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace invoice::mail {

// The steps of a session and of one message in it, in order.
enum class SmtpStep {
  kResolve,
  kConnect,
  kTls,  // directly after connecting, or after STARTTLS
  kGreeting,
  kEhlo,
  kStartTls,
  kAuth,
  kReset,
  kMailFrom,
  kRcptTo,
  kBeforeData,  // the caller's hook
  kData,
  kContent,     // everything but the final dot
  kFinalReply,  // the final dot is out
};

// "RESOLVE", "CONNECT", ... as shown to people.
std::string_view StepName(SmtpStep step);

enum class SendOutcome {
  // The server took the message: its 2xx reply to the final dot is in `code` and `text`. Of a test without a message:
  // the session was ready for one.
  kAccepted,
  // The session could not be had or kept ready: name, connect, TLS, greeting, EHLO, log-in, RSET. Says nothing about
  // the email.
  kSessionFault,
  // MAIL was refused.
  kSenderRefused,
  // RCPT was refused.
  kRecipientRefused,
  // DATA or the content was refused by a reply, or the content is larger than the server allows.
  kContentRefused,
  // The caller's before_data hook was not OK (`hook_status`).
  kNotHandedOver,
  // The connection was lost, fell silent or talked nonsense before the final dot was sent: the server holds nothing.
  kLostBeforeData,
  // The same after the final dot: the server may hold the message or not. Nobody can know.
  kLostAfterData,
};

// "ACCEPTED", "SESSION_FAULT", ...
std::string_view OutcomeName(SendOutcome outcome);

// One step that was taken, for the page that shows the test of a configuration.
struct StepReport {
  SmtpStep step;
  bool ok;
  std::string detail;  // the server's reply, the address, the TLS version and certificate, or what went wrong
  absl::Duration took;
};

struct SendResult {
  SendOutcome outcome = SendOutcome::kSessionFault;
  SmtpStep step = SmtpStep::kResolve;  // where it ended
  // For refusals and session faults: whether trying again without a change is pointless (5xx, bad certificate).
  bool permanent = false;
  int code = 0;      // the server's reply code; 0 where there was no reply
  std::string text;  // the server's words or ours, without control characters, without secrets
  absl::Status hook_status;
  // The dialogue of this message (and of the session, if it was opened for it), secrets blanked.
  std::string transcript;
  std::vector<StepReport> steps;
};

}  // namespace invoice::mail
