#include "gateway/media_type.h"

#include <strings.h>

#include "base/text.h"

namespace invoice::gateway {
namespace {

bool Same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

// Takes the part before the separator off the text, without blanks around it.
std::string_view TakePart(std::string_view* text, char separator) {
  const size_t end = text->find(separator);
  const std::string_view part = base::Trim(text->substr(0, end));
  *text = end == std::string_view::npos ? std::string_view() : text->substr(end + 1);
  return part;
}

}  // namespace

bool IsJson(std::string_view content_type) {
  if (!Same(TakePart(&content_type, ';'), "application/json")) return false;
  while (!content_type.empty()) {
    std::string_view value = TakePart(&content_type, ';');
    if (value.empty()) continue;
    const std::string_view name = TakePart(&value, '=');
    const bool utf8 = Same(value, "utf-8") || Same(value, "\"utf-8\"");
    if (!Same(name, "charset") || !utf8) return false;
  }
  return true;
}

bool AcceptsEventStream(std::string_view accept) {
  while (!accept.empty()) {
    std::string_view range = TakePart(&accept, ',');
    if (Same(TakePart(&range, ';'), "text/event-stream")) return true;
  }
  return false;
}

}  // namespace invoice::gateway
