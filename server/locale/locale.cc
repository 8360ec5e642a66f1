#include "locale/locale.h"

#include <fmt/format.h>
#include <unicode/dcfmtsym.h>
#include <unicode/dtitvfmt.h>
#include <unicode/locid.h>
#include <unicode/numberformatter.h>
#include <unicode/plurrule.h>
#include <unicode/smpdtfmt.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>

#include "base/decimal.h"

namespace invoice::locale {
namespace {

using icu::number::LocalizedNumberFormatter;
using icu::number::NumberFormatter;

constexpr std::array<std::string_view, 4> kLanguages{"en", "fr", "de", "es"};
constexpr char kFallback[] = "en";
constexpr int kMostDecimals = 6;  // of a quantity, price, rate or any currency

std::string Utf8(const icu::UnicodeString& text) {
  std::string utf8;
  text.toUTF8String(utf8);
  return utf8;
}

icu::StringPiece Piece(std::string_view text) { return {text.data(), static_cast<int32_t>(text.size())}; }

size_t DecimalsOf(std::string_view plain) {
  const size_t point = plain.find('.');
  return point == std::string_view::npos ? 0 : plain.size() - point - 1;
}

icu::Locale IcuLocale(std::string_view tag) {
  UErrorCode error = U_ZERO_ERROR;
  return icu::Locale::forLanguageTag(Piece(tag), error);
}

// ICU counts milliseconds of UTC since 1970.
UDate Midnight(absl::CivilDay day) {
  constexpr double kMillisecondsOfDay = 86'400'000;
  return static_cast<double>(day - absl::CivilDay(1970, 1, 1)) * kMillisecondsOfDay;
}

// Every locale of our languages that ICU knows, by its tag. What a client may name is bounded by this list.
using KnownTags = std::set<std::string, std::less<>>;

const KnownTags& Known() {
  static const KnownTags kKnown = [] {
    KnownTags known;
    int32_t count = 0;
    const icu::Locale* all = icu::Locale::getAvailableLocales(count);
    for (int32_t i = 0; i < count; ++i) {
      const std::string_view language = all[i].getLanguage();
      if (*all[i].getScript() != '\0' || *all[i].getVariant() != '\0') continue;
      if (std::find(kLanguages.begin(), kLanguages.end(), language) == kLanguages.end()) continue;
      const std::string_view country = all[i].getCountry();
      known.emplace(country.empty() ? std::string(language) : fmt::format("{}-{}", language, country));
    }
    return known;
  }();
  return kKnown;
}

// "FR-ca-x-shop" as "fr-CA", without a region that is not known.
std::string Nearest(std::string_view tag) {
  const icu::Locale wanted = IcuLocale(tag);
  const std::string_view language = wanted.getLanguage();
  const std::string full = fmt::format("{}-{}", language, wanted.getCountry());
  if (Known().contains(full)) return full;
  return Known().contains(language) ? std::string(language) : kFallback;
}

// No ICU call here fails with the data of its own package; without that data no document can be written at all.
template <typename T>
std::unique_ptr<T> Made(T* formatter, UErrorCode error) {
  if (U_FAILURE(error) || formatter == nullptr) throw std::runtime_error("ICU has no data for its own locales");
  return std::unique_ptr<T>(formatter);
}

}  // namespace

struct Locale::Formatters {
  explicit Formatters(const icu::Locale& icu_locale);

  icu::Locale icu_locale;
  // By the number of decimals: one that is made anew for each number costs more than all the rest of a page's text.
  std::array<LocalizedNumberFormatter, kMostDecimals + 1> decimals;
  LocalizedNumberFormatter percent;
  std::unique_ptr<icu::PluralRules> plurals;
  // ICU promises no use of these by two threads at a time.
  std::mutex mutex;
  std::unique_ptr<icu::SimpleDateFormat> date;
  std::unique_ptr<icu::DateIntervalFormat> range;
};

Locale::Formatters::Formatters(const icu::Locale& locale) : icu_locale(locale) {
  UErrorCode error = U_ZERO_ERROR;
  // Groups from four digits on in every language: a column that groups some numbers only is hard to read.
  const auto base = NumberFormatter::withLocale(locale).grouping(UNUM_GROUPING_ON_ALIGNED);
  for (size_t i = 0; i < decimals.size(); ++i) {
    decimals[i] = base.precision(icu::number::Precision::fixedFraction(static_cast<int32_t>(i)));
  }
  percent = base.unit(icu::NoUnit::percent())
                .scale(icu::number::Scale::powerOfTen(2))
                .precision(icu::number::Precision::maxFraction(domain::Rate::kFractionalDigits - 2));
  plurals = Made(icu::PluralRules::forLocale(locale, error), error);
  icu::DateFormat* medium = icu::DateFormat::createDateInstance(icu::DateFormat::kMedium, locale);
  date = Made(dynamic_cast<icu::SimpleDateFormat*>(medium), error);
  date->setTimeZone(*icu::TimeZone::getGMT());
  icu::UnicodeString pattern;
  date->toPattern(pattern);
  // A range is written with the name of the month where a date is.
  const icu::UnicodeString skeleton = pattern.indexOf(u"MMM") >= 0 ? u"yMMMd" : u"yMd";
  icu::DateIntervalFormat* interval = icu::DateIntervalFormat::createInstance(skeleton, locale, error);
  range = Made(interval, error);
  range->setTimeZone(*icu::TimeZone::getGMT());
}

const Locale& Locale::Of(std::string_view tag) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<Locale>, std::less<>> locales;
  const std::string nearest = Known().contains(tag) ? std::string(tag) : Nearest(tag);
  const std::lock_guard lock(mutex);
  std::unique_ptr<Locale>& locale = locales[nearest];
  if (locale == nullptr) locale.reset(new Locale(nearest));
  return *locale;
}

