// Numbers of invoices and credit notes: patterns, the series they count in, and the finished text. Pure; a pattern is
// immutable and safe to share between threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"

namespace invoice::domain {

inline constexpr char kDefaultNumberPattern[] = "{PREFIX}-{YYYY}-{SEQ:4}";
inline constexpr char kDefaultCreditNotePattern[] = "{PREFIX}-CN-{YYYY}-{SEQ:4}";
inline constexpr char kDefaultPrefix[] = "INV";  // what {PREFIX} stands for where a contract has none

// Whether a text can stand for {PREFIX}: printable, without blanks at its ends, without braces, at most 20 characters.
// Empty is well.
bool IsNumberPrefix(std::string_view prefix);

// The sequence by which the series would give this very number, whatever its width; nothing where it never does.
// For numbers that come from elsewhere.
std::optional<int64_t> SequenceIn(std::string_view series_key, std::string_view number);

// Text with {PREFIX}, {YYYY}, {MM} (needs {YYYY}) and exactly one {SEQ:n}, where n is a minimum width of 1 to 10.
class NumberPattern {
 public:
  // INVALID_ARGUMENT whose message says what was expected, without the text: "a pattern with {SEQ:n} exactly once".
  static absl::StatusOr<NumberPattern> Parse(std::string_view text);

  // The series a number counts in: all but {SEQ} filled in and the width left out, "INV-2026-{SEQ}". Date parts come
  // from the invoice date.
  std::string SeriesKey(std::string_view prefix, absl::CivilDay invoice_date) const;
  // "INV-2026-0001" for sequence 1; a longer sequence takes the width it needs. `sequence` is above zero.
  std::string Format(std::string_view prefix, absl::CivilDay invoice_date, int64_t sequence) const;

 private:
  enum class Part { kText, kPrefix, kYear, kMonth, kSequence };
  struct Piece {
    Part part;
    std::string text;  // of kText
  };

  NumberPattern() = default;
  absl::Status Add(std::string_view placeholder);
  absl::Status Check() const;
  size_t Count(Part part) const;
  size_t MaxSize() const;
  std::string Fill(std::string_view prefix, absl::CivilDay invoice_date, std::string_view sequence) const;

  std::vector<Piece> pieces_;
  int width_ = 1;
};

}  // namespace invoice::domain
