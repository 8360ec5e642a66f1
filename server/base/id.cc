#include "base/id.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <mutex>

#include "base/encoding.h"
#include "base/secret.h"

namespace invoice::base {
namespace {

// 48 bits of milliseconds and 12 bits of counter, which RFC 9562 (6.2, method 1) puts where they sort.
class Sequence {
 public:
  // `random` is any number.
  uint64_t Next(uint64_t now_ms, uint32_t random) {
    const std::lock_guard lock(mutex_);
    // A fresh millisecond starts at a random count below the middle, so the ids of two processes do not run in step and
    // at least 2048 more fit; beyond that the count carries into the next millisecond.
    const uint64_t fresh = (now_ms << kCounterBits) | (random & ((1u << (kCounterBits - 1)) - 1));
    last_ = std::max(last_ + 1, fresh);
    return last_;
  }

  static constexpr int kCounterBits = 12;

 private:
  std::mutex mutex_;
  uint64_t last_ = 0;
};

// Never destroyed: ids may be made while static objects go away.
Sequence& GetSequence() {
  static Sequence* sequence = [] {
    InitCrypto();
    return new Sequence;
  }();
  return *sequence;
}

}  // namespace

std::string NewId(const Clock& clock) {
  const uint64_t now_ms = static_cast<uint64_t>(std::max<int64_t>(0, absl::ToUnixMillis(clock.Now())));
  Sequence& sequence = GetSequence();
  std::array<unsigned char, 16> bytes;
  randombytes_buf(bytes.data(), bytes.size());  // a system call, so once; the first bytes are written over below
  uint32_t random = 0;
  std::memcpy(&random, bytes.data(), sizeof random);
  const uint64_t stamp = sequence.Next(now_ms, random);
  const uint64_t time_ms = stamp >> Sequence::kCounterBits;
  const uint64_t count = stamp & ((1u << Sequence::kCounterBits) - 1);
  for (int i = 0; i < 6; ++i) bytes[i] = static_cast<unsigned char>(time_ms >> (40 - 8 * i));
  bytes[6] = static_cast<unsigned char>(0x70 | (count >> 8));  // version 7
  bytes[7] = static_cast<unsigned char>(count);
  bytes[8] = static_cast<unsigned char>(0x80 | (bytes[8] & 0x3f));  // variant of RFC 9562
  std::string text = HexEncode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  for (const size_t position : {8, 13, 18, 23}) text.insert(position, 1, '-');
  return text;
}

bool IsId(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
  }
  return true;
}

}  // namespace invoice::base
