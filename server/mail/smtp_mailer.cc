#include "mail/smtp_mailer.h"

#include <algorithm>
#include <utility>

namespace invoice::mail {
namespace {

bool SameServer(const SmtpSettings& a, const SmtpSettings& b) {
  return a.host == b.host && a.port == b.port && a.security == b.security && a.username == b.username &&
         a.password.Reveal() == b.password.Reveal() && a.verify_certificate == b.verify_certificate &&
         a.ca_file == b.ca_file && a.ehlo_name == b.ehlo_name;
}

}  // namespace

SmtpMailer::~SmtpMailer() {
  for (auto& [id, kept] : kept_) kept.session->Quit();
}

SendResult SmtpMailer::Send(const SmtpSettings& settings, const Envelope& envelope, const std::string& mime,
                            const SendHooks& hooks) {
  SendResult result;
  SmtpSession* session = Reusable(settings);
  if (session != nullptr) {
    result = session->Deliver(envelope, mime, hooks);
    // The server had ended the kept connection meanwhile, as it may: no fault of anybody, and nothing was begun.
    const bool stale = result.outcome == SendOutcome::kSessionFault && result.step == SmtpStep::kReset;
    if (!stale) {
      kept_[settings.id].last_used = std::chrono::steady_clock::now();
      return result;
    }
  }
  std::optional<SendResult> fault;
  session = Open(settings, hooks, &fault);
  if (session == nullptr) return *std::move(fault);
  result = session->Deliver(envelope, mime, hooks);
  kept_[settings.id].last_used = std::chrono::steady_clock::now();
  return result;
}

SmtpSession* SmtpMailer::Reusable(const SmtpSettings& settings) {
  const auto it = kept_.find(settings.id);
  if (it == kept_.end()) return nullptr;
  const Kept& kept = it->second;
  const auto idle = std::chrono::steady_clock::now() - kept.last_used;
  if (kept.session->open() && kept.session->messages() < kMaxMessagesPerConnection &&
      absl::FromChrono(idle) < kMaxConnectionIdle && SameServer(kept.settings, settings)) {
    return kept.session.get();
  }
  Drop(settings.id);
  return nullptr;
}

SmtpSession* SmtpMailer::Open(const SmtpSettings& settings, const SendHooks& hooks, std::optional<SendResult>* fault) {
  Drop(settings.id);
  MakeRoom();
  auto session = std::make_unique<SmtpSession>(settings, timeouts_);
  *fault = session->Connect(hooks);
  if (*fault) return nullptr;
  Kept& kept = kept_[settings.id];
  kept = {settings, std::move(session), std::chrono::steady_clock::now()};
  return kept.session.get();
}

void SmtpMailer::CloseIdle() {
  const auto now = std::chrono::steady_clock::now();
  for (auto it = kept_.begin(); it != kept_.end();) {
    if (absl::FromChrono(now - it->second.last_used) < kMaxConnectionIdle) {
      ++it;
      continue;
    }
    it->second.session->Quit();
    it = kept_.erase(it);
  }
}

void SmtpMailer::Drop(const std::string& id) {
  const auto it = kept_.find(id);
  if (it == kept_.end()) return;
  it->second.session->Quit();
  kept_.erase(it);
}

void SmtpMailer::MakeRoom() {
  if (kept_.size() < kMaxKeptConnections) return;
  const auto oldest = std::min_element(
      kept_.begin(), kept_.end(), [](const auto& a, const auto& b) { return a.second.last_used < b.second.last_used; });
  Drop(oldest->first);
}

}  // namespace invoice::mail
