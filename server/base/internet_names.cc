#include "base/internet_names.h"

#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "base/text.h"
#include "fmt/format.h"

namespace invoice::base {
namespace {

constexpr size_t kMaxLabelBytes = 63;
constexpr int kTypedDomainBytes = 2048;  // what an international domain may have in UTF-8

bool IsAlphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool IsLabel(std::string_view label) {
  if (label.empty() || label.size() > kMaxLabelBytes || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char c) { return IsAlphanumeric(c) || c == '-'; });
}

// Lives as long as the process and may be used by all threads.
const UIDNA* Idna() {
  static const UIDNA* const idna = [] {
    UErrorCode error = U_ZERO_ERROR;
    return uidna_openUTS46(UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
                               UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE,
                           &error);
  }();
  return idna;
}

// The domain in A-labels, in small letters; nothing where it is none. Of a domain in ASCII only labels "xn--" are
// looked at.
std::optional<std::string> InALabels(std::string_view domain) {
  if (Idna() == nullptr || domain.empty() || domain.size() > kTypedDomainBytes || !IsValidUtf8(domain)) {
    return std::nullopt;
  }
  char labels[kMaxDomainBytes + 2];
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UErrorCode error = U_ZERO_ERROR;
  const int32_t size = uidna_nameToASCII_UTF8(Idna(), domain.data(), static_cast<int32_t>(domain.size()), labels,
                                              sizeof(labels), &info, &error);
  if (U_FAILURE(error) || info.errors != 0 || size <= 0 || size > static_cast<int32_t>(kMaxDomainBytes)) {
    return std::nullopt;
  }
  return std::string(labels, static_cast<size_t>(size));
}

// The mapping of domains drops characters that nobody sees; whoever typed one did not see what was typed. The joiners
// have rules of their own there.
bool HasHiddenCharacter(std::string_view domain) {
  constexpr UChar32 kNonJoiner = 0x200C;
  constexpr UChar32 kJoiner = 0x200D;
  const auto* bytes = reinterpret_cast<const uint8_t*>(domain.data());
  const auto size = static_cast<int32_t>(domain.size());
  for (int32_t i = 0; i < size;) {
    UChar32 character = 0;
    U8_NEXT(bytes, i, size, character);
    if (character == kNonJoiner || character == kJoiner) continue;
    if (u_hasBinaryProperty(character, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0) return true;
  }
  return false;
}

std::optional<std::string> DomainOnWire(std::string_view domain) {
  if (IsAscii(domain)) return CountLabels(domain) > 0 ? std::optional(std::string(domain)) : std::nullopt;
  if (HasHiddenCharacter(domain)) return std::nullopt;
  const std::optional<std::string> labels = InALabels(domain);
  return labels && CountLabels(*labels) > 0 ? labels : std::nullopt;
}

}  // namespace

int CountLabels(std::string_view name) {
  if (name.empty() || name.size() > kMaxDomainBytes) return 0;
  for (int labels = 1;; ++labels) {
    const size_t dot = name.find('.');
    if (!IsLabel(name.substr(0, dot))) return 0;
    if (dot == std::string_view::npos) return labels;
    name.remove_prefix(dot + 1);
  }
}

bool IsDotAtom(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+/=?^_`{|}~-";
  if (text.empty() || text.front() == '.' || text.back() == '.') return false;
  if (text.find("..") != std::string_view::npos) return false;
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return IsAlphanumeric(c) || c == '.' || kMarks.find(c) != std::string_view::npos; });
}

std::optional<std::string> AddressOnWire(std::string_view address) {
  const size_t at = address.find('@');
  if (at == std::string_view::npos || at > kMaxLocalPartBytes || !IsDotAtom(address.substr(0, at))) return std::nullopt;
  std::optional<std::string> domain = DomainOnWire(address.substr(at + 1));
  if (!domain || at + 1 + domain->size() > kMaxAddressBytes) return std::nullopt;
  return std::string(address.substr(0, at + 1)) + *domain;
}

std::optional<std::string> FaultOfAddress(std::string_view text) {
  const std::optional<std::string> wire = AddressOnWire(text);
  const size_t at = text.find('@');
  if (wire && CountLabels(std::string_view(*wire).substr(at + 1)) >= 2) return std::nullopt;
  if (at != std::string_view::npos && !IsAscii(text.substr(0, at))) {
    return "an email address whose part before the @ is in ASCII";
  }
  if (at != std::string_view::npos && !IsAscii(text) && IsDotAtom(text.substr(0, at))) {
    return fmt::format("an email address whose domain is one of IDNA 2008, of at most {} bytes in all as it is sent",
                       kMaxAddressBytes);
  }
  return "an email address";
}

std::string AddressKey(std::string_view address) {
  std::string key = absl::AsciiStrToLower(std::string(address));
  const size_t at = key.find('@');
  if (at == std::string::npos || (IsAscii(key) && key.find("xn--", at) == std::string::npos)) return key;
  const std::optional<std::string> labels = InALabels(std::string_view(key).substr(at + 1));
  return labels ? key.substr(0, at + 1) + *labels : key;
}

}  // namespace invoice::base
