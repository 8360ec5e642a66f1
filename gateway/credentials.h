// Whether a request brings a credential where its method needs one. What the credential is worth, only the backend
// knows. Immutable; safe to share between threads.
#pragma once

#include <unordered_set>

#include "absl/status/status.h"
#include "gateway/http/message.h"
#include "gateway/routes/routes.h"

namespace invoice::gateway {

class Credentials {
 public:
  // `routes` must outlive it.
  explicit Credentials(const Routes& routes);

  // UNAUTHENTICATED, as the backend says it, where Authorization is not "Bearer KEY". A method that is public, or that
  // does not say who may call it, needs none.
  absl::Status Check(const Route& route, const HttpRequest& request) const;

 private:
  std::unordered_set<const Route*> guarded_;
};

}  // namespace invoice::gateway
