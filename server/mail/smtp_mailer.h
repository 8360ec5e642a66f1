// Sends by SMTP and keeps one connection for each configuration, so that a run of messages pays for TLS and log-in
// once. Not thread safe: each worker thread has its own, and so its own connections.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "mail/mailer.h"
#include "mail/smtp_session.h"

namespace invoice::mail {

// A connection carries this many messages, is closed after this long without one, and only so many are kept.
inline constexpr int kMaxMessagesPerConnection = 100;
inline constexpr absl::Duration kMaxConnectionIdle = absl::Seconds(30);
inline constexpr size_t kMaxKeptConnections = 8;

class SmtpMailer : public Mailer {
 public:
  explicit SmtpMailer(SmtpTimeouts timeouts = {}) : timeouts_(timeouts) {}
  // Says goodbye on every kept connection.
  ~SmtpMailer() override;

  SendResult Send(const SmtpSettings& settings, const Envelope& envelope, const std::string& mime,
                  const SendHooks& hooks) override;
  void CloseIdle() override;

 private:
  struct Kept {
    SmtpSettings settings;
    std::unique_ptr<SmtpSession> session;
    std::chrono::steady_clock::time_point last_used;
  };

  // The open connection of the configuration where it can carry one more; else null.
  SmtpSession* Reusable(const SmtpSettings& settings);
  // A new one; on failure the fault is in `fault`.
  SmtpSession* Open(const SmtpSettings& settings, const SendHooks& hooks, std::optional<SendResult>* fault);
  void Drop(const std::string& id);
  void MakeRoom();

  SmtpTimeouts timeouts_;
  std::map<std::string, Kept> kept_;
};

}  // namespace invoice::mail
