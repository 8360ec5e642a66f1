#include "domain/numbers.h"

#include <algorithm>
#include <cassert>

#include "base/limits.h"
#include "base/text.h"
#include "fmt/format.h"

namespace invoice::domain {
namespace {

constexpr std::string_view kSequenceStart = "SEQ:";
constexpr std::string_view kSequenceInKey = "{SEQ}";
constexpr size_t kMaxSequenceDigits = 18;  // more do not fit a sequence

bool IsOneLine(std::string_view text) { return base::IsValidUtf8(text) && !base::HasControlCharacters(text); }

// The width in "SEQ:n", 1 to 10; 0 for any other text.
int ParseWidth(std::string_view digits) {
  if (digits.empty() || digits.size() > 2 || digits.front() == '0') return 0;
  int width = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return 0;
    width = width * 10 + (c - '0');
  }
  return width <= base::kMaxSequenceWidth ? width : 0;
}

}  // namespace

bool IsNumberPrefix(std::string_view prefix) {
  return IsOneLine(prefix) && base::Trim(prefix) == prefix && prefix.find_first_of("{}") == std::string_view::npos &&
         base::CountCodePoints(prefix) <= base::kMaxPrefixCharacters;
}

std::optional<int64_t> SequenceIn(std::string_view series_key, std::string_view number) {
  const size_t at = series_key.find(kSequenceInKey);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view before = series_key.substr(0, at);
  const std::string_view after = series_key.substr(at + kSequenceInKey.size());
  if (number.size() <= before.size() + after.size()) return std::nullopt;
  if (!number.starts_with(before) || !number.ends_with(after)) return std::nullopt;
  const std::string_view digits = number.substr(before.size(), number.size() - before.size() - after.size());
  if (digits.size() > kMaxSequenceDigits) return std::nullopt;
  int64_t sequence = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    sequence = sequence * 10 + (c - '0');
  }
  return sequence == 0 ? std::nullopt : std::optional(sequence);
}

absl::StatusOr<NumberPattern> NumberPattern::Parse(std::string_view text) {
  if (!IsOneLine(text) || base::CountCodePoints(text) > base::kMaxPatternCharacters) {
    return absl::InvalidArgumentError(
        fmt::format("one line of at most {} printable characters", base::kMaxPatternCharacters));
  }
  if (base::Trim(text) != text) return absl::InvalidArgumentError("a pattern without blanks at its ends");
  NumberPattern pattern;
  while (!text.empty()) {
    const size_t brace = text.find_first_of("{}");
    if (brace > 0) pattern.pieces_.push_back({Part::kText, std::string(text.substr(0, brace))});
    if (brace == std::string_view::npos) break;
    const size_t end = text.find('}', brace);
    if (text[brace] == '}' || end == std::string_view::npos) {
      return absl::InvalidArgumentError("a pattern whose braces hold PREFIX, YYYY, MM or SEQ:n");
    }
    if (absl::Status status = pattern.Add(text.substr(brace + 1, end - brace - 1)); !status.ok()) return status;
    text.remove_prefix(end + 1);
  }
  if (absl::Status status = pattern.Check(); !status.ok()) return status;
  return pattern;
}

absl::Status NumberPattern::Add(std::string_view placeholder) {
  if (placeholder == "PREFIX") {
    pieces_.push_back({Part::kPrefix, ""});
  } else if (placeholder == "YYYY") {
    pieces_.push_back({Part::kYear, ""});
  } else if (placeholder == "MM") {
    pieces_.push_back({Part::kMonth, ""});
  } else if (placeholder.starts_with(kSequenceStart)) {
    width_ = ParseWidth(placeholder.substr(kSequenceStart.size()));
    if (width_ == 0) {
      return absl::InvalidArgumentError(fmt::format("a width of 1 to {} in {{SEQ:n}}", base::kMaxSequenceWidth));
    }
    pieces_.push_back({Part::kSequence, ""});
  } else {
    return absl::InvalidArgumentError("a pattern whose braces hold PREFIX, YYYY, MM or SEQ:n");
  }
  return absl::OkStatus();
}

absl::Status NumberPattern::Check() const {
  if (Count(Part::kSequence) != 1) return absl::InvalidArgumentError("a pattern with {SEQ:n} exactly once");
  if (Count(Part::kMonth) > 0 && Count(Part::kYear) == 0) {
    return absl::InvalidArgumentError("a pattern with {YYYY} where it has {MM}");
  }
  if (MaxSize() > base::kMaxNumberCharacters) {
    return absl::InvalidArgumentError(
        fmt::format("a pattern whose numbers have at most {} characters", base::kMaxNumberCharacters));
  }
  return absl::OkStatus();
}

size_t NumberPattern::Count(Part part) const {
  return static_cast<size_t>(
      std::count_if(pieces_.begin(), pieces_.end(), [part](const Piece& piece) { return piece.part == part; }));
}

size_t NumberPattern::MaxSize() const {
  size_t size = 4 * Count(Part::kYear) + 2 * Count(Part::kMonth) + base::kMaxSequenceWidth;
  size += base::kMaxPrefixCharacters * Count(Part::kPrefix);
  for (const Piece& piece : pieces_) size += base::CountCodePoints(piece.text);
  return size;
}

std::string NumberPattern::Fill(std::string_view prefix, absl::CivilDay invoice_date, std::string_view sequence) const {
  std::string text;
  for (const Piece& piece : pieces_) {
    switch (piece.part) {
      case Part::kText:
        text += piece.text;
        break;
      case Part::kPrefix:
        text += prefix.empty() ? kDefaultPrefix : prefix;
        break;
      case Part::kYear:
        text += fmt::format("{:04}", invoice_date.year());
        break;
      case Part::kMonth:
        text += fmt::format("{:02}", invoice_date.month());
        break;
      case Part::kSequence:
        text += sequence;
        break;
    }
  }
  return text;
}

std::string NumberPattern::SeriesKey(std::string_view prefix, absl::CivilDay invoice_date) const {
  return Fill(prefix, invoice_date, kSequenceInKey);
}

std::string NumberPattern::Format(std::string_view prefix, absl::CivilDay invoice_date, int64_t sequence) const {
  assert(sequence > 0);
  return Fill(prefix, invoice_date, fmt::format("{:0{}}", sequence, width_));
}

}  // namespace invoice::domain
