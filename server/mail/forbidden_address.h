// Addresses at which there is no mail server, but at which the machines of a data centre answer questions about
// themselves: link-local ones, the metadata services of clouds, multicast, broadcast, unspecified. Pure.
#pragma once

#include <string_view>

namespace invoice::mail {

// `bytes` are those of an IPv4 or IPv6 address, in the order of the network. An IPv6 address that carries an IPv4 one
// (mapped, compatible, translated, NAT64, 6to4, Teredo, ISATAP) is judged by that too. Anything of another length is
// forbidden.
bool IsForbiddenAddress(std::string_view bytes);

}  // namespace invoice::mail
