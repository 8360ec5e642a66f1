// Names of hosts and addresses of mailboxes, as people write them and as they go over the wire. A domain may be
// international (UTS 46, IDNA 2008): it is kept as it was typed and sent in its A-labels. The part before the @ is in
// ASCII: SMTPUTF8, which hardly any receiver takes, is not spoken. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace invoice::base {

// Longest address and its two parts after RFC 5321, section 4.5.3.1, in bytes as they are sent.
inline constexpr size_t kMaxAddressBytes = 254;
inline constexpr size_t kMaxLocalPartBytes = 64;
inline constexpr size_t kMaxDomainBytes = 253;

// The number of labels of a name of letters, digits and hyphens as DNS has it; 0 for any other text.
int CountLabels(std::string_view name);

// Whether the text is a dot-atom of RFC 5322: letters, digits and some marks, with single dots between them.
bool IsDotAtom(std::string_view text);

// The address as it goes over the wire, an addr-spec without quoting, comments or literals: of an international domain
// the A-labels, any other address as it is. Nothing where the text is no address, or too long as it is sent.
std::optional<std::string> AddressOnWire(std::string_view address);

// What is expected of the address of a person instead of the text; nothing where it is one. Its domain has two labels
// at least.
std::optional<std::string> FaultOfAddress(std::string_view text);

// Equal for addresses that differ in case, or in the spelling of an international domain, and for no others.
std::string AddressKey(std::string_view address);

}  // namespace invoice::base
