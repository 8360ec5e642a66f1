// JSON texts appended to one growing string: raw pieces, escaped texts, numbers and base64. Not thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace invoice::gateway {

// While it lives, the string is longer than what was written; Finish() cuts it.
class JsonOutput {
 public:
  // Appends to `out`, which must outlive it. `expected` is a guess at what will be written.
  JsonOutput(std::string* out, size_t expected);

  size_t size() const { return at_; }
  // Takes back what was written after that size.
  void Shrink(size_t size) { at_ = size; }
  char& operator[](size_t at) { return data_[at]; }
  std::string_view View(size_t begin, size_t end) const { return {data_ + begin, end - begin}; }

  void Put(char c) {
    Need(1);
    data_[at_++] = c;
  }
  void Raw(std::string_view text) {
    if (text.empty()) return;
    Need(text.size());
    std::memcpy(data_ + at_, text.data(), text.size());
    at_ += text.size();
  }
  void Signed(int64_t value);
  void Unsigned(uint64_t value);
  // As protobuf writes them: as few digits as bring the number back, not finite ones as texts.
  void Double(double value);
  void Float(float value);
  // In quotes. False where the text is not UTF-8.
  bool Text(std::string_view text);
  // The same without quotes.
  bool Escaped(std::string_view text);
  // In quotes, with padding.
  void Base64(std::string_view bytes);

  void Finish() { out_->resize(at_); }

 private:
  void Need(size_t more) {
    if (capacity_ - at_ < more) Grow(more);
  }
  void Grow(size_t more);
  // Writes the code point at `text` as its escape where it needs one. The bytes read, or 0 where it is not UTF-8.
  size_t EscapeOne(std::string_view text);
  void EscapeUnit(uint32_t unit);

  std::string* out_;
  char* data_;
  size_t at_;
  size_t capacity_;
};

}  // namespace invoice::gateway
