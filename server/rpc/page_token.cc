#include "rpc/page_token.h"

#include <google/protobuf/descriptor.h>

#include <cstdlib>
#include <optional>
#include <string_view>

#include "base/encoding.h"
#include "base/limits.h"
#include "base/status.h"
#include "fmt/format.h"
#include "rpc/digest.h"

namespace invoice::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// What cursors mean. It changes with the order of a list, so that a token of an earlier release is refused instead of
// leading to a wrong page.
constexpr char kOrders[] = "names in the order of Unicode";

std::string FiltersOf(const Message& request) { return kOrders + Digest(request, {"page_token", "page_size"}); }

std::string TokenIn(const Message& request) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("page_token");
  return field == nullptr ? "" : request.GetReflection()->GetString(request, field);
}

// Values as "3:abc0:", so that any text may be one.
std::string Pack(const std::vector<std::string>& values) {
  std::string packed;
  for (const std::string& value : values) packed += fmt::format("{}:{}", value.size(), value);
  return packed;
}

std::optional<std::vector<std::string>> Unpack(std::string_view packed) {
  std::vector<std::string> values;
  while (!packed.empty()) {
    const size_t colon = packed.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const size_t size = std::strtoul(std::string(packed.substr(0, colon)).c_str(), nullptr, 10);
    packed.remove_prefix(colon + 1);
    if (size > packed.size()) return std::nullopt;
    values.emplace_back(packed.substr(0, size));
    packed.remove_prefix(size);
  }
  return values;
}

absl::Status BadToken() {
  return base::Failure(
      absl::StatusCode::kInvalidArgument, base::Reason::kInvalidPageToken,
      "pageToken: expected the token of an earlier answer to the same request, not older than 24 hours",
      {{"field", "pageToken"}});
}

}  // namespace

PageTokens::PageTokens(const base::Secret& secret, const base::Clock& clock)
    : keys_(base::SealingKey::Derive(secret, "page-token")), clock_(clock) {}

std::string PageTokens::Seal(const Message& request, const std::vector<std::string>& cursor) const {
  if (cursor.empty()) return "";
  std::vector<std::string> values = {fmt::to_string(absl::ToUnixSeconds(clock_.Now()))};
  values.insert(values.end(), cursor.begin(), cursor.end());
  return base::Base64UrlEncode(keys_.Seal(Pack(values), FiltersOf(request)));
}

absl::StatusOr<std::vector<std::string>> PageTokens::Open(const Message& request) const {
  const std::string token = TokenIn(request);
  if (token.empty()) return std::vector<std::string>();
  const std::optional<std::string> sealed = base::Base64UrlDecode(token);
  const std::optional<std::string> packed = sealed ? keys_.Open(*sealed, FiltersOf(request)) : std::nullopt;
  std::optional<std::vector<std::string>> values = packed ? Unpack(*packed) : std::nullopt;
  if (!values || values->empty()) return BadToken();
  const absl::Time made = absl::FromUnixSeconds(std::strtoll(values->front().c_str(), nullptr, 10));
  if (clock_.Now() - made > base::kPageTokenKeep) return BadToken();
  values->erase(values->begin());
  return *std::move(values);
}

}  // namespace invoice::rpc
