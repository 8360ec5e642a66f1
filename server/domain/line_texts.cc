#include "domain/line_texts.h"

#include "domain/calendar.h"
#include "fmt/format.h"

namespace invoice::domain {
namespace {

std::string EnglishServices(const Period& period) {
  return fmt::format(kEnglishServices, fmt::format("{} \u2013 {}", FormatDate(period.first), FormatDate(period.last)));
}

}  // namespace

const LineTexts& EnglishLineTexts(std::string_view) {
  static const LineTexts kTexts{EnglishServices, kEnglishExtraFees};
  return kTexts;
}

}  // namespace invoice::domain
