#include "gateway/http/message.h"

#include <strings.h>

namespace invoice::gateway {

std::vector<std::string_view> HeaderValues(const Headers& headers, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : headers) {
    if (key.size() == name.size() && strncasecmp(key.data(), name.data(), name.size()) == 0) values.push_back(value);
  }
  return values;
}

std::string_view HeaderValue(const Headers& headers, std::string_view name) {
  const std::vector<std::string_view> values = HeaderValues(headers, name);
  return values.empty() ? std::string_view() : values.front();
}

}  // namespace invoice::gateway
