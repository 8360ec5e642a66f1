// One code point of UTF-8. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace invoice::gateway {

// The bytes of the code point that `text` begins with, or 0 where it is none (RFC 3629).
inline size_t DecodeUtf8(std::string_view text, uint32_t* point) {
  const auto byte = [text](size_t at) { return static_cast<uint32_t>(static_cast<unsigned char>(text[at])); };
  const auto follows = [&](size_t at) { return at < text.size() && (byte(at) & 0xc0) == 0x80; };
  if (text.empty()) return 0;
  const uint32_t lead = byte(0);
  if (lead < 0x80) {
    *point = lead;
    return 1;
  }
  if (lead < 0xc2 || lead > 0xf4 || !follows(1)) return 0;
  if (lead < 0xe0) {
    *point = (lead & 0x1f) << 6 | (byte(1) & 0x3f);
    return 2;
  }
  if (!follows(2)) return 0;
  if (lead < 0xf0) {
    *point = (lead & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
    return *point >= 0x800 && (*point < 0xd800 || *point > 0xdfff) ? 3 : 0;
  }
  if (!follows(3)) return 0;
  *point = (lead & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f);
  return *point >= 0x10000 && *point <= 0x10ffff ? 4 : 0;
}

inline void AppendUtf8(uint32_t point, std::string* out) {
  const auto follower = [](uint32_t bits) { return static_cast<char>(0x80 | (bits & 0x3f)); };
  if (point < 0x80) {
    out->push_back(static_cast<char>(point));
  } else if (point < 0x800) {
    out->append({static_cast<char>(0xc0 | point >> 6), follower(point)});
  } else if (point < 0x10000) {
    out->append({static_cast<char>(0xe0 | point >> 12), follower(point >> 6), follower(point)});
  } else {
    out->append({static_cast<char>(0xf0 | point >> 18), follower(point >> 12), follower(point >> 6), follower(point)});
  }
}

}  // namespace invoice::gateway
