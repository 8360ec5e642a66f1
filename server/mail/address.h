// The form of mail addresses that the system accepts. Pure.
#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace invoice::mail {

// Longest address, local part and domain name of RFC 5321, section 4.5.3.1, in bytes.
inline constexpr size_t kMaxAddressBytes = 254;
inline constexpr size_t kMaxLocalPartBytes = 64;

// Whether `address` is local-part@domain as RFC 5321 writes it without quoting: ASCII, no blank, no control character,
// no angle bracket, a local part in dot-atom form and a domain of letters, digits and hyphens. Quoted local parts,
// address literals and addresses beyond ASCII (SMTPUTF8) are refused: hardly any receiver takes them.
bool IsMailAddress(std::string_view address);

// INVALID_ARGUMENT naming `field` where the address is not of that form.
absl::Status CheckMailAddress(std::string_view field, std::string_view address);

// Whether `host` can be asked for: a host name or an IP address without blanks, control characters or anything else
// that a name cannot have.
bool IsHostName(std::string_view host);

}  // namespace invoice::mail
