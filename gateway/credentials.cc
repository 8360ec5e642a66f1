#include "gateway/credentials.h"

#include <google/protobuf/descriptor.h>
#include <strings.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "base/status.h"
#include "base/text.h"
#include "invoice/v1/annotations.pb.h"

namespace invoice::gateway {
namespace {

constexpr std::string_view kBearer = "bearer ";

// "/invoice.v1.CustomerService/GetCustomer" -> READ.
v1::Access::Level LevelOf(const Route& route) {
  std::string name = route.rpc.substr(1);
  std::replace(name.begin(), name.end(), '/', '.');
  const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(name);
  return method == nullptr ? v1::Access::LEVEL_UNSPECIFIED : method->options().GetExtension(v1::access);
}

bool NeedsCredential(v1::Access::Level level) {
  return level == v1::Access::READ || level == v1::Access::WRITE || level == v1::Access::ADMIN;
}

absl::Status Unauthenticated(std::string_view message) {
  return base::Failure(absl::StatusCode::kUnauthenticated, base::Reason::kUnauthenticated, message);
}

}  // namespace

Credentials::Credentials(const Routes& routes) {
  for (const auto& route : routes.all()) {
    if (NeedsCredential(LevelOf(*route))) guarded_.insert(route.get());
  }
}

absl::Status Credentials::Check(const Route& route, const HttpRequest& request) const {
  if (guarded_.count(&route) == 0) return absl::OkStatus();
  const std::string_view given = HeaderValue(request.headers, "Authorization");
  if (given.empty()) return Unauthenticated("The call needs the header Authorization: Bearer KEY.");
  const bool bearer = given.size() > kBearer.size() && strncasecmp(given.data(), kBearer.data(), kBearer.size()) == 0;
  if (bearer && !base::Trim(given.substr(kBearer.size())).empty()) return absl::OkStatus();
  return Unauthenticated("The header Authorization must be of the form Bearer KEY.");
}

}  // namespace invoice::gateway
