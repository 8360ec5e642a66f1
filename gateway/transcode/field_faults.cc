#include "gateway/transcode/field_faults.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"
#include "fmt/format.h"
#include "gateway/limits.h"
#include "gateway/transcode/utf8.h"

namespace invoice::gateway {
namespace {

// What a name of a field may have, and paths of them.
bool IsPrintableAscii(uint32_t point) {
  return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z') || (point >= '0' && point <= '9') ||
         point == '_' || point == '-' || point == '.' || point == '@';
}

// Neither a control character nor a blank, nor one that changes the order of what is shown.
bool IsShown(std::string_view character) {
  return !base::HasControlCharacters(character) && base::TrimBlanks(character).size() == character.size();
}

}  // namespace

std::string JsonPath::ToString() const {
  std::string path = parent == nullptr ? "" : parent->ToString();
  if (index >= 0) return path + fmt::format("[{}]", index);
  if (name.empty()) return path;
  if (!path.empty()) path += '.';
  return path + PrintableName(name);
}

void FieldFaults::Add(std::string path, std::string_view expected) {
  if (!full()) faults_.push_back({path.empty() ? "body" : std::move(path), std::string(expected)});
}

bool FieldFaults::full() const { return faults_.size() >= kMaxFieldViolations; }

absl::Status FieldFaults::ToStatus() const { return faults_.empty() ? absl::OkStatus() : base::InvalidFields(faults_); }

std::string PrintableName(std::string_view name) {
  std::string printable;
  const std::string_view kept = name.substr(0, kMaxEchoedNameBytes);
  for (size_t at = 0; at < kept.size();) {
    uint32_t point = 0;
    const size_t size = DecodeUtf8(name.substr(at), &point);
    if (at + size > kept.size()) break;  // the last character was cut
    const std::string_view character = kept.substr(at, size);
    if (size > 0 && (point < 0x80 ? IsPrintableAscii(point) : IsShown(character))) {
      printable += character;
    } else {
      printable += '?';
    }
    at += std::max<size_t>(size, 1);
  }
  if (name.size() > kMaxEchoedNameBytes) printable += "...";
  return printable;
}

}  // namespace invoice::gateway
