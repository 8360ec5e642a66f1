#include "mail/message.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <memory>
#include <mutex>

#include "base/encoding.h"
#include "base/internet_names.h"
#include "base/secret.h"
#include "base/status.h"
#include "base/text.h"
#include "fmt/format.h"
#include "mail/address.h"

namespace invoice::mail {
namespace {

constexpr char kCharset[] = "utf-8";
constexpr size_t kMaxLineBytes = 998;

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <typename T>
using Owned = std::unique_ptr<T, Unref>;

// --- What is refused.

absl::Status CheckHeaderText(std::string_view field, std::string_view text, size_t max_bytes) {
  if (!base::IsValidUtf8(text)) return base::InvalidField(field, "well-formed UTF-8");
  if (base::HasControlCharacters(text)) return base::InvalidField(field, "a text without control characters");
  if (text.size() > max_bytes) return base::InvalidField(field, fmt::format("at most {} bytes", max_bytes));
  return absl::OkStatus();
}

// Whether a reader could take the text for an encoded word of RFC 2047, and decode what only looks like plain text.
bool LooksEncoded(std::string_view text) { return text.find("=?") != std::string_view::npos; }

absl::Status CheckAddress(const std::string& field, const MailAddress& address) {
  RETURN_IF_ERROR(CheckHeaderText(field + ".name", address.name, kMaxNameBytes));
  return CheckMailAddress(field + ".address", address.address);
}

absl::Status CheckBody(std::string_view field, std::string_view text) {
  if (!base::IsValidUtf8(text)) return base::InvalidField(field, "well-formed UTF-8");
  if (base::HasControlCharacters(text, /*allow_lines=*/true)) {
    return base::InvalidField(field, "a text without control characters other than line ends and tabs");
  }
  return absl::OkStatus();
}

bool IsToken(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&^_.+-") ==
             std::string_view::npos;
}

absl::Status CheckAttachment(const std::string& field, const Attachment& attachment) {
  RETURN_IF_ERROR(CheckHeaderText(field + ".file_name", attachment.file_name, kMaxFileNameBytes));
  if (LooksEncoded(attachment.file_name)) return base::InvalidField(field + ".file_name", "a text without =?");
  if (attachment.file_name.empty() || attachment.file_name.find_first_of("/\\") != std::string::npos) {
    return base::InvalidField(field + ".file_name", "a file name without folders");
  }
  const std::string_view type = attachment.content_type;
  const size_t slash = type.find('/');
  if (slash == std::string_view::npos || !IsToken(type.substr(0, slash)) || !IsToken(type.substr(slash + 1))) {
    return base::InvalidField(field + ".content_type", "a media type such as application/pdf");
  }
  return absl::OkStatus();
}

absl::Status CheckMessageId(std::string_view id) {
  if (IsMessageId(id)) return absl::OkStatus();
  return base::InvalidField("message_id", "an identifier of the form <id@domain>");
}

absl::Status CheckMessage(const MailMessage& message) {
  RETURN_IF_ERROR(CheckAddress("from", message.from));
  if (message.reply_to) RETURN_IF_ERROR(CheckAddress("reply_to", *message.reply_to));
  RETURN_IF_ERROR(CheckAddress("to", message.to));
  if (message.cc.size() > kMaxCcAddresses) {
    return base::InvalidField("cc", fmt::format("at most {} addresses", kMaxCcAddresses));
  }
  for (size_t i = 0; i < message.cc.size(); ++i) RETURN_IF_ERROR(CheckAddress(fmt::format("cc[{}]", i), message.cc[i]));
  RETURN_IF_ERROR(CheckHeaderText("subject", message.subject, kMaxSubjectBytes));
  RETURN_IF_ERROR(CheckBody("text_body", message.text_body));
  size_t bytes = message.text_body.size();
  if (message.html_body) {
    RETURN_IF_ERROR(CheckBody("html_body", *message.html_body));
    bytes += message.html_body->size();
  }
  for (size_t i = 0; i < message.attachments.size(); ++i) {
    RETURN_IF_ERROR(CheckAttachment(fmt::format("attachments[{}]", i), message.attachments[i]));
    bytes += message.attachments[i].bytes.size();
  }
  if (bytes > kMaxMessageBytes) {
    return base::InvalidField("attachments", fmt::format("at most {} bytes in all parts together", kMaxMessageBytes));
  }
  return CheckMessageId(message.message_id);
}

// --- What is built.

// Line ends as LF; the writer makes CRLF of them.
std::string WithPlainLineEnds(std::string_view text) {
  std::string result;
  result.reserve(text.size() + 1);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      result += text[i];
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      result += '\n';
    }
  }
  if (!result.empty() && result.back() != '\n') result += '\n';
  return result;
}

