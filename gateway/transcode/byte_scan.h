// Eight bytes of text at a time. Pure.
#pragma once

#include <cstdint>
#include <cstring>

namespace invoice::gateway {

inline constexpr uint64_t kOnes = 0x0101010101010101;
inline constexpr uint64_t kHighBits = 0x8080808080808080;

inline uint64_t LoadWord(const char* at) {
  uint64_t word = 0;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

// Not zero if one of the eight bytes is as described.
constexpr uint64_t AnyZero(uint64_t word) { return (word - kOnes) & ~word & kHighBits; }
constexpr uint64_t AnyEqual(uint64_t word, char c) { return AnyZero(word ^ kOnes * static_cast<unsigned char>(c)); }
constexpr uint64_t AnyControl(uint64_t word) { return (word - kOnes * 0x20) & ~word & kHighBits; }
constexpr uint64_t AnyBeyondAscii(uint64_t word) { return word & kHighBits; }
constexpr uint64_t AnyFromDelete(uint64_t word) { return (word | ((word & ~kHighBits) + kOnes)) & kHighBits; }

}  // namespace invoice::gateway
