#include "mail/smtp_session.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_join.h"
#include "base/encoding.h"
#include "base/internet_names.h"
#include "fmt/format.h"
#include "mail/address.h"

namespace invoice::mail {
namespace {

constexpr int kServiceClosing = 421;
constexpr int kStorageExceeded = 552;

// Bare CR or LF could end the content early at a server that takes them for line ends, and begin a message of somebody
// else's making.
bool HasBareLineEnds(std::string_view text) {
  std::ptrdiff_t pairs = 0;
  for (size_t i = text.find('\n'); i != std::string_view::npos; i = text.find('\n', i + 1)) {
    if (i == 0 || text[i - 1] != '\r') return true;
    ++pairs;
  }
  return std::count(text.begin(), text.end(), '\r') != pairs;
}

// The content with the dots doubled that begin a line (RFC 5321, section 4.5.2).
std::string Stuffed(std::string_view text) {
  std::string result;
  result.reserve(text.size() + 16);
  bool line_start = true;
  for (const char c : text) {
    if (line_start && c == '.') result += '.';
    result += c;
    line_start = c == '\n';
  }
  return result;
}

bool NeedsStuffing(std::string_view text) {
  return text.substr(0, 1) == "." || text.find("\n.") != std::string_view::npos;
}

std::string Shown(const SmtpReply& reply) { return fmt::format("{} {}", reply.code, reply.Text()); }

}  // namespace

SmtpSession::SmtpSession(const SmtpSettings& settings, const SmtpTimeouts& timeouts)
    : settings_(settings), timeouts_(timeouts), connection_(timeouts.hook_interval, timeouts.total) {
  const std::string password(settings.password.Reveal());
  transcript_.AddSecret(password);
  transcript_.AddSecret(base::Base64Encode(password));
  transcript_.AddSecret(base::Base64Encode(std::string(1, '\0') + settings.username + '\0' + password));
}

// --- The session.

std::optional<SendResult> SmtpSession::Connect(const SendHooks& hooks) {
  connection_.SetKeepGoing(hooks.keep_going);
  using Part = Refusal (SmtpSession::*)();
  for (const Part part : {&SmtpSession::OpenConnection, &SmtpSession::SecureConnection, &SmtpSession::ReadGreeting,
                          &SmtpSession::Ehlo, &SmtpSession::StartTls, &SmtpSession::LogIn}) {
    if (Refusal fault = (this->*part)()) {
      connection_.Close();
      return fault;
    }
  }
  return std::nullopt;
}

SmtpSession::Refusal SmtpSession::OpenConnection() {
  Begin(SmtpStep::kResolve);
  if (const absl::Status status = CheckSettings(settings_); !status.ok()) {
    return Ended(SendOutcome::kSessionFault, /*permanent=*/true, 0, std::string(status.message()));
  }
  transcript_.Note(fmt::format("connecting to {} port {}, security {}", settings_.host, settings_.port,
                               SecurityName(settings_.security)));
  const auto addresses = connection_.Resolve(settings_.host, timeouts_.resolve);
  if (!addresses.ok()) return Lost(SendOutcome::kSessionFault, addresses.status());
  Succeed(absl::StrJoin(*addresses, ", "));
  Begin(SmtpStep::kConnect);
  const auto address = connection_.Connect(settings_.port, timeouts_.connect);
  if (!address.ok()) return Lost(SendOutcome::kSessionFault, address.status());
  transcript_.Note("connected to " + *address);
  Succeed(*address);
  return std::nullopt;
}

SmtpSession::Refusal SmtpSession::SecureConnection() {
  if (settings_.security != SmtpSecurity::kTls) return std::nullopt;
  Begin(SmtpStep::kTls);
  const auto tls =
      connection_.StartTls({settings_.host, settings_.verify_certificate, settings_.ca_file}, timeouts_.tls);
  if (!tls.ok()) return Lost(SendOutcome::kSessionFault, tls.status());
  transcript_.Note(*tls);
  Succeed(*tls);
  return std::nullopt;
}

SmtpSession::Refusal SmtpSession::ReadGreeting() {
  Begin(SmtpStep::kGreeting);
  const auto reply = ReadReply(timeouts_.greeting);
  if (!reply.ok()) return Lost(SendOutcome::kSessionFault, reply.status());
  if (!reply->Positive()) return Ended(SendOutcome::kSessionFault, *reply);
  Succeed(Shown(*reply));
  return std::nullopt;
}

SmtpSession::Refusal SmtpSession::Ehlo() {
  const std::string name = settings_.ehlo_name.empty() ? "localhost" : settings_.ehlo_name;
  Refusal fault = SessionCommand(SmtpStep::kEhlo, "EHLO " + name, "", 2);
  // A server from before the extensions: good enough where none is needed.
  const bool plain = settings_.security != SmtpSecurity::kStartTls && settings_.username.empty();
  if (fault && fault->code >= 500 && plain) fault = SessionCommand(SmtpStep::kEhlo, "HELO " + name, "", 2);
  if (!fault) capabilities_ = ReadCapabilities(last_reply_);
  return fault;
}

SmtpSession::Refusal SmtpSession::StartTls() {
  if (settings_.security != SmtpSecurity::kStartTls) return std::nullopt;
  if (!capabilities_.starttls) {
    Begin(SmtpStep::kStartTls);
    return Ended(SendOutcome::kSessionFault, /*permanent=*/true, 0, "the server does not offer STARTTLS");
  }
  if (Refusal fault = SessionCommand(SmtpStep::kStartTls, "STARTTLS", "", 2)) return fault;
  Begin(SmtpStep::kTls);
  // Lines sent before the handshake were not protected and would be taken for protected ones.
  if (connection_.HasUnread()) {
    return Ended(SendOutcome::kSessionFault, /*permanent=*/true, 0, "the server sent more than its reply before TLS");
  }
  const auto tls =
      connection_.StartTls({settings_.host, settings_.verify_certificate, settings_.ca_file}, timeouts_.tls);
  if (!tls.ok()) return Lost(SendOutcome::kSessionFault, tls.status());
  transcript_.Note(*tls);
  Succeed(*tls);
  return Ehlo();
}

SmtpSession::Refusal SmtpSession::LogIn() {
  if (settings_.username.empty()) return std::nullopt;
  if (capabilities_.auth_plain) return LogInPlain();
  if (capabilities_.auth_login) return LogInLogin();
  Begin(SmtpStep::kAuth);
  return Ended(SendOutcome::kSessionFault, /*permanent=*/true, 0,
               "the server offers neither AUTH PLAIN nor AUTH LOGIN");
}

SmtpSession::Refusal SmtpSession::LogInPlain() {
  const std::string password(settings_.password.Reveal());
  const std::string token = base::Base64Encode(std::string(1, '\0') + settings_.username + '\0' + password);
  return SessionCommand(SmtpStep::kAuth, "AUTH PLAIN " + token, "AUTH PLAIN ****", 2);
}

SmtpSession::Refusal SmtpSession::LogInLogin() {
  if (Refusal fault = SessionCommand(SmtpStep::kAuth, "AUTH LOGIN", "", 3)) return fault;
  if (Refusal fault = SessionCommand(SmtpStep::kAuth, base::Base64Encode(settings_.username), "****", 3)) return fault;
  return SessionCommand(SmtpStep::kAuth, base::Base64Encode(settings_.password.Reveal()), "****", 2);
}

SendResult SmtpSession::Ready() { return Ended(SendOutcome::kAccepted, /*permanent=*/false, 0, ""); }

void SmtpSession::Quit() {
  if (!connection_.connected()) return;
  connection_.SetKeepGoing(nullptr);
  // Whatever the answer is, the connection ends here.
  (void)Command("QUIT", "", timeouts_.quit);
  connection_.Close();
}

// --- One message.

SendResult SmtpSession::Deliver(const Envelope& envelope, std::string_view mime, const SendHooks& hooks) {
  connection_.SetKeepGoing(hooks.keep_going);
  if (Refusal refusal = CheckInput(envelope, mime)) return *std::move(refusal);
  if (messages_++ > 0) {
    transcript_.Note(fmt::format("message {} on the connection to {}", messages_, settings_.host));
    if (Refusal refusal = Reset()) return *std::move(refusal);
  }
  const std::string from = fmt::format("MAIL FROM:<{}>", *base::AddressOnWire(envelope.mail_from));
  if (Refusal refusal = TransactionCommand(SmtpStep::kMailFrom, from, 2, SendOutcome::kSenderRefused)) return *refusal;
  const std::string to = fmt::format("RCPT TO:<{}>", *base::AddressOnWire(envelope.rcpt_to));
  if (Refusal refusal = TransactionCommand(SmtpStep::kRcptTo, to, 2, SendOutcome::kRecipientRefused)) return *refusal;
  if (Refusal refusal = HandOver(hooks)) return *std::move(refusal);
  if (Refusal refusal = TransactionCommand(SmtpStep::kData, "DATA", 3, SendOutcome::kContentRefused)) return *refusal;
  return SendContent(mime);
}

// What must not reach the wire is refused here, although every caller should have checked it.
SmtpSession::Refusal SmtpSession::CheckInput(const Envelope& envelope, std::string_view mime) {
  Begin(SmtpStep::kMailFrom);
  if (!IsMailAddress(envelope.mail_from)) {
    return Ended(SendOutcome::kSenderRefused, /*permanent=*/true, 0, "the sender is not an email address");
  }
  Begin(SmtpStep::kRcptTo);
  if (!IsMailAddress(envelope.rcpt_to)) {
    return Ended(SendOutcome::kRecipientRefused, /*permanent=*/true, 0, "the recipient is not an email address");
  }
  Begin(SmtpStep::kContent);
  if (mime.empty() || mime.substr(mime.size() - std::min<size_t>(2, mime.size())) != "\r\n" || HasBareLineEnds(mime)) {
    return Ended(SendOutcome::kContentRefused, /*permanent=*/true, 0, "the message has line ends other than CRLF");
  }
  if (capabilities_.max_size > 0 && mime.size() > capabilities_.max_size) {
    return Ended(SendOutcome::kContentRefused, /*permanent=*/true, kStorageExceeded,
                 fmt::format("the message has {} bytes, the server takes {}", mime.size(), capabilities_.max_size));
  }
  return std::nullopt;
}

SmtpSession::Refusal SmtpSession::Reset() {
  Refusal fault = SessionCommand(SmtpStep::kReset, "RSET", "", 2);
  if (fault) connection_.Close();
  return fault;
}

SmtpSession::Refusal SmtpSession::HandOver(const SendHooks& hooks) {
  if (!hooks.before_data) return std::nullopt;
  Begin(SmtpStep::kBeforeData);
  absl::Status status = hooks.before_data();
  if (status.ok()) {
    Succeed("");
    return std::nullopt;
  }
  transcript_.Note("the hand-over was not committed, so nothing is sent");
  SendResult result = Ended(SendOutcome::kNotHandedOver, /*permanent=*/false, 0, "the hand-over was not committed");
  // The server must not keep a transaction open that nobody will end.
  const auto reply = Command("RSET", "", timeouts_.command);
  if (!reply.ok() || !reply->Positive()) connection_.Close();
  result.transcript += transcript_.Take();
  result.hook_status = std::move(status);
  return result;
}

SendResult SmtpSession::SendContent(std::string_view mime) {
  Begin(SmtpStep::kContent);
  transcript_.Sent(fmt::format("({} bytes of content)", mime.size()));
  const absl::Status sent = NeedsStuffing(mime) ? connection_.Write(Stuffed(mime), timeouts_.block)
                                                : connection_.Write(mime, timeouts_.block);
  if (!sent.ok()) return Lost(SendOutcome::kLostBeforeData, sent);
  Succeed(fmt::format("{} bytes", mime.size()));
  // The dot goes out by itself: until here the server cannot have the whole message, from here on it may.
  Begin(SmtpStep::kFinalReply);
  const auto reply = Command(".", "", timeouts_.final_reply);
  if (!reply.ok()) return Lost(SendOutcome::kLostAfterData, reply.status());
  if (reply->code == kServiceClosing) connection_.Close();
  if (reply->Positive()) {
    Succeed(Shown(*reply));
    return Ended(SendOutcome::kAccepted, *reply);
  }
  if (reply->code >= 400) return Ended(SendOutcome::kContentRefused, *reply);
  return Lost(SendOutcome::kLostAfterData, absl::InvalidArgumentError("unexpected reply " + Shown(*reply)));
}

// --- Commands and replies.

absl::StatusOr<SmtpReply> SmtpSession::Command(const std::string& line, const std::string& shown,
                                               absl::Duration timeout) {
  transcript_.Sent(shown.empty() ? line : shown);
  if (absl::Status status = connection_.Write(line + "\r\n", timeout); !status.ok()) return status;
  return ReadReply(timeout);
}

absl::StatusOr<SmtpReply> SmtpSession::ReadReply(absl::Duration timeout) {
  SmtpReplyParser parser;
  // Lines that trickle in must not stretch the wait for the whole reply.
  const auto started = std::chrono::steady_clock::now();
  while (!parser.complete()) {
    const auto passed = absl::FromChrono(std::chrono::steady_clock::now() - started);
    const auto line = connection_.ReadLine(kMaxReplyLineBytes, timeout - passed);
    if (!line.ok()) return line.status();
    transcript_.Received(*line);
    if (absl::Status status = parser.AddLine(*line); !status.ok()) return status;
  }
  last_reply_ = parser.Take();
  return last_reply_;
}

SmtpSession::Refusal SmtpSession::SessionCommand(SmtpStep step, const std::string& line, const std::string& shown,
                                                 int expected) {
  Begin(step);
  const auto reply = Command(line, shown, timeouts_.command);
  if (!reply.ok()) return Lost(SendOutcome::kSessionFault, reply.status());
  if (reply->code / 100 != expected) return Ended(SendOutcome::kSessionFault, *reply);
  Succeed(Shown(*reply));
  return std::nullopt;
}

SmtpSession::Refusal SmtpSession::TransactionCommand(SmtpStep step, const std::string& line, int expected,
                                                     SendOutcome refused) {
  Begin(step);
  const auto reply = Command(line, "", timeouts_.envelope);
  if (!reply.ok()) return Lost(SendOutcome::kLostBeforeData, reply.status());
  if (reply->code / 100 == expected) {
    Succeed(Shown(*reply));
    return std::nullopt;
  }
  if (reply->code == kServiceClosing) {
    connection_.Close();
    return Ended(SendOutcome::kLostBeforeData, *reply);
  }
  if (reply->code == kAuthenticationRequired) {
    connection_.Close();
    return Ended(SendOutcome::kSessionFault, *reply);
  }
  if (reply->code >= 400) return Ended(refused, *reply);
  return Lost(SendOutcome::kLostBeforeData, absl::InvalidArgumentError("unexpected reply " + Shown(*reply)));
}

// --- What is told.

void SmtpSession::Begin(SmtpStep step) {
  step_ = step;
  step_started_ = std::chrono::steady_clock::now();
}

void SmtpSession::Succeed(std::string_view detail) {
  const auto took = absl::FromChrono(std::chrono::steady_clock::now() - step_started_);
  steps_.push_back({step_, true, transcript_.Clean(detail), took});
}

SendResult SmtpSession::Ended(SendOutcome outcome, bool permanent, int code, std::string_view text) {
  SendResult result;
  result.outcome = outcome;
  result.step = step_;
  result.permanent = permanent;
  result.code = code;
  result.text = transcript_.Clean(text);
  if (outcome != SendOutcome::kAccepted) {
    const auto took = absl::FromChrono(std::chrono::steady_clock::now() - step_started_);
    steps_.push_back({step_, false, code == 0 ? result.text : fmt::format("{} {}", code, result.text), took});
  }
  result.steps = std::exchange(steps_, {});
  result.transcript = transcript_.Take();
  return result;
}

SendResult SmtpSession::Ended(SendOutcome outcome, const SmtpReply& reply) {
  return Ended(outcome, reply.Permanent(), reply.code, reply.Text());
}

SendResult SmtpSession::Lost(SendOutcome outcome, const absl::Status& status) {
  transcript_.Note(std::string(status.message()));
  connection_.Close();
  // A certificate does not become good by waiting.
  return Ended(outcome, absl::IsPermissionDenied(status), 0, std::string(status.message()));
}

}  // namespace invoice::mail
