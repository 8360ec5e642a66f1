#include "gateway/http/message.h"

#include <strings.h>

namespace invoice::gateway {

namespace {

bool IsNamed(const std::string& key, std::string_view name) {
  return key.size() == name.size() && strncasecmp(key.data(), name.data(), name.size()) == 0;
}

}  // namespace

std::vector<std::string_view> HeaderValues(const Headers& headers, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : headers) {
    if (IsNamed(key, name)) values.push_back(value);
  }
  return values;
}

std::string_view HeaderValue(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (IsNamed(key, name)) return value;
  }
  return {};
}

}  // namespace invoice::gateway
