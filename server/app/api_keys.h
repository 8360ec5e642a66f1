// API keys: made by an operator's command, checked on every call. Thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "app/call.h"
#include "app/core.h"
#include "base/secret.h"

namespace invoice::app {

// "FINANCE"
std::string_view Name(Role role);
std::optional<Role> ParseRole(std::string_view name);

class ApiKeys {
 public:
  explicit ApiKeys(Core& core) : core_(core) {}

  // The key itself is shown this once; its hash is kept.
  absl::StatusOr<base::Secret> Create(const std::string& name, Role role);
  // UNAUTHENTICATED where the key is not there, revoked or expired; known ones are remembered for 5 seconds.
  absl::StatusOr<Actor> Authenticate(std::string_view key);

 private:
  struct Known {
    Actor actor;
    absl::Time until;
  };
  Core& core_;
  absl::Mutex mutex_;
  std::map<std::string, Known> known_ ABSL_GUARDED_BY(mutex_);  // by hash; bounded
};

}  // namespace invoice::app
