#include "gateway/routes/percent.h"

#include "base/text.h"

namespace invoice::gateway {
namespace {

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<std::string> PercentDecode(std::string_view text, Encoded as) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = HexValue(text[i + 1]);
      const int low = HexValue(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      i += 2;
      c = static_cast<char>(high * 16 + low);
      if (c == '/' && as == Encoded::kSegments) {
        decoded.append(text.substr(i - 2, 3));
        continue;
      }
    } else if (c == '+' && as == Encoded::kQuery) {
      c = ' ';
    }
    if (c == '\0') return std::nullopt;
    decoded += c;
  }
  if (!base::IsValidUtf8(decoded)) return std::nullopt;
  return decoded;
}

}  // namespace invoice::gateway
