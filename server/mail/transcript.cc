#include "mail/transcript.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_replace.h"
#include "base/text.h"

namespace invoice::mail {
namespace {

constexpr size_t kMinSecretBytes = 4;
constexpr char kBlank[] = "****";
constexpr char kCutNote[] = "- (the rest is left out)\n";

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

void Transcript::AddSecret(std::string_view secret) {
  if (secret.size() < kMinSecretBytes) return;
  secrets_.emplace_back(secret);
  // The longest first, or a part of it would be left standing.
  std::sort(secrets_.begin(), secrets_.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string Transcript::Clean(std::string_view text) const {
  std::string result(text);
  for (const std::string& secret : secrets_) result = absl::StrReplaceAll(result, {{secret, kBlank}});
  std::replace_if(result.begin(), result.end(), IsControl, '?');
  // What is left of trouble is beyond ASCII: broken UTF-8, C1 controls, line separators.
  if (!base::IsValidUtf8(result) || base::HasControlCharacters(result)) {
    std::replace_if(
        result.begin(), result.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  }
  return result;
}

std::string Transcript::Take() {
  cut_ = false;
  return std::exchange(text_, std::string());
}

void Transcript::Add(std::string_view mark, std::string_view line) {
  if (cut_) return;
  const std::string clean = Clean(line);
  if (text_.size() + mark.size() + clean.size() + 1 + sizeof(kCutNote) > kMaxTranscriptBytes) {
    text_ += kCutNote;
    cut_ = true;
    return;
  }
  text_.append(mark).append(clean).append("\n");
}

}  // namespace invoice::mail
