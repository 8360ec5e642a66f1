#include "gateway/transcode/json_input.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "base/limits.h"
#include "base/status.h"
#include "fmt/format.h"
#include "gateway/limits.h"
#include "gateway/transcode/byte_scan.h"
#include "gateway/transcode/name_set.h"
#include "gateway/transcode/utf8.h"

namespace invoice::gateway {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Printable ASCII without quotes and backslashes.
bool IsPlain(char c) { return static_cast<signed char>(c) >= 0x20 && c != '"' && c != '\\'; }

const char* EndOfPlain(const char* at, const char* end) {
  while (end - at >= 8) {
    const uint64_t word = LoadWord(at);
    if ((AnyControl(word) | AnyBeyondAscii(word) | AnyEqual(word, '"') | AnyEqual(word, '\\')) != 0) break;
    at += 8;
  }
  while (at < end && IsPlain(*at)) ++at;
  return at;
}

// Which byte of a malformed sequence is the first that cannot be.
size_t MalformedByte(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const auto within = [text](size_t at, unsigned char least, unsigned char greatest) {
    return at < text.size() && static_cast<unsigned char>(text[at]) >= least &&
           static_cast<unsigned char>(text[at]) <= greatest;
  };
  const unsigned char least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const unsigned char greatest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (!within(1, least, greatest)) return 1;
  return within(2, 0x80, 0xbf) ? 3 : 2;
}

bool IsInfinite(std::string_view number) {
  double value = 0;
  const auto fault = std::from_chars(number.data(), number.data() + number.size(), value).ec;
  // Also a number too near to zero is out of range there.
  return fault != std::errc() && std::isinf(std::strtod(std::string(number).c_str(), nullptr));
}

}  // namespace

JsonInput::JsonInput(std::string_view text) : begin_(text.data()), at_(text.data()), end_(text.data() + text.size()) {
  if (text.starts_with(kByteOrderMark)) at_ += kByteOrderMark.size();
}

bool JsonInput::Begin(JsonKind* kind) {
  fresh_ = false;
  text_ = {};
  SkipBlanks();
  if (at_ == end_) return RefuseAt(at_);
  switch (*at_) {
    case '{':
    case '[':
      if (++depth_ > base::kMaxJsonDepth) return Refuse(fmt::format("deeper than {} levels", base::kMaxJsonDepth));
      *kind = *at_++ == '{' ? JsonKind::kObject : JsonKind::kArray;
      fresh_ = true;
      return true;
    case '"':
      *kind = JsonKind::kString;
      return String(&text_, /*name=*/false) && Count();
    case 'n':
      *kind = JsonKind::kNull;
      return Literal("null") && Count();
    case 't':
      *kind = JsonKind::kTrue;
      return Literal("true") && Count();
    case 'f':
      *kind = JsonKind::kFalse;
      return Literal("false") && Count();
    default:
      *kind = JsonKind::kNumber;
      return (*at_ == '-' || IsDigit(*at_) ? Number() : Unexpected()) && Count();
  }
}

bool JsonInput::Item(bool* more) {
  const bool first = std::exchange(fresh_, false);
  SkipBlanks();
  *more = at_ == end_ || *at_ != ']';
  if (!*more) {
    ++at_;
    --depth_;
    return Count();
  }
  if (first) return true;
  if (at_ == end_ || *at_ != ',') return Unexpected();
  ++at_;
  return true;
}

bool JsonInput::Name(std::string_view* name, bool* more) {
  const bool first = std::exchange(fresh_, false);
  SkipBlanks();
  *more = at_ == end_ || *at_ != '}';
  if (!*more) {
    ++at_;
    --depth_;
    return Count();
  }
  if (!first) {
    if (at_ == end_ || *at_ != ',') return Unexpected();
    ++at_;
    SkipBlanks();
  }
  if (at_ == end_ || *at_ != '"') return Unexpected();
  if (!String(name, /*name=*/true)) return false;
  SkipBlanks();
  if (at_ == end_ || *at_ != ':') return Unexpected();
  ++at_;
  return Count();
}

bool JsonInput::Skip(JsonKind kind) {
  if (kind != JsonKind::kObject && kind != JsonKind::kArray) return true;
  NameSet names;
  for (;;) {
    bool more = false;
    std::string_view name;
    if (!(kind == JsonKind::kObject ? Name(&name, &more) : Item(&more))) return false;
    if (!more) return true;
    if (kind == JsonKind::kObject && !names.Add(name)) return RefuseName();
    JsonKind inner = JsonKind::kNull;
    if (!Begin(&inner) || !Skip(inner)) return false;
  }
}

bool JsonInput::FindText(std::string_view name, std::string* text, bool* empty) const {
  JsonInput ahead = *this;
  for (bool first = true;; first = false) {
    bool more = false;
    std::string_view found;
    JsonKind kind = JsonKind::kNull;
    if (!ahead.Name(&found, &more)) return false;
    if (first) *empty = !more;
    if (!more || !ahead.Begin(&kind)) return false;
    if (found == name && kind == JsonKind::kString) {
      *text = ahead.text();
      return true;
    }
    if (!ahead.Skip(kind)) return false;
  }
}

bool JsonInput::End() {
  SkipBlanks();
  return at_ == end_ || Unexpected();
}

bool JsonInput::Refuse(std::string_view fault) {
  fault_ = fault;
  return false;
}

bool JsonInput::RefuseName() { return Refuse("the same name twice in one object"); }

