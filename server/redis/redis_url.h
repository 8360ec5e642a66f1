// The address of a Redis server as REDIS_URL gives it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/secret.h"

namespace invoice::redis {

struct RedisAddress {
  std::string host;  // empty for a socket
  int port = 6379;
  std::string socket_path;
  std::string username;
  base::Secret password;
  int database = 0;
};

// INVALID_ARGUMENT where it is not redis://[[user]:password@]host[:port][/database] or redis+unix:///path. The message
// does not repeat the URL, which may hold a password.
absl::StatusOr<RedisAddress> ParseRedisUrl(std::string_view url);

}  // namespace invoice::redis
