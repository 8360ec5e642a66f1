// One email as it goes over the wire. Builds the MIME text only: whom it is sent to is the envelope's matter, and
// doubling the dots that begin a line belongs to the SMTP session. Thread safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace invoice::mail {

// Bounds of a message; what is beyond them is refused with INVALID_ARGUMENT.
inline constexpr size_t kMaxSubjectBytes = 998;
inline constexpr size_t kMaxNameBytes = 1024;
inline constexpr size_t kMaxFileNameBytes = 512;
inline constexpr size_t kMaxCcAddresses = 50;
inline constexpr size_t kMaxMessageBytes = 25u << 20;  // before encoding; larger ones are refused by most receivers

struct MailAddress {
  std::string name;     // shown name, UTF-8; may be empty; left out where it looks like an encoded word of RFC 2047
  std::string address;  // local-part@domain, as it was typed; the header has its A-labels
};

struct Attachment {
  std::string file_name;     // UTF-8, without folders
  std::string content_type;  // "application/pdf"
  std::string bytes;
};

struct MailMessage {
  MailAddress from;
  std::optional<MailAddress> reply_to;
  MailAddress to;
  std::vector<MailAddress> cc;
  std::string subject;
  std::string text_body;                 // UTF-8, any line ends
  std::optional<std::string> html_body;  // UTF-8; shown instead of the text by readers that can
  std::vector<Attachment> attachments;
  std::string message_id;  // "<email-id@domain>"
  absl::Time date;
};

// The message as RFC 5322 and MIME text: lines end in CRLF, every byte is ASCII, no line is longer than 998 characters.
// The same message gives the same bytes. A control character or ill-formed UTF-8 in anything that becomes a header, or
// a malformed address, is INVALID_ARGUMENT naming the field ("to.address"), so nothing can inject a header.
absl::StatusOr<std::string> BuildMime(const MailMessage& message);

}  // namespace invoice::mail
