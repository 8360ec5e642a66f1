// Messages of any texts: refused, or ASCII lines of the allowed length whose headers are ours and each there once, so
// that no text becomes a header. The fields are the parts of the input between zero bytes.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "mail/message.h"
#include "tests/fuzz/gateway/check.h"

namespace {

using invoice::mail::MailMessage;

std::string Next(std::string_view& rest) {
  const size_t end = rest.find('\0');
  std::string field(rest.substr(0, end));
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return field;
}

MailMessage MessageOf(std::string_view input) {
  MailMessage message;
  message.from = {.name = Next(input), .address = "billing@example.com"};
  message.to = {.name = Next(input), .address = "a@example.com"};
  const std::string address = Next(input);
  message.cc = {{.name = Next(input), .address = address.empty() ? "c@example.com" : address}};
  message.reply_to = {.name = Next(input), .address = "reply@example.com"};
  message.subject = Next(input);
  const std::string file_name = Next(input);
  message.text_body = Next(input);
  message.html_body = Next(input);
  message.attachments = {
      {.file_name = file_name.empty() ? "a.pdf" : file_name, .content_type = "application/pdf", .bytes = Next(input)}};
  message.message_id = "<1@example.com>";
  message.date = absl::FromUnixSeconds(1'800'000'000);
  return message;
}

void CheckHeaders(std::string_view mime) {
  std::map<std::string, int> names;
  for (size_t begin = 0;;) {
    const size_t end = mime.find("\r\n", begin);
    FUZZ_CHECK(end != std::string_view::npos);
    const std::string_view line = mime.substr(begin, end - begin);
    begin = end + 2;
    if (line.empty()) break;
    if (line.front() == ' ' || line.front() == '\t') continue;  // goes on
    const size_t colon = line.find(':');
    FUZZ_CHECK(colon != std::string_view::npos);
    ++names[std::string(line.substr(0, colon))];
  }
  const std::map<std::string, int> ours = {{"From", 1},       {"Reply-To", 1},     {"To", 1},
                                           {"Cc", 1},         {"Subject", 1},      {"Date", 1},
                                           {"Message-Id", 1}, {"MIME-Version", 1}, {"Content-Type", 1}};
  FUZZ_CHECK(names == ours);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const MailMessage message = MessageOf({reinterpret_cast<const char*>(data), size});
  const auto mime = invoice::mail::BuildMime(message);
  if (!mime.ok()) {
    FUZZ_CHECK(absl::IsInvalidArgument(mime.status()));
    return 0;
  }
  size_t line = 0;
  for (const char c : *mime) {
    FUZZ_CHECK(static_cast<unsigned char>(c) < 0x80);
    line = c == '\n' ? 0 : line + 1;
    FUZZ_CHECK(line <= 999);
  }
  CheckHeaders(*mime);
  FUZZ_CHECK(invoice::mail::BuildMime(message).value() == *mime);
  return 0;
}
