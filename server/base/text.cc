#include "base/text.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

namespace invoice::base {
namespace {

// Bytes that follow a lead byte, or -1 where it is no lead byte.
int Followers(unsigned char lead) {
  if (lead < 0x80) return 0;
  if (lead >= 0xc2 && lead <= 0xdf) return 1;
  if (lead >= 0xe0 && lead <= 0xef) return 2;
  if (lead >= 0xf0 && lead <= 0xf4) return 3;
  return -1;
}

bool IsFollower(unsigned char byte) { return (byte & 0xc0) == 0x80; }

// The code point at `position`, which moves behind it. A sequence that its text cuts short is the replacement
// character.
uint32_t Next(std::string_view text, size_t& position) {
  const unsigned char lead = static_cast<unsigned char>(text[position++]);
  const int followers = Followers(lead);
  if (followers <= 0) return lead;
  if (text.size() - position < static_cast<size_t>(followers)) {
    position = text.size();
    return 0xfffd;
  }
  uint32_t point = lead & (0x3f >> followers);
  for (int i = 0; i < followers; ++i) point = (point << 6) | (static_cast<unsigned char>(text[position++]) & 0x3f);
  return point;
}

bool IsControl(uint32_t point) {
  return point < 0x20 || (point >= 0x7f && point <= 0x9f) || point == 0x2028 || point == 0x2029;
}

// Characters of other categories than blanks that show nothing at the end of a text. Tags and variation selectors are
// not among them: flags and emoji end with those.
constexpr std::pair<uint32_t, uint32_t> kEmptyRanges[] = {
    {0x00ad, 0x00ad}, {0x180e, 0x180e}, {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x2064},
    {0x2066, 0x206f}, {0x2800, 0x2800}, {0x3164, 0x3164}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0},
};

bool IsBlank(uint32_t point) {
  if (u_isUWhiteSpace(static_cast<UChar32>(point))) return true;
  return std::any_of(std::begin(kEmptyRanges), std::end(kEmptyRanges),
                     [point](const auto& range) { return point >= range.first && point <= range.second; });
}

bool IsVisible(uint32_t point) {
  constexpr uint32_t kSeen = U_GC_L_MASK | U_GC_N_MASK | U_GC_P_MASK | U_GC_S_MASK;
  const auto character = static_cast<UChar32>(point);
  return (U_GET_GC_MASK(character) & kSeen) != 0 && point != 0x2800 &&
         !u_hasBinaryProperty(character, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

// Neither seen nor known to be blank: control, private and unassigned characters.
bool IsUnknown(uint32_t point) {
  constexpr uint32_t kUnknown = U_GC_CC_MASK | U_GC_CO_MASK | U_GC_CN_MASK | U_GC_CS_MASK;
  const auto character = static_cast<UChar32>(point);
  return (U_GET_GC_MASK(character) & kUnknown) != 0 &&
         !u_hasBinaryProperty(character, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

bool IsGraphicAscii(char c) { return c > ' ' && c < '\x7f'; }

}  // namespace

bool IsValidUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const unsigned char lead = static_cast<unsigned char>(text[i]);
    const int followers = Followers(lead);
    if (followers < 0 || text.size() - i <= static_cast<size_t>(followers)) return false;
    for (int k = 1; k <= followers; ++k) {
      if (!IsFollower(static_cast<unsigned char>(text[i + k]))) return false;
    }
    const unsigned char second = followers > 0 ? static_cast<unsigned char>(text[i + 1]) : 0;
    // Overlong forms, surrogates and what lies above U+10FFFF show in the second byte.
    if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f)) return false;
    if ((lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f)) return false;
    i += static_cast<size_t>(followers) + 1;
  }
  return true;
}

size_t CountCodePoints(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += !IsFollower(static_cast<unsigned char>(c));
  return count;
}

bool HasControlCharacters(std::string_view text, bool allow_lines) {
  for (size_t i = 0; i < text.size();) {
    const uint32_t point = Next(text, i);
    if (allow_lines && (point == '\n' || point == '\r' || point == '\t')) continue;
    if (IsControl(point)) return true;
  }
  return false;
}

std::string WithoutControlCharacters(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size();) {
    const size_t start = i;
    const uint32_t point = Next(text, i);
    const bool blank = IsControl(point) || point == ' ';
    if (!blank) {
      result += text.substr(start, i - start);
    } else if (!result.empty() && result.back() != ' ') {
      result += ' ';
    }
  }
  return std::string(Trim(result));
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string_view TrimBlanks(std::string_view text) {
  // Nearly all texts have nothing to trim.
  if (text.empty() || (IsGraphicAscii(text.front()) && IsGraphicAscii(text.back()))) return text;
  if (!IsValidUtf8(text)) return Trim(text);
  size_t first = text.size();  // of the first character that is no blank
  size_t end = 0;              // behind the last one
  for (size_t i = 0; i < text.size();) {
    const size_t start = i;
    if (IsBlank(Next(text, i))) continue;
    first = std::min(first, start);
    end = i;
  }
  return first < end ? text.substr(first, end - first) : std::string_view();
}

bool HasVisibleCharacter(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    if (IsVisible(Next(text, i))) return true;
  }
  return false;
}

std::string_view VisibleText(std::string_view text) {
  const std::string_view trimmed = TrimBlanks(text);
  for (size_t i = 0; i < trimmed.size();) {
    const uint32_t point = Next(trimmed, i);
    if (IsVisible(point) || IsUnknown(point)) return trimmed;
  }
  return {};
}

}  // namespace invoice::base
