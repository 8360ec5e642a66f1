#include "redis/redis_url.h"

#include "absl/strings/numbers.h"
#include "base/encoding.h"
#include "base/text.h"

namespace invoice::redis {
namespace {

constexpr std::string_view kTcpScheme = "redis://";
constexpr std::string_view kUnixScheme = "redis+unix://";
constexpr size_t kMaxSocketPathBytes = 107;  // sockaddr_un
constexpr int kMaxDatabase = 1023;

absl::Status Malformed() {
  return absl::InvalidArgumentError(
      "expected redis://[[user]:password@]host[:port][/database] or redis+unix:///path/to/socket");
}

// "%40" as "@"; nothing where a percent sign is not followed by two digits.
std::optional<std::string> PercentDecoded(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    const std::optional<std::string> byte = base::HexDecode(text.substr(i + 1, 2));
    if (!byte || byte->size() != 1) return std::nullopt;
    result += *byte;
    i += 2;
  }
  return result;
}

bool ReadNumber(std::string_view text, int min, int max, int* number) {
  return absl::SimpleAtoi(std::string(text), number) && *number >= min && *number <= max;
}

bool ReadLogIn(std::string_view text, RedisAddress* address) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  const std::optional<std::string> user = PercentDecoded(text.substr(0, colon));
  const std::optional<std::string> password = PercentDecoded(text.substr(colon + 1));
  if (!user || !password) return false;
  address->username = *user;
  address->password = base::Secret(*password);
  return true;
}

// "host", "host:port" or "[::1]:port".
bool ReadHost(std::string_view text, RedisAddress* address) {
  size_t end = text.find(':');
  if (!text.empty() && text.front() == '[') {
    end = text.find(']');
    if (end == std::string_view::npos) return false;
    address->host = text.substr(1, end - 1);
    ++end;
    if (end < text.size() && text[end] != ':') return false;
  } else {
    address->host = text.substr(0, end);
  }
  if (address->host.empty()) return false;
  if (end == std::string_view::npos || end >= text.size()) return true;
  return ReadNumber(text.substr(end + 1), 1, 65535, &address->port);
}

}  // namespace

absl::StatusOr<RedisAddress> ParseRedisUrl(std::string_view url) {
  if (base::HasControlCharacters(url) || url.find(' ') != std::string_view::npos) return Malformed();
  RedisAddress address;
  if (url.substr(0, kUnixScheme.size()) == kUnixScheme) {
    address.socket_path = url.substr(kUnixScheme.size());
    const bool usable = !address.socket_path.empty() && address.socket_path.front() == '/' &&
                        address.socket_path.size() <= kMaxSocketPathBytes;
    if (!usable) return Malformed();
    return address;
  }
  if (url.substr(0, kTcpScheme.size()) != kTcpScheme) return Malformed();
  url.remove_prefix(kTcpScheme.size());
  const size_t slash = url.find('/');
  std::string_view authority = url.substr(0, slash);
  const std::string_view database = slash == std::string_view::npos ? "" : url.substr(slash + 1);
  if (!database.empty() && !ReadNumber(database, 0, kMaxDatabase, &address.database)) return Malformed();
  const size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    if (!ReadLogIn(authority.substr(0, at), &address)) return Malformed();
    authority.remove_prefix(at + 1);
  }
  if (!ReadHost(authority, &address)) return Malformed();
  return address;
}

}  // namespace invoice::redis
