// The chunked coding: never more than the limit, never past the end of the body.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

#include "check.h"
#include "gateway/http/chunked_body.h"

namespace {

constexpr size_t kLimit = 4096;

class MemorySource final : public invoice::gateway::ByteSource {
 public:
  MemorySource(const uint8_t* data, size_t size) : data_(data), size_(size) {}
  int Get() override { return at_ < size_ ? data_[at_++] : -1; }
  int Read(char* buffer, int size) override {
    const size_t count = std::min(static_cast<size_t>(size), size_ - at_);
    std::memcpy(buffer, data_ + at_, count);
    at_ += count;
    return static_cast<int>(count);
  }
  size_t at() const { return at_; }

 private:
  const uint8_t* data_;
  const size_t size_;
  size_t at_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using invoice::gateway::ChunkedResult;
  if (data == nullptr) return 0;
  MemorySource source(data, size);
  std::string body;
  const ChunkedResult result = invoice::gateway::ReadChunkedBody(source, kLimit, &body);
  FUZZ_CHECK(body.size() <= kLimit);
  if (result == ChunkedResult::kWhole) {
    // The last thing read is the empty line.
    FUZZ_CHECK(source.at() >= 5);
    FUZZ_CHECK(std::memcmp(data + source.at() - 4, "\r\n\r\n", 4) == 0);
  }
  return 0;
}
