// One connection to an SMTP server, from the name lookup to QUIT, carrying any number of messages one after the other.
// Takes every step of the protocol itself, so that it can say exactly where a failure stood, and keeps the transcript.
// Decides nothing about retries and knows nothing of the database. Nothing throws. Not thread safe: one thread at a
// time.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mail/smtp_connection.h"
#include "mail/smtp_outcome.h"
#include "mail/smtp_reply.h"
#include "mail/smtp_types.h"
#include "mail/transcript.h"

namespace invoice::mail {

class SmtpSession {
 public:
  SmtpSession(const SmtpSettings& settings, const SmtpTimeouts& timeouts);
  // Closes the connection without QUIT.
  ~SmtpSession() = default;

  // Lookup, connection, greeting, EHLO, TLS, log-in. Nothing where the session is ready; else the fault.
  std::optional<SendResult> Connect(const SendHooks& hooks);

  // One transaction: MAIL, RCPT, the hook, DATA, content, final dot, reply; with RSET before, except for the first.
  // `mime` has CRLF line ends; dots at the start of lines are doubled here.
  SendResult Deliver(const Envelope& envelope, std::string_view mime, const SendHooks& hooks);

  // What there is to tell of a session that Connect() made ready and that carries no message.
  SendResult Ready();

  // Whether another message can be tried on it.
  bool open() const { return connection_.connected(); }
  // How many messages were begun on it.
  int messages() const { return messages_; }

  // Says goodbye, briefly.
  void Quit();

 private:
  using Refusal = std::optional<SendResult>;

  Refusal OpenConnection();
  Refusal SecureConnection();
  Refusal ReadGreeting();
  Refusal Ehlo();
  Refusal StartTls();
  Refusal LogIn();
  Refusal LogInPlain();
  Refusal LogInLogin();
  Refusal CheckInput(const Envelope& envelope, std::string_view mime);
  Refusal Reset();
  Refusal HandOver(const SendHooks& hooks);
  SendResult SendContent(std::string_view mime);

  // Sends a line and reads the reply; `shown` stands for it in the transcript.
  absl::StatusOr<SmtpReply> Command(const std::string& line, const std::string& shown, absl::Duration timeout);
  absl::StatusOr<SmtpReply> ReadReply(absl::Duration timeout);
  // A command of the session: anything but a reply of `expected` hundreds is a session fault.
  Refusal SessionCommand(SmtpStep step, const std::string& line, const std::string& shown, int expected);
  // A command of the transaction: a refusal is `refused`, anything else is a loss.
  Refusal TransactionCommand(SmtpStep step, const std::string& line, int expected, SendOutcome refused);

  void Begin(SmtpStep step);
  void Succeed(std::string_view detail);
  SendResult Ended(SendOutcome outcome, bool permanent, int code, std::string_view text);
  SendResult Ended(SendOutcome outcome, const SmtpReply& reply);
  SendResult Lost(SendOutcome outcome, const absl::Status& status);

  SmtpSettings settings_;
  SmtpTimeouts timeouts_;
  SmtpConnection connection_;
  Transcript transcript_;
  SmtpCapabilities capabilities_;
  SmtpReply last_reply_;
  std::vector<StepReport> steps_;
  SmtpStep step_ = SmtpStep::kResolve;
  std::chrono::steady_clock::time_point step_started_;
  int messages_ = 0;
};

}  // namespace invoice::mail
