#include "mail/address.h"

#include <algorithm>
#include <optional>

#include "base/internet_names.h"
#include "base/status.h"
#include "fmt/format.h"

namespace invoice::mail {
namespace {

constexpr size_t kMaxHostBytes = 253;
constexpr size_t kMaxLabelBytes = 63;

bool IsAlphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

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

}  // namespace

bool IsMailAddress(std::string_view address) { return base::AddressOnWire(address).has_value(); }

absl::Status CheckMailAddress(std::string_view field, std::string_view address) {
  if (IsMailAddress(address)) return absl::OkStatus();
  return base::InvalidField(field, base::FaultOfAddress(address).value_or("an email address"));
}

std::string MessageIdOf(std::string_view id, std::string_view sender) {
  const std::optional<std::string> wire = base::AddressOnWire(sender);
  return fmt::format("<{}@{}>", id, wire ? std::string_view(*wire).substr(wire->find('@') + 1) : "localhost");
}

bool IsMessageId(std::string_view text) {
  if (text.size() < 2 || text.front() != '<' || text.back() != '>') return false;
  text = text.substr(1, text.size() - 2);
  const size_t at = text.find('@');
  return at != std::string_view::npos && at <= base::kMaxLocalPartBytes && base::IsDotAtom(text.substr(0, at)) &&
         base::CountLabels(text.substr(at + 1)) > 0;
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
