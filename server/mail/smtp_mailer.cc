#include "mail/smtp_mailer.h"

#include <utility>

namespace invoice::mail {
namespace {

bool SameServer(const SmtpSettings& a, const SmtpSettings& b) {
  return a.host == b.host && a.port == b.port && a.security == b.security && a.username == b.username &&
         a.password.Reveal() == b.password.Reveal() && a.verify_certificate == b.verify_certificate &&
         a.ca_file == b.ca_file && a.ehlo_name == b.ehlo_name;
}

}  // namespace

SendResult SmtpMailer::Send(const SmtpSettings& settings, const Envelope& envelope, const std::string& mime,
                            const SendHooks& hooks) {
  if (HasReusable(settings)) {
    SendResult result = Deliver(envelope, mime, hooks);
    // The server had ended the kept connection meanwhile, as it may: no fault of anybody, and nothing was begun.
    const bool stale = result.outcome == SendOutcome::kSessionFault && result.step == SmtpStep::kReset;
    if (!stale) return result;
  }
  if (std::optional<SendResult> fault = Open(settings, hooks)) return *std::move(fault);
  return Deliver(envelope, mime, hooks);
}

bool SmtpMailer::HasReusable(const SmtpSettings& settings) const {
  return session_ && session_->open() && session_->messages() < kMaxMessagesPerConnection &&
         absl::FromChrono(std::chrono::steady_clock::now() - last_used_) < kMaxConnectionIdle &&
         SameServer(settings_, settings);
}

std::optional<SendResult> SmtpMailer::Open(const SmtpSettings& settings, const SendHooks& hooks) {
  Drop();
  auto session = std::make_unique<SmtpSession>(settings, timeouts_);
  if (std::optional<SendResult> fault = session->Connect(hooks)) return fault;
  session_ = std::move(session);
  settings_ = settings;
  return std::nullopt;
}

SendResult SmtpMailer::Deliver(const Envelope& envelope, const std::string& mime, const SendHooks& hooks) {
  SendResult result = session_->Deliver(envelope, mime, hooks);
  last_used_ = std::chrono::steady_clock::now();
  return result;
}

void SmtpMailer::Drop() {
  if (session_) session_->Quit();
  session_.reset();
}

}  // namespace invoice::mail
