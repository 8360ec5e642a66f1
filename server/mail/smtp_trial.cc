#include "mail/smtp_trial.h"

#include <algorithm>

#include "fmt/format.h"
#include "mail/smtp_session.h"

namespace invoice::mail {
namespace {

// The server's words, or ours where it said nothing.
std::string Said(const SendResult& result) {
  return result.code == 0 ? result.text : fmt::format("{} {}", result.code, result.text);
}

std::string OnTls(const SmtpSettings& settings, const SendResult& result) {
  if (result.permanent) {
    return fmt::format(
        "The certificate of {} was not accepted ({}): enter the host name that the certificate is for, name its "
        "authority in SMTP_CA_FILE, or switch verifyCertificate off for a mail server in the same house.",
        settings.host, Said(result));
  }
  return fmt::format(
      "TLS could not be agreed on with {} port {} ({}): the port probably expects another security; usual are TLS on "
      "465, STARTTLS on 587 and NONE on 25.",
      settings.host, settings.port, Said(result));
}

std::string OnGreeting(const SmtpSettings& settings, const SendResult& result) {
  if (result.code != 0) {
    return fmt::format("{} turned us away ({}): ask its operator to let this server in.", settings.host, Said(result));
  }
  return fmt::format(
      "{} port {} did not greet like a mail server ({}): check the port, and choose security TLS where the port "
      "expects "
      "TLS from the first byte, as 465 does.",
      settings.host, settings.port, Said(result));
}

std::string OnAuth(const SendResult& result) {
  if (result.code == 0 && result.permanent) {
    return fmt::format(
        "The log-in is not possible ({}): choose another security, as many servers offer log-in only with TLS, or "
        "leave "
        "user name and password empty.",
        Said(result));
  }
  return fmt::format(
      "The log-in was refused ({}): check user name and password; some providers want a password made for programs.",
      Said(result));
}

std::string OnSender(const SmtpSettings& settings, const SendResult& result) {
  if (result.code == kAuthenticationRequired) {
    return fmt::format("The server takes no message as it is ({}): {}.", Said(result),
                       settings.security == SmtpSecurity::kNone
                           ? "choose security STARTTLS or TLS, and enter user name and password"
                           : "enter user name and password");
  }
  return fmt::format("The sender was refused ({}): choose a from address that this log-in may send as.", Said(result));
}

std::string OnMessage(const SendResult& result) {
  if (result.outcome == SendOutcome::kLostAfterData) {
    return fmt::format(
        "The server did not answer after the message was handed over ({}): it may arrive or not, so look for it before "
        "testing again.",
        Said(result));
  }
  return fmt::format("The message was refused ({}): ask the operator of the mail server for the reason.", Said(result));
}

}  // namespace

SendResult SendTest(const SmtpSettings& settings, const std::optional<TestMessage>& message, absl::Duration longest) {
  SmtpTimeouts timeouts = TestTimeouts();
  timeouts.total = std::min(timeouts.total, longest);
  SmtpSession session(settings, timeouts);
  if (std::optional<SendResult> fault = session.Connect({})) return *std::move(fault);
  SendResult result = message ? session.Deliver(message->envelope, message->mime, {}) : session.Ready();
  session.Quit();
  return result;
}

std::string AdviceOn(const SmtpSettings& settings, const SendResult& result) {
  if (result.outcome == SendOutcome::kAccepted) return "";
  switch (result.step) {
    case SmtpStep::kResolve:
      return fmt::format("The host {} could not be found ({}): check its spelling.", settings.host, Said(result));
    case SmtpStep::kConnect:
      return fmt::format(
          "No connection to {} port {} ({}): check host and port, and whether a firewall stands in between.",
          settings.host, settings.port, Said(result));
    case SmtpStep::kTls:
      return OnTls(settings, result);
    case SmtpStep::kGreeting:
      return OnGreeting(settings, result);
    case SmtpStep::kStartTls:
      return fmt::format(
          "STARTTLS is not to be had ({}): choose security TLS on its port, usually 465, or NONE for a mail server in "
          "the same house.",
          Said(result));
    case SmtpStep::kAuth:
      return OnAuth(result);
    case SmtpStep::kMailFrom:
      return OnSender(settings, result);
    case SmtpStep::kRcptTo:
      return fmt::format(
          "The recipient was refused ({}): check the address, and whether this log-in may send to other domains.",
          Said(result));
    case SmtpStep::kEhlo:
    case SmtpStep::kReset:
    case SmtpStep::kBeforeData:
      return fmt::format("{} did not go along ({}): ask its operator for the reason.", settings.host, Said(result));
    case SmtpStep::kData:
    case SmtpStep::kContent:
    case SmtpStep::kFinalReply:
      return OnMessage(result);
  }
  return "";
}

TestReport ReportOf(const SmtpSettings& settings, SendResult result) {
  TestReport report;
  report.success = result.outcome == SendOutcome::kAccepted;
  report.problem = AdviceOn(settings, result);
  for (const StepReport& step : result.steps) {
    if (step.step == SmtpStep::kTls && step.ok) report.tls_version = step.detail.substr(0, step.detail.find(','));
  }
  report.steps = std::move(result.steps);
  report.transcript = std::move(result.transcript);
  return report;
}

}  // namespace invoice::mail
