#include "gateway/upstream/message_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/limits.h"

namespace invoice::gateway {
namespace {

class OwnBytes final : public MessageBytes {
 public:
  OwnBytes(std::unique_ptr<char[]> bytes, size_t size) : bytes_(std::move(bytes)), size_(size) {}
  std::string_view view() const override { return {bytes_.get(), size_}; }

 private:
  const std::unique_ptr<char[]> bytes_;
  const size_t size_;
};

}  // namespace

std::array<char, kMessagePrefixBytes> MessagePrefix(size_t size) {
  return {0, static_cast<char>(size >> 24), static_cast<char>(size >> 16), static_cast<char>(size >> 8),
          static_cast<char>(size)};
}

void MessageReader::ReadPrefix() {
  size_t size = 0;
  for (size_t i = 1; i < kMessagePrefixBytes; ++i) size = size << 8 | static_cast<unsigned char>(prefix_[i]);
  if (prefix_[0] != 0) {
    state_ = State::kCompressed;
  } else if (size > base::kMaxResponseBytes) {
    state_ = State::kTooLarge;
  } else {
    bytes_.reset(new char[size]);
    size_ = size;
  }
}

size_t MessageReader::Take(std::string_view bytes) {
  if (state_ != State::kPartial) return 0;
  size_t taken = 0;
  if (prefix_size_ < kMessagePrefixBytes) {
    taken = std::min(bytes.size(), kMessagePrefixBytes - prefix_size_);
    std::memcpy(prefix_.data() + prefix_size_, bytes.data(), taken);
    prefix_size_ += taken;
    if (prefix_size_ < kMessagePrefixBytes) return taken;
    ReadPrefix();
    if (state_ != State::kPartial) return taken;
  }
  const size_t count = std::min(bytes.size() - taken, missing());
  if (count > 0) std::memcpy(bytes_.get() + filled_, bytes.data() + taken, count);
  filled_ += count;
  if (filled_ == size_) state_ = State::kWhole;
  return taken + count;
}

MessagePtr MessageReader::Release() {
  auto message = std::make_unique<OwnBytes>(std::move(bytes_), size_);
  *this = MessageReader();
  return message;
}

}  // namespace invoice::gateway
