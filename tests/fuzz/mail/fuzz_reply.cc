// Replies of mail servers: whatever bytes come, the reader keeps its bounds, and what it lets through is a reply.
#include <cstdint>
#include <string_view>

#include "mail/smtp_reply.h"
#include "tests/fuzz/gateway/check.h"

namespace {

void Check(const invoice::mail::SmtpReply& reply) {
  FUZZ_CHECK(reply.code >= 200 && reply.code <= 599);
  FUZZ_CHECK(!reply.lines.empty() && reply.lines.size() <= invoice::mail::kMaxReplyLines);
  for (const std::string& line : reply.lines) FUZZ_CHECK(line.size() <= invoice::mail::kMaxReplyLineBytes);
  FUZZ_CHECK(reply.Text().size() <= invoice::mail::kMaxReplyTextBytes);
  FUZZ_CHECK(!(reply.Positive() && reply.Permanent()));
  invoice::mail::ReadCapabilities(reply);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  invoice::mail::SmtpReplyParser parser;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!parser.AddLine(line).ok()) return 0;  // the session ends here
    if (parser.complete()) Check(parser.Take());
  }
  return 0;
}
