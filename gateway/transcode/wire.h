// Protobuf's wire format: a cursor that never reads beyond its end, and an appender. Not thread safe.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace invoice::gateway {

enum class WireType : uint8_t { kVarint = 0, kFixed64 = 1, kLength = 2, kStartGroup = 3, kEndGroup = 4, kFixed32 = 5 };

inline constexpr int kMaxWireDepth = 64;  // of messages and groups within each other

constexpr uint32_t MakeTag(uint32_t number, WireType type) { return number << 3 | static_cast<uint32_t>(type); }
constexpr uint32_t NumberOf(uint32_t tag) { return tag >> 3; }
constexpr WireType WireTypeOf(uint32_t tag) { return static_cast<WireType>(tag & 7); }

constexpr uint64_t ZigZag(int64_t value) {
  return static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63);
}
constexpr int64_t UnZigZag(uint64_t value) { return static_cast<int64_t>(value >> 1 ^ (~(value & 1) + 1)); }

// Every function answers false where the bytes end too early or are malformed; the cursor is useless then.
class WireCursor {
 public:
  explicit WireCursor(std::string_view wire) : at_(wire.data()), end_(wire.data() + wire.size()) {}

  bool done() const { return at_ == end_; }
  const char* at() const { return at_; }

  bool Varint(uint64_t* value) {
    if (at_ < end_ && static_cast<unsigned char>(*at_) < 0x80) {
      *value = static_cast<unsigned char>(*at_++);
      return true;
    }
    return LongVarint(value);
  }
  // Number 0 is malformed.
  bool Tag(uint32_t* tag) {
    uint64_t value = 0;
    if (!Varint(&value) || value > UINT32_MAX || value < 8) return false;
    *tag = static_cast<uint32_t>(value);
    return true;
  }
  bool Length(std::string_view* bytes) {
    uint64_t size = 0;
    if (!Varint(&size) || size > static_cast<uint64_t>(end_ - at_)) return false;
    *bytes = {at_, static_cast<size_t>(size)};
    at_ += size;
    return true;
  }
  // Little-endian, as this system's processors are.
  bool Fixed32(uint32_t* value) { return Fixed(value); }
  bool Fixed64(uint64_t* value) { return Fixed(value); }

  // Over the value of a field, also a group with all within it.
  bool Skip(uint32_t tag);

 private:
  template <typename Value>
  bool Fixed(Value* value) {
    if (end_ - at_ < static_cast<std::ptrdiff_t>(sizeof(Value))) return false;
    std::memcpy(value, at_, sizeof(Value));
    at_ += sizeof(Value);
    return true;
  }
  bool LongVarint(uint64_t* value);
  bool SkipGroup(uint32_t number);

  const char* at_;
  const char* end_;
};

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

// The last occurrence of a field: tag and value, and the value alone where it has a length.
struct WireOccurrence {
  std::string_view whole;
  std::string_view content;
};

// Empty where there is none, or where the bytes are malformed.
WireOccurrence FindLast(std::string_view wire, uint32_t tag);

// Appends fields. A message within goes between Open() and Close().
class WireAppender {
 public:
  explicit WireAppender(std::string* out) : out_(out) {}

  void Varint(uint64_t value) {
    char buffer[10];
    size_t size = 0;
    for (; value >= 0x80; value >>= 7) buffer[size++] = static_cast<char>(value | 0x80);
    buffer[size++] = static_cast<char>(value);
    out_->append(buffer, size);
  }
  void Fixed32(uint32_t value) { out_->append(reinterpret_cast<const char*>(&value), sizeof(value)); }
  void Fixed64(uint64_t value) { out_->append(reinterpret_cast<const char*>(&value), sizeof(value)); }
  void Bytes(std::string_view bytes) {
    Varint(bytes.size());
    out_->append(bytes);
  }

  // The length is not known before Close(): room for a short one is left, and a long one moves what follows.
  size_t Open() {
    out_->push_back('\0');
    return out_->size();
  }
  void Close(size_t opened);

  std::string& out() { return *out_; }

 private:
  std::string* out_;
};

}  // namespace invoice::gateway
