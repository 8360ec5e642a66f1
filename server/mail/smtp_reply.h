// Replies of an SMTP server (RFC 5321, section 4.2), read line by line. Pure: takes lines, knows no socket. Bounded in
// line length and number of lines, because the other side is not ours.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace invoice::mail {

// RFC 5321 allows 512 bytes; real servers send more, and no honest one sends this much.
inline constexpr size_t kMaxReplyLineBytes = 4096;
inline constexpr size_t kMaxReplyLines = 128;

// RFC 4954: the server wants a log-in before the command.
inline constexpr int kAuthenticationRequired = 530;

struct SmtpReply {
  int code = 0;
  std::vector<std::string> lines;  // without code, separator and line end

  bool Positive() const { return code >= 200 && code < 300; }
  bool Permanent() const { return code >= 500; }
  // The lines as one, with blanks between, of at most kMaxReplyTextBytes.
  std::string Text() const;
};

inline constexpr size_t kMaxReplyTextBytes = 1000;

// Collects the lines of one reply.
class SmtpReplyParser {
 public:
  // Takes the next line without its line end. INVALID_ARGUMENT where it is not part of a reply: no three-digit code
  // from 200 to 599, another code than the lines before, too long, too many.
  absl::Status AddLine(std::string_view line);
  bool complete() const { return complete_; }
  SmtpReply Take();

 private:
  SmtpReply reply_;
  bool complete_ = false;
};

// What a server offers, from its reply to EHLO.
struct SmtpCapabilities {
  bool starttls = false;
  bool auth_plain = false;
  bool auth_login = false;
  size_t max_size = 0;  // 0: not said
};

SmtpCapabilities ReadCapabilities(const SmtpReply& ehlo);

}  // namespace invoice::mail
