// The form of mail addresses that the system accepts. Pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace invoice::mail {

// Whether mail can be sent to or from the address: base::AddressOnWire() has a form of it. An international domain is
// such, a domain of one label too (x@localhost). Quoted local parts, address literals and local parts beyond ASCII
// (SMTPUTF8) are refused: hardly any receiver takes them.
bool IsMailAddress(std::string_view address);

// INVALID_ARGUMENT naming `field` where the address is not of that form.
absl::Status CheckMailAddress(std::string_view field, std::string_view address);

// "<id@domain of the sender, as it is sent>". The longest domain of an address fits.
std::string MessageIdOf(std::string_view id, std::string_view sender);
// Whether the text is "<id@domain>" with a dot-atom of at most 64 bytes before the @ and a domain in ASCII behind it.
bool IsMessageId(std::string_view text);

// Whether `host` can be asked for: a host name or an IP address without blanks, control characters or anything else
// that a name cannot have.
bool IsHostName(std::string_view host);

}  // namespace invoice::mail
