#include "domain/calendar.h"

namespace invoice::domain {
namespace {

// The number in `text` of digits only; -1 otherwise.
int ParseDigits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

bool IsAccepted(absl::CivilDay day) { return day >= kFirstDay && day <= kLastDay; }

std::optional<absl::CivilDay> ParseDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = ParseDigits(text.substr(0, 4));
  const int month = ParseDigits(text.substr(5, 2));
  const int day = ParseDigits(text.substr(8, 2));
  if (year < 0 || month < 0 || day < 0) return std::nullopt;
  // Abseil normalises 30 February to 2 March; a date that exists stays as it is.
  const absl::CivilDay date(year, month, day);
  if (date.month() != month || date.day() != day || !IsAccepted(date)) return std::nullopt;
  return date;
}

std::string FormatDate(absl::CivilDay day) { return absl::FormatCivilTime(day); }

absl::CivilDay LocalDate(absl::Time instant, absl::TimeZone zone) { return absl::ToCivilDay(instant, zone); }

absl::CivilDay EndOfMonth(absl::CivilDay day) { return absl::CivilDay(absl::CivilMonth(day) + 1) - 1; }

}  // namespace invoice::domain
