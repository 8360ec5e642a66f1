// Civil dates as the API writes them, and the local date of an instant. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace invoice::domain {

inline constexpr absl::CivilDay kFirstDay(1970, 1, 1);
inline constexpr absl::CivilDay kLastDay(2199, 12, 31);

// Whether a date lies in the range the system accepts.
bool IsAccepted(absl::CivilDay day);

// Reads exactly "YYYY-MM-DD", a day that exists, kFirstDay to kLastDay; nothing for any other text.
std::optional<absl::CivilDay> ParseDate(std::string_view text);
// "2026-10-01"
std::string FormatDate(absl::CivilDay day);

// The date on a calendar in `zone` at that instant.
absl::CivilDay LocalDate(absl::Time instant, absl::TimeZone zone);

// The last day of the month that holds `day`.
absl::CivilDay EndOfMonth(absl::CivilDay day);

}  // namespace invoice::domain
