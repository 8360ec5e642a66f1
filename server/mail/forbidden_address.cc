#include "mail/forbidden_address.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace invoice::mail {
namespace {

using std::string_view_literals::operator""sv;

constexpr size_t kBytes4 = 4;
constexpr size_t kBytes6 = 16;

uint8_t At(std::string_view bytes, size_t index) { return static_cast<uint8_t>(bytes[index]); }

// Link-local addresses, and those of metadata services outside of them (Azure, Alibaba, Oracle).
bool IsMetadata4(std::string_view bytes) {
  constexpr std::array kServices = {"\xa8\x3f\x81\x10"sv, "\x64\x64\x64\xc8"sv, "\xc0\x00\x00\xc0"sv};
  return bytes.starts_with("\xa9\xfe"sv) || std::find(kServices.begin(), kServices.end(), bytes) != kServices.end();
}

bool IsForbidden4(std::string_view bytes) {
  const bool this_network = At(bytes, 0) == 0;
  const bool multicast = (At(bytes, 0) & 0xf0) == 0xe0;
  const bool broadcast = bytes == "\xff\xff\xff\xff"sv;
  return IsMetadata4(bytes) || this_network || multicast || broadcast;
}

// All of Amazon's range, and the addresses of Google, Oracle and Scaleway.
bool IsMetadata6(std::string_view bytes) {
  constexpr std::array kServices = {"\xfd\x20\0\xce\0\0\0\0\0\0\0\0\0\0\x02\x54"sv,
                                    "\xfd\0\0\xc1\0\0\0\0\0\0\0\0\xa9\xfe\xa9\xfe"sv,
                                    "\xfd\0\0\x42\0\0\0\0\0\0\0\0\0\0\0\x42"sv};
  return bytes.starts_with("\xfd\0\x0e\xc2"sv) ||
         std::find(kServices.begin(), kServices.end(), bytes) != kServices.end();
}

// RFC 6052, 2.2: where a NAT64 prefix of 48, 56, 64 or 96 bits has the IPv4 address. Which of them a network uses is
// not known.
bool HoldsMetadataByNat64(std::string_view bytes) {
  constexpr std::array<std::array<size_t, kBytes4>, 4> kPlaces = {
      {{6, 7, 9, 10}, {7, 9, 10, 11}, {9, 10, 11, 12}, {12, 13, 14, 15}}};
  return std::any_of(kPlaces.begin(), kPlaces.end(), [&](const auto& places) {
    std::string inner;
    for (const size_t place : places) inner += bytes[place];
    return IsMetadata4(inner);
  });
}

// The client of Teredo is written with all its bits turned over.
bool IsForbiddenTeredo(std::string_view bytes) {
  std::string client(bytes.substr(12));
  for (char& byte : client) byte = static_cast<char>(~byte);
  return IsForbidden4(bytes.substr(4, kBytes4)) || IsForbidden4(client);
}

// Forms in which another network takes an IPv4 address out of an IPv6 one.
bool CarriesForbidden4(std::string_view bytes) {
  const std::string_view last = bytes.substr(12);
  constexpr std::array kAtTheEnd = {"\0\0\0\0\0\0\0\0\0\0\xff\xff"sv,     // mapped
                                    "\0\0\0\0\0\0\0\0\0\0\0\0"sv,         // compatible
                                    "\0\0\0\0\0\0\0\0\xff\xff\0\0"sv,     // translated (SIIT)
                                    "\0\x64\xff\x9b\0\0\0\0\0\0\0\0"sv};  // NAT64
  if (std::any_of(kAtTheEnd.begin(), kAtTheEnd.end(), [&](auto prefix) { return bytes.starts_with(prefix); })) {
    return IsForbidden4(last);
  }
  if (bytes.starts_with("\0\x64\xff\x9b\0\x01"sv)) return HoldsMetadataByNat64(bytes);
  if (bytes.starts_with("\x20\x02"sv)) return IsForbidden4(bytes.substr(2, kBytes4));
  if (bytes.starts_with("\x20\x01\0\0"sv)) return IsForbiddenTeredo(bytes);
  const std::string_view interface = bytes.substr(8, 4);
  if (interface == "\0\0\x5e\xfe"sv || interface == "\x02\0\x5e\xfe"sv) return IsForbidden4(last);  // ISATAP
  // A network may have a NAT64 prefix of its own; no address ends so by chance.
  return last == "\xa9\xfe\xa9\xfe"sv;
}

bool IsForbidden6(std::string_view bytes) {
  constexpr std::string_view kLoopback = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"sv;
  if (bytes == kLoopback) return false;
  const bool link_local = At(bytes, 0) == 0xfe && (At(bytes, 1) & 0xc0) == 0x80;
  const bool multicast = At(bytes, 0) == 0xff;
  return link_local || multicast || IsMetadata6(bytes) || CarriesForbidden4(bytes);
}

}  // namespace

bool IsForbiddenAddress(std::string_view bytes) {
  if (bytes.size() == kBytes4) return IsForbidden4(bytes);
  return bytes.size() != kBytes6 || IsForbidden6(bytes);
}

}  // namespace invoice::mail
