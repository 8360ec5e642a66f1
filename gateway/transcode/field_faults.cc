#include "gateway/transcode/field_faults.h"

#include "fmt/format.h"
#include "gateway/limits.h"

namespace invoice::gateway {

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
  for (const char c : name.substr(0, kMaxEchoedNameBytes)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                       c == '-' || c == '.' || c == '@';
    printable += plain ? c : '?';
  }
  if (name.size() > kMaxEchoedNameBytes) printable += "...";
  return printable;
}

}  // namespace invoice::gateway