Owned<GMimeDataWrapper> ContentOf(std::string_view bytes) {
  Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
  return Owned<GMimeDataWrapper>(g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT));
}

Owned<GMimeObject> TextPart(const char* subtype, std::string_view text) {
  Owned<GMimeObject> object(GMIME_OBJECT(g_mime_part_new_with_type("text", subtype)));
  g_mime_object_set_content_type_parameter(object.get(), "charset", kCharset);
  GMimePart* part = GMIME_PART(object.get());
  const Owned<GMimeDataWrapper> content = ContentOf(WithPlainLineEnds(text));
  g_mime_part_set_content(part, content.get());
  // Always: then no line is too long and no byte beyond ASCII, whatever the text is.
  g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
  return object;
}

void UseUtf8(GMimeParamList* parameters, const char* name) {
  GMimeParam* parameter = g_mime_param_list_get_parameter(parameters, name);
  if (parameter != nullptr) g_mime_param_set_charset(parameter, kCharset);
}

Owned<GMimeObject> AttachmentPart(const Attachment& attachment) {
  const size_t slash = attachment.content_type.find('/');
  Owned<GMimeObject> object(GMIME_OBJECT(g_mime_part_new_with_type(attachment.content_type.substr(0, slash).c_str(),
                                                                   attachment.content_type.substr(slash + 1).c_str())));
  GMimePart* part = GMIME_PART(object.get());
  g_mime_object_set_disposition(object.get(), GMIME_DISPOSITION_ATTACHMENT);
  g_mime_part_set_filename(part, attachment.file_name.c_str());
  // Without this GMime picks the smallest legacy charset that fits.
  UseUtf8(g_mime_content_type_get_parameters(g_mime_object_get_content_type(object.get())), "name");
  UseUtf8(g_mime_content_disposition_get_parameters(g_mime_object_get_content_disposition(object.get())), "filename");
  const Owned<GMimeDataWrapper> content = ContentOf(attachment.bytes);
  g_mime_part_set_content(part, content.get());
  g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
  return object;
}

// A boundary begins with "=_", which neither base64 nor quoted-printable text can contain, so it is safe without
// looking at the parts; the hash of the message's id tells messages apart and keeps the bytes the same for the same
// message.
Owned<GMimeObject> Multipart(const char* subtype, const MailMessage& message) {
  Owned<GMimeObject> object(GMIME_OBJECT(g_mime_multipart_new_with_subtype(subtype)));
  const std::string hash = base::Sha256Hex(message.message_id).substr(0, 24);
  g_mime_multipart_set_boundary(GMIME_MULTIPART(object.get()), fmt::format("=_{}_{}", subtype, hash).c_str());
  return object;
}

Owned<GMimeObject> BodyOf(const MailMessage& message) {
  Owned<GMimeObject> text = TextPart("plain", message.text_body);
  if (!message.html_body) return text;
  Owned<GMimeObject> alternative = Multipart("alternative", message);
  g_mime_multipart_add(GMIME_MULTIPART(alternative.get()), text.get());
  g_mime_multipart_add(GMIME_MULTIPART(alternative.get()), TextPart("html", *message.html_body).get());
  return alternative;
}

Owned<GMimeObject> ContentWithAttachments(const MailMessage& message) {
  Owned<GMimeObject> body = BodyOf(message);
  if (message.attachments.empty()) return body;
  Owned<GMimeObject> mixed = Multipart("mixed", message);
  g_mime_multipart_add(GMIME_MULTIPART(mixed.get()), body.get());
  for (const Attachment& attachment : message.attachments) {
    g_mime_multipart_add(GMIME_MULTIPART(mixed.get()), AttachmentPart(attachment).get());
  }
  return mixed;
}

