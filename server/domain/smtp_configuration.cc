#include "domain/smtp_configuration.h"

#include <array>

namespace invoice::domain {
namespace {

constexpr std::array<std::string_view, 3> kSecurities = {"NONE", "STARTTLS", "TLS"};
constexpr std::array<std::string_view, 2> kPolicies = {"RETRY_ONCE", "HOLD"};

template <typename Kind, size_t kSize>
std::optional<Kind> FindSmtpKind(const std::array<std::string_view, kSize>& names, std::string_view name) {
  for (size_t i = 0; i < kSize; ++i) {
    if (names[i] == name) return static_cast<Kind>(i);
  }
  return std::nullopt;
}

}  // namespace

template <>
std::string_view Name<SmtpSecurity>(SmtpSecurity security) {
  return kSecurities[static_cast<size_t>(security)];
}

template <>
std::optional<SmtpSecurity> Parse<SmtpSecurity>(std::string_view name) {
  return FindSmtpKind<SmtpSecurity>(kSecurities, name);
}

template <>
std::string_view Name<UnknownPolicy>(UnknownPolicy policy) {
  return kPolicies[static_cast<size_t>(policy)];
}

template <>
std::optional<UnknownPolicy> Parse<UnknownPolicy>(std::string_view name) {
  return FindSmtpKind<UnknownPolicy>(kPolicies, name);
}

int DefaultSmtpPort(SmtpSecurity security) {
  switch (security) {
    case SmtpSecurity::kNone:
      return 25;
    case SmtpSecurity::kStartTls:
      return 587;
    case SmtpSecurity::kTls:
      return 465;
  }
  return 0;
}

}  // namespace invoice::domain
