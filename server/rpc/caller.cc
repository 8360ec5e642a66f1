#include "rpc/caller.h"

#include <algorithm>
#include <chrono>

#include "absl/strings/ascii.h"
#include "base/limits.h"
#include "base/status.h"
#include "base/text.h"
#include "fmt/format.h"
#include "rpc/serve.h"

namespace invoice::rpc {
namespace {

constexpr std::string_view kBearer = "bearer ";

std::string_view RoleName(app::Role role) {
  switch (role) {
    case app::Role::kViewer:
      return "VIEWER";
    case app::Role::kFinance:
      return "FINANCE";
    case app::Role::kAdmin:
      return "ADMIN";
  }
  return "";
}

app::Role LeastRoleFor(v1::Access::Level level) {
  if (level == v1::Access::READ) return app::Role::kViewer;
  return level == v1::Access::WRITE ? app::Role::kFinance : app::Role::kAdmin;
}

absl::Status Unauthenticated(std::string_view message) {
  return base::Failure(absl::StatusCode::kUnauthenticated, base::Reason::kUnauthenticated, message);
}

// "ipv4:127.0.0.1:4711" and "ipv6:%5B::1%5D:4711" as the address alone.
std::string AddressOfPeer(std::string peer) {
  if (peer.rfind("unix:", 0) == 0) return "unix";
  const size_t scheme = peer.find(':');
  const size_t port = peer.rfind(':');
  if (scheme == std::string::npos || port <= scheme) return peer;
  std::string address = peer.substr(scheme + 1, port - scheme - 1);
  for (const std::string_view bracket : {"%5B", "%5D", "[", "]"}) {
    if (const size_t at = address.find(bracket); at != std::string::npos) address.erase(at, bracket.size());
  }
  return address;
}

}  // namespace

std::string_view MetadataValue(const grpc::ServerContextBase& server, const char* key) {
  const auto found = server.client_metadata().find(key);
  if (found == server.client_metadata().end()) return "";
  return {found->second.data(), found->second.size()};
}

std::string_view RequestIdOf(const grpc::ServerContextBase& server) {
  const std::string_view id = MetadataValue(server, "x-request-id");
  const bool plain = std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-';
  });
  return plain && id.size() <= base::kMaxRequestIdBytes ? id : std::string_view();
}

std::string RemoteOf(const grpc::ServerContextBase& server, const base::TrustedProxies& proxies) {
  std::vector<std::string_view> forwarded;
  const auto [begin, end] = server.client_metadata().equal_range("x-forwarded-for");
  for (auto value = begin; value != end; ++value) forwarded.emplace_back(value->second.data(), value->second.size());
  return proxies.ClientOf(AddressOfPeer(server.peer()), forwarded).address;
}

absl::Time DeadlineOf(const grpc::ServerContextBase& server, bool is_stream, absl::Time now) {
  const auto given = server.deadline();
  const bool has_deadline = given != std::chrono::system_clock::time_point::max();
  if (is_stream) return has_deadline ? absl::FromChrono(given) : absl::InfiniteFuture();
  if (!has_deadline) return now + base::kDefaultDeadline;
  return std::min(absl::FromChrono(given), now + base::kMaxDeadline);
}

absl::StatusOr<app::Actor> ActorOf(const Door& door, const Method& method, const grpc::ServerContextBase& server) {
  if (method.access == v1::Access::PUBLIC) return app::Actor{.id = "", .name = "public"};
  const std::string_view authorization = MetadataValue(server, "authorization");
  if (authorization.empty()) return Unauthenticated("The call needs the header Authorization: Bearer KEY.");
  const std::string scheme = absl::AsciiStrToLower(std::string(authorization.substr(0, kBearer.size())));
  const std::string_view key = base::Trim(authorization.substr(std::min(kBearer.size(), authorization.size())));
  if (scheme != kBearer || key.empty())
    return Unauthenticated("The header Authorization must be of the form Bearer KEY.");
  ASSIGN_OR_RETURN(app::Actor actor, door.authenticate(key));
  const app::Role needed = LeastRoleFor(method.access);
  if (actor.role < needed) {
    return base::Failure(absl::StatusCode::kPermissionDenied, base::Reason::kPermissionDenied,
                         fmt::format("This needs the role {}; the key has {}.", RoleName(needed), RoleName(actor.role)),
                         {{"role", std::string(RoleName(actor.role))}, {"neededRole", std::string(RoleName(needed))}});
  }
  return actor;
}

absl::StatusOr<std::string> IdempotencyKeyOf(const Method& method, const grpc::ServerContextBase& server) {
  if (!method.is_change) return std::string();
  const std::string_view key = MetadataValue(server, "idempotency-key");
  const bool visible = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!visible || key.size() > base::kMaxIdempotencyKeyBytes) {
    return base::InvalidField("Idempotency-Key", fmt::format("at most {} visible ASCII characters without blanks",
                                                             base::kMaxIdempotencyKeyBytes));
  }
  return std::string(key);
}

}  // namespace invoice::rpc
