#include "gateway/transcode/json_output.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "gateway/transcode/byte_scan.h"
#include "gateway/transcode/utf8.h"

namespace invoice::gateway {
namespace {

constexpr size_t kMaxNumberBytes = 40;

// Printable ASCII that stands for itself. "<" and ">" are escaped so that an answer shown as HTML stays harmless.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (size_t c = 0x20; c < 0x7f; ++c) plain[c] = true;
  for (const char c : {'"', '\\', '<', '>'}) plain[static_cast<unsigned char>(c)] = false;
  return plain;
}();

// Whether eight bytes are all plain. "<" and ">" differ in one bit only.
bool AllPlain(uint64_t word) {
  return (AnyControl(word) | AnyFromDelete(word) | AnyEqual(word, '"') | AnyEqual(word, '\\') |
          AnyEqual(word & ~(kOnes * ('<' ^ '>')), '<')) == 0;
}

// Where the plain characters from `at` on end.
const char* EndOfUnescaped(const char* at, const char* end) {
  while (end - at >= 8) {
    if (!AllPlain(LoadWord(at))) break;
    at += 8;
  }
  while (at < end && kPlain[static_cast<unsigned char>(*at)]) ++at;
  return at;
}

// Characters beyond ASCII that are invisible or change the order of reading: shown as their numbers.
constexpr std::pair<uint32_t, uint32_t> kHidden[] = {
    {0x7f, 0x9f},     {0xad, 0xad},     {0x600, 0x603},     {0x6dd, 0x6dd},     {0x70f, 0x70f},
    {0x17b4, 0x17b5}, {0x200b, 0x200f}, {0x2028, 0x202e},   {0x2060, 0x2064},   {0x206a, 0x206f},
    {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0x1d173, 0x1d17a}, {0xe0001, 0xe0001}, {0xe0020, 0xe007f},
};

bool IsHidden(uint32_t point) {
  if (point >= 0xa0 && point < 0x600) return point == 0xad;
  return std::any_of(std::begin(kHidden), std::end(kHidden),
                     [point](const auto& range) { return point >= range.first && point <= range.second; });
}

// As few digits as give the number back, but at least `digits`.
template <typename Number>
char* WriteShort(char* begin, char* end, Number value, int digits, int most) {
  const auto [at, fault] = std::to_chars(begin, end, value, std::chars_format::general, digits);
  Number back{};
  std::from_chars(begin, at, back);
  if (back == value) return at;
  return std::to_chars(begin, end, value, std::chars_format::general, most).ptr;
}

}  // namespace

JsonOutput::JsonOutput(std::string* out, size_t expected) : out_(out), at_(out->size()) {
  out->resize(at_ + expected);
  data_ = out->data();
  capacity_ = out->size();
}

void JsonOutput::Grow(size_t more) {
  out_->resize(std::max(capacity_ * 2, at_ + more + 64));
  data_ = out_->data();
  capacity_ = out_->size();
}

void JsonOutput::Signed(int64_t value) {
  Need(kMaxNumberBytes);
  at_ = static_cast<size_t>(std::to_chars(data_ + at_, data_ + capacity_, value).ptr - data_);
}

void JsonOutput::Unsigned(uint64_t value) {
  Need(kMaxNumberBytes);
  at_ = static_cast<size_t>(std::to_chars(data_ + at_, data_ + capacity_, value).ptr - data_);
}

void JsonOutput::Double(double value) {
  if (!std::isfinite(value)) return Raw(std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
  Need(kMaxNumberBytes);
  using Limits = std::numeric_limits<double>;
  char* const end = WriteShort(data_ + at_, data_ + capacity_, value, Limits::digits10, Limits::max_digits10);
  at_ = static_cast<size_t>(end - data_);
}

void JsonOutput::Float(float value) {
  if (!std::isfinite(value)) return Double(value);
  Need(kMaxNumberBytes);
  constexpr int kMost = std::numeric_limits<float>::max_digits10;
  // Protobuf gives the least numbers all their digits.
  const int least = std::fpclassify(value) == FP_SUBNORMAL ? kMost : std::numeric_limits<float>::digits10;
  char* const end = WriteShort(data_ + at_, data_ + capacity_, value, least, kMost);
  at_ = static_cast<size_t>(end - data_);
}

bool JsonOutput::Text(std::string_view text) {
  Put('"');
  if (!Escaped(text)) return false;
  Put('"');
  return true;
}

bool JsonOutput::Escaped(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (;;) {
    const char* const stop = EndOfUnescaped(at, end);
    Raw({at, static_cast<size_t>(stop - at)});
    if (stop == end) return true;
    const size_t read = EscapeOne({stop, static_cast<size_t>(end - stop)});
    if (read == 0) return false;
    at = stop + read;
  }
}

size_t JsonOutput::EscapeOne(std::string_view text) {
  uint32_t point = 0;
  const size_t size = DecodeUtf8(text, &point);
  if (size == 0) return 0;
  switch (point) {
    case '"':
      Raw("\\\"");
      return size;
    case '\\':
      Raw("\\\\");
      return size;
    case '\b':
      Raw("\\b");
      return size;
    case '\f':
      Raw("\\f");
      return size;
    case '\n':
      Raw("\\n");
      return size;
    case '\r':
      Raw("\\r");
      return size;
    case '\t':
      Raw("\\t");
      return size;
    default:
      break;
  }
  if (point >= 0x80 && !IsHidden(point)) {
    Raw(text.substr(0, size));
  } else if (point < 0x10000) {
    EscapeUnit(point);
  } else {
    EscapeUnit(0xd800 + ((point - 0x10000) >> 10));
    EscapeUnit(0xdc00 + ((point - 0x10000) & 0x3ff));
  }
  return size;
}

void JsonOutput::EscapeUnit(uint32_t unit) {
  constexpr char kHex[] = "0123456789abcdef";
  const char escape[] = {'\\', 'u', kHex[unit >> 12], kHex[unit >> 8 & 15], kHex[unit >> 4 & 15], kHex[unit & 15]};
  Raw({escape, sizeof(escape)});
}

void JsonOutput::Base64(std::string_view bytes) {
  constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Need((bytes.size() + 2) / 3 * 4 + 2);
  char* to = data_ + at_;
  *to++ = '"';
  const auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
  size_t left = bytes.size();
  for (; left >= 3; left -= 3, from += 3) {
    const uint32_t bits = static_cast<uint32_t>(from[0]) << 16 | static_cast<uint32_t>(from[1]) << 8 | from[2];
    *to++ = kLetters[bits >> 18];
    *to++ = kLetters[bits >> 12 & 63];
    *to++ = kLetters[bits >> 6 & 63];
    *to++ = kLetters[bits & 63];
  }
  if (left > 0) {
    const uint32_t bits = static_cast<uint32_t>(from[0]) << 16 | (left == 2 ? static_cast<uint32_t>(from[1]) << 8 : 0);
    *to++ = kLetters[bits >> 18];
    *to++ = kLetters[bits >> 12 & 63];
    *to++ = left == 2 ? kLetters[bits >> 6 & 63] : '=';
    *to++ = '=';
  }
  *to++ = '"';
  at_ = static_cast<size_t>(to - data_);
}

}  // namespace invoice::gateway
