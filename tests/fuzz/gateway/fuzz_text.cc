// The small parsers of headers and paths: no control character ever gets into a header of an answer, decoded texts are
// UTF-8.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "check.h"
#include "gateway/call_headers.h"
#include "gateway/content/content_coding.h"
#include "gateway/content/entity_tag.h"
#include "gateway/content/media_type.h"
#include "gateway/cors.h"
#include "gateway/limits.h"
#include "gateway/routes/path_template.h"
#include "gateway/routes/percent.h"
#include "gateway/transcode/field_faults.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace invoice::gateway;  // NOLINT: the one function outside
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const char c : ContentDisposition(text)) FUZZ_CHECK(c >= 0x20 && c < 0x7f);
  const std::string name = PrintableName(text);
  FUZZ_CHECK(name.size() <= kMaxEchoedNameBytes + 3);
  FUZZ_CHECK(invoice::base::IsValidUtf8(name) && !invoice::base::HasControlCharacters(name));
  const std::optional<std::string> decoded = PercentDecode(text, Encoded::kQuery);
  if (decoded) FUZZ_CHECK(invoice::base::IsValidUtf8(*decoded) && decoded->find('\0') == std::string::npos);
  std::vector<std::string_view> segments;
  std::string_view verb;
  if (SplitPath(text, &segments, &verb)) {
    for (const std::string_view segment : segments)
      FUZZ_CHECK(!segment.empty() && segment.find('/') == std::string_view::npos);
  }
  ParsePathTemplate(text).IgnoreError();
  Cors::Create({std::string(text)}).IgnoreError();
  IsJson(text);
  IsCompressible(text);
  ChooseCoding({text, text});
  FUZZ_CHECK(EntityTag(text, Coding::kGzip).find_first_of("\r\n") == std::string::npos);
  if (const auto version = VersionOf({text}); version.ok() && !version->empty()) {
    FUZZ_CHECK(Names({text}, "\"" + std::string(*version) + "\"") || version->size() + 2 < text.size());
    FUZZ_CHECK(!invoice::base::HasControlCharacters(*version));
  }
  AcceptsEventStream(text);
  HttpRequest request;
  request.headers = {{"X-Request-Id", std::string(text)}, {"Idempotency-Key", std::string(text)}};
  const std::string id = RequestIdOf(request);
  FUZZ_CHECK(!id.empty() && id.size() <= 64);
  const auto metadata = MetadataOf(request, id);
  if (metadata.ok()) {
    for (const auto& [name, value] : *metadata) FUZZ_CHECK(!invoice::base::HasControlCharacters(value));
  }
  return 0;
}
