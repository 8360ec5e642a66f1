#include "domain/iban.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace invoice::domain {
namespace {

bool IsUpper(char c) { return absl::ascii_isupper(static_cast<unsigned char>(c)); }
bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// The remainder by 97 of the number that the characters stand for, A being 10 and Z 35 (ISO 7064).
int Mod97(std::string_view text, int begun) {
  for (const char c : text) begun = (IsDigit(c) ? begun * 10 + (c - '0') : begun * 100 + (c - 'A' + 10)) % 97;
  return begun;
}

}  // namespace

std::string CompactIban(std::string_view text) {
  std::string compact;
  for (const char c : text) {
    if (c != ' ') compact += absl::ascii_toupper(static_cast<unsigned char>(c));
  }
  return compact;
}

bool IsIban(std::string_view compact) {
  if (compact.size() < 15 || compact.size() > 34) return false;
  if (!std::all_of(compact.begin(), compact.end(), [](char c) { return IsUpper(c) || IsDigit(c); })) return false;
  if (!IsUpper(compact[0]) || !IsUpper(compact[1]) || !IsDigit(compact[2]) || !IsDigit(compact[3])) return false;
  return Mod97(compact.substr(0, 4), Mod97(compact.substr(4), 0)) == 1;
}

}  // namespace invoice::domain
