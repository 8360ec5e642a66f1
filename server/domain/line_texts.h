// The descriptions of the lines that generation makes by itself, in the language of their document. Which locale has
// which texts is not known here (locale/locale.h); English is, for those who name no other. Immutable, thread-safe.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "domain/invoice.h"

namespace invoice::domain {

inline constexpr char kEnglishServices[] = "Professional services, {}";  // {} the days
inline constexpr char kEnglishExtraFees[] = "Extra fees";
inline constexpr char kEnglishShareOfDays[] = "{} of {} days";
inline constexpr char kEnglishShareOfWorkdays[] = "{} of {} workdays";

struct LineTexts {
  std::function<std::string(const Period&)> services;  // hours worked in the period
  std::string_view extra_fees;
  // {} the days that are billed, {} those of the whole period; stands in brackets behind what is billed in proportion
  std::string_view share_of_days = kEnglishShareOfDays;
  std::string_view share_of_workdays = kEnglishShareOfWorkdays;
};

// The texts for a locale ("fr-CA"); they live as long as the process does.
using LineTextsOf = const LineTexts& (*)(std::string_view locale);

// English, whatever the locale: "Professional services, 2026-10-01 – 2026-10-31".
const LineTexts& EnglishLineTexts(std::string_view locale = "en");

}  // namespace invoice::domain
