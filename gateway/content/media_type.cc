#include "gateway/content/media_type.h"

#include "gateway/content/header_parts.h"

namespace invoice::gateway {

bool IsJson(std::string_view content_type) {
  if (!SameName(TakePart(&content_type, ';'), "application/json")) return false;
  while (!content_type.empty()) {
    std::string_view value = TakePart(&content_type, ';');
    if (value.empty()) continue;
    const std::string_view name = TakePart(&value, '=');
    const bool utf8 = SameName(value, "utf-8") || SameName(value, "\"utf-8\"");
    if (!SameName(name, "charset") || !utf8) return false;
  }
  return true;
}

bool AcceptsEventStream(std::string_view accept) {
  while (!accept.empty()) {
    std::string_view range = TakePart(&accept, ',');
    if (SameName(TakePart(&range, ';'), "text/event-stream")) return true;
  }
  return false;
}

}  // namespace invoice::gateway
