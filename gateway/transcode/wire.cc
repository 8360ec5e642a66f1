#include "gateway/transcode/wire.h"

#include <array>

namespace invoice::gateway {

bool WireCursor::LongVarint(uint64_t* value) {
  uint64_t result = 0;
  for (int shift = 0; shift < 70; shift += 7) {
    if (at_ == end_) return false;
    const auto byte = static_cast<unsigned char>(*at_++);
    result |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) {
      *value = result;
      return true;
    }
  }
  return false;
}

bool WireCursor::Skip(uint32_t tag) {
  uint64_t number = 0;
  std::string_view bytes;
  switch (WireTypeOf(tag)) {
    case WireType::kVarint:
      return Varint(&number);
    case WireType::kFixed64:
      return Fixed64(&number);
    case WireType::kLength:
      return Length(&bytes);
    case WireType::kStartGroup:
      return SkipGroup(NumberOf(tag));
    case WireType::kFixed32: {
      uint32_t small = 0;
      return Fixed32(&small);
    }
    case WireType::kEndGroup:
      return false;
  }
  return false;
}

bool WireCursor::SkipGroup(uint32_t number) {
  std::array<uint32_t, kMaxWireDepth> open{};
  size_t depth = 0;
  open[depth++] = number;
  while (depth > 0) {
    uint32_t tag = 0;
    if (!Tag(&tag)) return false;
    if (WireTypeOf(tag) == WireType::kStartGroup) {
      if (depth == open.size()) return false;
      open[depth++] = NumberOf(tag);
    } else if (WireTypeOf(tag) == WireType::kEndGroup) {
      if (open[--depth] != NumberOf(tag)) return false;
    } else if (!Skip(tag)) {
      return false;
    }
  }
  return true;
}

void WireAppender::Close(size_t opened) {
  uint64_t size = out_->size() - opened;
  (*out_)[opened - 1] = static_cast<char>(size < 0x80 ? size : (size & 0x7f) | 0x80);
  if (size < 0x80) return;
  char rest[9];
  size_t count = 0;
  for (size >>= 7; size >= 0x80; size >>= 7) rest[count++] = static_cast<char>(size | 0x80);
  rest[count++] = static_cast<char>(size);
  out_->insert(opened, rest, count);
}

WireOccurrence FindLast(std::string_view wire, uint32_t tag) {
  WireOccurrence last;
  WireCursor cursor(wire);
  while (!cursor.done()) {
    const char* const begin = cursor.at();
    uint32_t found = 0;
    std::string_view content;
    if (!cursor.Tag(&found)) return {};
    const bool sized = WireTypeOf(found) == WireType::kLength;
    if (!(sized ? cursor.Length(&content) : cursor.Skip(found))) return {};
    if (found == tag) last = {{begin, static_cast<size_t>(cursor.at() - begin)}, content};
  }
  return last;
}

}  // namespace invoice::gateway
