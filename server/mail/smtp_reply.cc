#include "mail/smtp_reply.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace invoice::mail {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The code at the start of a line, or 0 where there is none that a reply can have (3yz is a reply too).
int CodeOf(std::string_view line) {
  if (line.size() < 3 || line[0] < '2' || line[0] > '5' || !IsDigit(line[1]) || !IsDigit(line[2])) return 0;
  return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

void ReadAuth(const std::vector<std::string>& words, SmtpCapabilities* capabilities) {
  for (size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "PLAIN") capabilities->auth_plain = true;
    if (words[i] == "LOGIN") capabilities->auth_login = true;
  }
}

}  // namespace

std::string SmtpReply::Text() const {
  std::string text = absl::StrJoin(lines, " ");
  if (text.size() > kMaxReplyTextBytes) text.resize(kMaxReplyTextBytes);
  return text;
}

absl::Status SmtpReplyParser::AddLine(std::string_view line) {
  if (line.size() > kMaxReplyLineBytes) return absl::InvalidArgumentError("reply line too long");
  if (reply_.lines.size() >= kMaxReplyLines) return absl::InvalidArgumentError("reply of too many lines");
  const int code = CodeOf(line);
  const char separator = line.size() > 3 ? line[3] : ' ';
  if (code == 0 || (separator != ' ' && separator != '-')) return absl::InvalidArgumentError("not an SMTP reply");
  if (!reply_.lines.empty() && code != reply_.code) return absl::InvalidArgumentError("reply of two different codes");
  reply_.code = code;
  reply_.lines.emplace_back(line.size() > 4 ? line.substr(4) : std::string_view());
  complete_ = separator == ' ';
  return absl::OkStatus();
}

SmtpReply SmtpReplyParser::Take() {
  complete_ = false;
  return std::exchange(reply_, SmtpReply());
}

SmtpCapabilities ReadCapabilities(const SmtpReply& ehlo) {
  SmtpCapabilities capabilities;
  // The first line is the server's name.
  for (size_t i = 1; i < ehlo.lines.size(); ++i) {
    // "AUTH=LOGIN" is an old spelling that some servers still offer alone.
    const std::vector<std::string> words =
        absl::StrSplit(absl::AsciiStrToUpper(ehlo.lines[i]), absl::ByAnyChar(" ="), absl::SkipEmpty());
    if (words.empty()) continue;
    if (words[0] == "STARTTLS") capabilities.starttls = true;
    if (words[0] == "AUTH") ReadAuth(words, &capabilities);
    if (words[0] == "SIZE" && words.size() > 1 && !absl::SimpleAtoi(words[1], &capabilities.max_size)) {
      capabilities.max_size = 0;
    }
  }
  return capabilities;
}

}  // namespace invoice::mail
