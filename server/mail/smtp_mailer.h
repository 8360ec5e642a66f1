// Sends by SMTP and keeps its connection, so that a run of messages pays for TLS and log-in once. Not thread safe.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "mail/mailer.h"
#include "mail/smtp_session.h"

namespace invoice::mail {

// A connection carries this many messages, and is closed after this long without one.
inline constexpr int kMaxMessagesPerConnection = 100;
inline constexpr absl::Duration kMaxConnectionIdle = absl::Seconds(30);

class SmtpMailer : public Mailer {
 public:
  explicit SmtpMailer(SmtpTimeouts timeouts = {}) : timeouts_(timeouts) {}
  // Says goodbye.
  ~SmtpMailer() override { Drop(); }

  SendResult Send(const SmtpSettings& settings, const Envelope& envelope, const std::string& mime,
                  const SendHooks& hooks) override;

 private:
  // Whether there is a connection by these settings that can carry one more.
  bool HasReusable(const SmtpSettings& settings) const;
  // What went wrong.
  std::optional<SendResult> Open(const SmtpSettings& settings, const SendHooks& hooks);
  SendResult Deliver(const Envelope& envelope, const std::string& mime, const SendHooks& hooks);
  void Drop();

  const SmtpTimeouts timeouts_;
  std::unique_ptr<SmtpSession> session_;
  SmtpSettings settings_;  // of the session
  std::chrono::steady_clock::time_point last_used_;
};

}  // namespace invoice::mail