Locale::Locale(std::string_view tag)
    : tag_(tag),
      words_(WordsFor(IcuLocale(tag).getLanguage(), IcuLocale(tag).getCountry())),
      formatters_(std::make_unique<Formatters>(IcuLocale(tag))) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::DecimalFormatSymbols symbols(formatters_->icu_locale, error);
  decimal_separator_ = Utf8(symbols.getSymbol(icu::DecimalFormatSymbols::kDecimalSeparatorSymbol));
  const std::string money = Utf8(NumberFormatter::withLocale(formatters_->icu_locale)
                                     .unit(icu::CurrencyUnit(u"CAD", error))
                                     .unitWidth(UNUM_UNIT_WIDTH_ISO_CODE)
                                     .formatInt(1, error)
                                     .toString(error));
  code_before_amount_ = money.starts_with("CAD");
  line_texts_ = {[this](const domain::Period& period) { return ServicesText(period); }, words_.extra_fees,
                 words_.share_of_days, words_.share_of_workdays};
}

Locale::~Locale() = default;

std::string Locale::Decimal(std::string_view plain) const {
  UErrorCode error = U_ZERO_ERROR;
  return Utf8(formatters_->decimals.at(DecimalsOf(plain)).formatDecimal(Piece(plain), error).toString(error));
}

std::string Locale::AmountText(int64_t amount_minor, domain::Currency currency) const {
  return Decimal(domain::FormatAmount(amount_minor, currency));
}

std::string Locale::MoneyText(int64_t amount_minor, domain::Currency currency) const {
  const std::string amount = AmountText(amount_minor, currency);
  return code_before_amount_ ? fmt::format("{} {}", currency.code(), amount)
                             : fmt::format("{} {}", amount, currency.code());
}

std::string Locale::UnitPriceText(domain::UnitPrice price, domain::Currency currency) const {
  constexpr int kDigits = domain::UnitPrice::kFractionalDigits;
  return Decimal(base::FormatFixed(price.units(), kDigits, std::min(currency.digits(), kDigits)));
}

std::string Locale::QuantityText(domain::Quantity quantity) const { return Decimal(quantity.ToString()); }

std::string Locale::CountText(int64_t count) const { return Decimal(fmt::format("{}", count)); }

std::string Locale::RateText(domain::Rate rate) const {
  UErrorCode error = U_ZERO_ERROR;
  return Utf8(formatters_->percent.formatDecimal(rate.ToString(), error).toString(error));
}

std::string Locale::DateText(absl::CivilDay day) const {
  icu::UnicodeString text;
  const std::lock_guard lock(formatters_->mutex);
  formatters_->date->format(Midnight(day), text);
  return Utf8(text);
}

std::string Locale::RangeText(const domain::Period& period) const {
  UErrorCode error = U_ZERO_ERROR;
  icu::UnicodeString text;
  icu::FieldPosition position;
  const icu::DateInterval interval(Midnight(period.first), Midnight(period.last));
  const std::lock_guard lock(formatters_->mutex);
  formatters_->range->format(&interval, text, position, error);
  return Utf8(text);
}

std::string_view Locale::FormFor(const Counted& word, domain::Quantity number) const {
  UErrorCode error = U_ZERO_ERROR;
  const std::string plain = number.ToString();
  const auto formatted = formatters_->decimals.at(DecimalsOf(plain)).formatDecimal(plain, error);
  return formatters_->plurals->select(formatted, error) == icu::UnicodeString(u"one") ? word.one : word.other;
}

std::string_view Locale::UnitText(domain::Unit unit, domain::Quantity quantity) const {
  switch (unit) {
    case domain::Unit::kHour:
      return FormFor(words_.hour, quantity);
    case domain::Unit::kDay:
      return FormFor(words_.day, quantity);
    case domain::Unit::kMonth:
      return FormFor(words_.month, quantity);
    case domain::Unit::kPiece:
      return FormFor(words_.piece, quantity);
    case domain::Unit::kKilometre:
      return words_.kilometre;
  }
  return {};
}

std::string Locale::TermsText(const domain::PaymentTerms& terms) const {
  switch (terms.kind) {
    case domain::PaymentTermsKind::kDueOnReceipt:
      return std::string(words_.due_on_receipt);
    case domain::PaymentTermsKind::kNet: {
      const auto days = domain::Quantity::FromUnits(terms.days * base::PowerOfTen(domain::Quantity::kFractionalDigits));
      return fmt::format(fmt::runtime(FormFor(words_.net_days, days)), terms.days);
    }
    case domain::PaymentTermsKind::kEndOfMonth:
      return std::string(words_.end_of_month);
    case domain::PaymentTermsKind::kEndOfNextMonth:
      return std::string(words_.end_of_next_month);
  }
  return {};
}

std::string Locale::ServicesText(const domain::Period& period) const {
  // English names the days in ISO form: clients know the sentence so.
  if (&words_ == &tables::kEnglish) return domain::EnglishLineTexts().services(period);
  return fmt::format(fmt::runtime(words_.services), RangeText(period));
}

std::string Locale::CountryText(std::string_view country_code) const {
  if (country_code.size() != 2) return std::string(country_code);
  const std::string code(country_code);
  icu::UnicodeString name;
  const std::string text = Utf8(icu::Locale("", code.c_str()).getDisplayCountry(formatters_->icu_locale, name));
  return text.empty() ? code : text;
}

const domain::LineTexts& LineTextsFor(std::string_view tag) { return Locale::Of(tag).line_texts(); }

}  // namespace invoice::locale