absl::Status JsonInput::status() const {
  if (fault_.empty()) return absl::OkStatus();
  return base::Failure(absl::StatusCode::kInvalidArgument, base::Reason::kInvalidField,
                       fmt::format("the body is refused: {}", fault_));
}

bool JsonInput::Count() {
  if (++count_ > kMaxJsonValues) return Refuse(fmt::format("more than {} values", kMaxJsonValues));
  return true;
}

void JsonInput::SkipBlanks() {
  while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
}

bool JsonInput::String(std::string_view* text, bool name) {
  const char* const begin = ++at_;
  for (;;) {
    at_ = EndOfPlain(at_, end_);
    if (at_ == end_) return RefuseAt(at_);
    if (*at_ == '"') break;
    if (*at_ == '\\') {
      std::string* const unescaped = name ? &names_.emplace_back() : &unescaped_;
      unescaped->clear();
      if (!Unescape(begin, unescaped)) return false;
      *text = *unescaped;
      return true;
    }
    if (!Utf8()) return false;
  }
  *text = {begin, static_cast<size_t>(at_++ - begin)};
  return true;
}

// From the first backslash to the end of the text.
bool JsonInput::Unescape(const char* begin, std::string* text) {
  for (;;) {
    text->append(begin, at_);
    if (at_ == end_) return RefuseAt(at_);
    begin = at_;
    if (*at_ == '"') {
      ++at_;
      return true;
    }
    if (*at_ == '\\') {
      if (!Escape(text)) return false;
      begin = at_;
    } else if (!IsPlain(*at_) && !Utf8()) {
      return false;
    }
    at_ = EndOfPlain(at_, end_);
  }
}

bool JsonInput::Escape(std::string* text) {
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  if (++at_ == end_) return RefuseAt(at_);
  const char letter = *at_;
  if (const size_t found = kLetters.find(letter); found != std::string_view::npos) {
    text->push_back(kMeanings[found]);
    ++at_;
    return true;
  }
  if (letter != 'u') return RefuseAt(at_);
  ++at_;
  uint32_t point = 0;
  if (!Hex4(&point)) return false;
  if (point >= 0xdc00 && point <= 0xdfff) return RefuseAt(at_ - 1);
  if (point >= 0xd800 && point <= 0xdbff) {
    for (const char expected : {'\\', 'u'}) {
      if (at_ == end_ || *at_ != expected) return RefuseAt(at_);
      ++at_;
    }
    uint32_t low = 0;
    if (!Hex4(&low)) return false;
    if (low < 0xdc00 || low > 0xdfff) return RefuseAt(at_ - 1);
    point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
  }
  AppendUtf8(point, text);
  return true;
}

bool JsonInput::Hex4(uint32_t* unit) {
  *unit = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    const char c = at_ == end_ ? '\0' : *at_;
    const char lower = static_cast<char>(c | 0x20);
    if (!IsDigit(c) && (lower < 'a' || lower > 'f')) return RefuseAt(at_);
    *unit = *unit << 4 | static_cast<uint32_t>(IsDigit(c) ? c - '0' : lower - 'a' + 10);
  }
  return true;
}

// One character beyond ASCII.
bool JsonInput::Utf8() {
  uint32_t point = 0;
  const std::string_view rest(at_, static_cast<size_t>(end_ - at_));
  const size_t size = DecodeUtf8(rest, &point);
  if (size == 1) return RefuseAt(at_);  // a control character
  if (size == 0) return RefuseAt(at_ + MalformedByte(rest));
  at_ += size;
  return true;
}

bool JsonInput::Number() {
  const char* const begin = at_;
  if (*at_ == '-') ++at_;
  if (at_ < end_ && *at_ == '0') {
    ++at_;
  } else if (!Digits()) {
    return false;
  }
  bool real = false;
  if (at_ < end_ && *at_ == '.') {
    ++at_;
    if (!Digits()) return false;
  }
  if (at_ < end_ && (*at_ == 'e' || *at_ == 'E')) {
    ++at_;
    real = true;
    if (at_ < end_ && (*at_ == '+' || *at_ == '-')) ++at_;
    if (!Digits()) return false;
  }
  constexpr size_t kAlwaysFinite = 300;
  text_ = {begin, static_cast<size_t>(at_ - begin)};
  if ((real || text_.size() > kAlwaysFinite) && IsInfinite(text_)) return RefuseAt(at_ - 1);
  return true;
}

// At least one.
bool JsonInput::Digits() {
  if (at_ == end_ || !IsDigit(*at_)) return RefuseAt(at_);
  while (at_ < end_ && IsDigit(*at_)) ++at_;
  return true;
}

bool JsonInput::Literal(std::string_view word) {
  for (const char c : word) {
    if (at_ == end_ || *at_ != c) return RefuseAt(at_);
    ++at_;
  }
  return true;
}

bool JsonInput::RefuseAt(const char* at) { return Refuse(fmt::format("not valid JSON at byte {}", at - begin_ + 1)); }

// What stands here is something else than what must follow: the last byte of it is named.
bool JsonInput::Unexpected() {
  if (at_ == end_) return RefuseAt(at_);
  const char* const first = at_;
  bool whole = true;
  if (*at_ == '"') {
    whole = String(&text_, /*name=*/false);
  } else if (*at_ == '-' || IsDigit(*at_)) {
    whole = Number();
  } else if (*at_ == 'n' || *at_ == 't' || *at_ == 'f') {
    whole = Literal(*at_ == 'n' ? "null" : *at_ == 't' ? "true" : "false");
  } else {
    ++at_;
  }
  return whole ? RefuseAt(std::max(first, at_ - 1)) : false;
}

}  // namespace invoice::gateway
