#include "mail/address.h"

#include <algorithm>

#include "base/status.h"

namespace invoice::mail {
namespace {

constexpr size_t kMaxHostBytes = 253;
constexpr size_t kMaxLabelBytes = 63;

bool IsAlphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool IsAtomCharacter(char c) {
  return IsAlphanumeric(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

// Whether every part between the dots satisfies `check` and none is empty.
template <typename Check>
bool EachPart(std::string_view text, Check check) {
  while (true) {
    const size_t dot = text.find('.');
    const std::string_view part = text.substr(0, dot);
    if (part.empty() || !check(part)) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool IsAtom(std::string_view part) { return std::all_of(part.begin(), part.end(), IsAtomCharacter); }

bool IsLabel(std::string_view part) {
  return part.size() <= kMaxLabelBytes && part.front() != '-' && part.back() != '-' &&
         std::all_of(part.begin(), part.end(), [](char c) { return IsAlphanumeric(c) || c == '-'; });
}

}  // namespace

bool IsMailAddress(std::string_view address) {
  if (address.size() > kMaxAddressBytes) return false;
  const size_t at = address.find('@');
  if (at == std::string_view::npos || at == 0 || at > kMaxLocalPartBytes) return false;
  return EachPart(address.substr(0, at), IsAtom) && EachPart(address.substr(at + 1), IsLabel);
}

absl::Status CheckMailAddress(std::string_view field, std::string_view address) {
  if (IsMailAddress(address)) return absl::OkStatus();
  return base::InvalidField(field, "an email address (local-part@domain, ASCII)");
}

bool IsHostName(std::string_view host) {
  if (host.empty() || host.size() > kMaxHostBytes) return false;
  // IPv6 addresses: only their alphabet is checked here, the resolver reads them.
  if (host.find(':') != std::string_view::npos) {
    return host.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
  }
  if (host.back() == '.') host.remove_suffix(1);
  // Underscores are no host name by the book, but container networks have them.
  return !host.empty() && EachPart(host, [](std::string_view part) {
    return part.size() <= kMaxLabelBytes && part.front() != '-' &&
           std::all_of(part.begin(), part.end(), [](char c) { return IsAlphanumeric(c) || c == '-' || c == '_'; });
  });
}

}  // namespace invoice::mail