void AddAddress(GMimeMessage* mime, GMimeAddressType type, const MailAddress& address) {
  const bool shown = !address.name.empty() && !LooksEncoded(address.name);
  const char* name = shown ? address.name.c_str() : nullptr;
  const std::string wire = base::AddressOnWire(address.address).value_or(address.address);
  Owned<InternetAddress> mailbox(internet_address_mailbox_new(name, wire.c_str()));
  internet_address_set_charset(mailbox.get(), kCharset);
  internet_address_list_add(g_mime_message_get_addresses(mime, type), mailbox.get());
}

// The text in base64 words of at most 75 characters, split between code points, one a line.
std::string EncodedWords(std::string_view text) {
  constexpr size_t kMaxPartBytes = 45;
  std::string words;
  while (!text.empty()) {
    size_t size = std::min(kMaxPartBytes, text.size());
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
    words += fmt::format(" =?utf-8?B?{}?=\n", base::Base64Encode(text.substr(0, size)));
    text.remove_prefix(size);
  }
  return words;
}

void SetSubject(GMimeMessage* mime, const std::string& subject) {
  g_mime_message_set_subject(mime, subject.c_str(), kCharset);
  if (!LooksEncoded(subject)) return;
  // GMime would let it stand as if it had been encoded already.
  GMimeHeaderList* headers = g_mime_object_get_header_list(GMIME_OBJECT(mime));
  g_mime_header_set_raw_value(g_mime_header_list_get_header(headers, "Subject"), EncodedWords(subject).c_str());
}

void SetHeaders(GMimeMessage* mime, const MailMessage& message) {
  AddAddress(mime, GMIME_ADDRESS_TYPE_FROM, message.from);
  if (message.reply_to) AddAddress(mime, GMIME_ADDRESS_TYPE_REPLY_TO, *message.reply_to);
  AddAddress(mime, GMIME_ADDRESS_TYPE_TO, message.to);
  for (const MailAddress& cc : message.cc) AddAddress(mime, GMIME_ADDRESS_TYPE_CC, cc);
  SetSubject(mime, message.subject);
  GDateTime* date = g_date_time_new_from_unix_utc(absl::ToUnixSeconds(message.date));
  g_mime_message_set_date(mime, date);
  g_date_time_unref(date);
  g_mime_message_set_message_id(mime, message.message_id.substr(1, message.message_id.size() - 2).c_str());
}

std::string Write(GMimeMessage* mime) {
  GByteArray* bytes = g_byte_array_new();
  Owned<GMimeStream> stream(g_mime_stream_mem_new_with_byte_array(bytes));  // owns `bytes`
  GMimeFormatOptions* options = g_mime_format_options_new();
  g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS);
  g_mime_format_options_set_param_encoding_method(options, GMIME_PARAM_ENCODING_METHOD_RFC2231);
  g_mime_object_write_to_stream(GMIME_OBJECT(mime), options, stream.get());
  g_mime_format_options_free(options);
  return std::string(reinterpret_cast<const char*>(bytes->data), bytes->len);
}

// The promise of the header, checked on the result: a fault of ours or of the library must not reach the wire.
absl::Status CheckLines(std::string_view mime) {
  unsigned char bits = 0;
  for (const char c : mime) bits |= static_cast<unsigned char>(c);
  if (bits >= 0x80) return absl::InternalError("a byte of the message is not ASCII");
  while (!mime.empty()) {
    const size_t end = mime.find('\n');
    if (end == std::string_view::npos) return absl::InternalError("the message does not end with a line end");
    if (end == 0 || mime[end - 1] != '\r') return absl::InternalError("bare LF in the message");
    if (mime.find('\r') != end - 1) return absl::InternalError("bare CR in the message");
    if (end - 1 > kMaxLineBytes) return absl::InternalError("over-long line in the message");
    mime.remove_prefix(end + 1);
  }
  return absl::OkStatus();
}

void InitGmime() {
  static std::once_flag once;
  std::call_once(once, [] { g_mime_init(); });
}

}  // namespace

absl::StatusOr<std::string> BuildMime(const MailMessage& message) {
  RETURN_IF_ERROR(CheckMessage(message));
  InitGmime();
  Owned<GMimeMessage> mime(g_mime_message_new(/*pretty_headers=*/TRUE));
  SetHeaders(mime.get(), message);
  g_mime_message_set_mime_part(mime.get(), ContentWithAttachments(message).get());
  std::string text = Write(mime.get());
  RETURN_IF_ERROR(CheckLines(text));
  return text;
}

}  // namespace invoice::mail
