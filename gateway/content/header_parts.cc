#include "gateway/content/header_parts.h"

#include <strings.h>

#include "base/text.h"

namespace invoice::gateway {

bool SameName(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::string_view TakePart(std::string_view* text, char separator) {
  const size_t end = text->find(separator);
  const std::string_view part = base::Trim(text->substr(0, end));
  *text = end == std::string_view::npos ? std::string_view() : text->substr(end + 1);
  return part;
}

}  // namespace invoice::gateway
