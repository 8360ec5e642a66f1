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

bool IsOurs(std::string_view language) {
  return std::find(kLanguages.begin(), kLanguages.end(), language) != kLanguages.end();
}

// Other calendars and digits would stand beside our English words, which they do not belong to.
icu::Locale FormatsOf(std::string_view tag) { return IcuLocale(fmt::format("{}-u-ca-gregory-nu-latn", tag)); }

// The language of the words that stand beside the formats.
icu::Locale WordsOf(std::string_view tag) {
  const icu::Locale locale = IcuLocale(tag);
  return IsOurs(locale.getLanguage()) ? locale : IcuLocale(kFallback);
}

// A name of a month in another script than our words is not read by those who read them.
bool HasNamesInItsDates(const icu::UnicodeString& pattern, const icu::Locale& locale) {
  if (pattern.indexOf(u"MMM") < 0) return false;
  icu::Locale likely(locale);
  UErrorCode error = U_ZERO_ERROR;
  likely.addLikelySubtags(error);
  return std::string_view(likely.getScript()) == "Latn";
}

// Marks of direction belong to texts from right to left; ours run from left to right. The minus is the one that
// documents have figures for.
icu::UnicodeString Tidied(icu::UnicodeString text) {
  for (const char16_t mark : {u'\u200e', u'\u200f', u'\u061c'}) {
    text.findAndReplace(icu::UnicodeString(mark), icu::UnicodeString());
  }
  return text.findAndReplace(icu::UnicodeString(u'\u2212'), icu::UnicodeString(u'-'));
}

// ICU counts milliseconds of UTC since 1970.
UDate Midnight(absl::CivilDay day) {
  constexpr double kMillisecondsOfDay = 86'400'000;
  return static_cast<double>(day - absl::CivilDay(1970, 1, 1)) * kMillisecondsOfDay;
}

// Every locale that ICU knows, by its tag. What a client may name is bounded by this list.
using KnownTags = std::set<std::string, std::less<>>;

std::string TagOf(std::string_view language, std::string_view script, std::string_view country) {
  std::string tag(language);
  for (const std::string_view part : {script, country}) {
    if (!part.empty()) tag += fmt::format("-{}", part);
  }
  return tag;
}

const KnownTags& Known() {
  static const KnownTags kKnown = [] {
    KnownTags known;
    int32_t count = 0;
    const icu::Locale* all = icu::Locale::getAvailableLocales(count);
    for (int32_t i = 0; i < count; ++i) {
      if (*all[i].getVariant() != '\0') continue;
      known.insert(TagOf(all[i].getLanguage(), all[i].getScript(), all[i].getCountry()));
    }
    return known;
  }();
  return kKnown;
}

// "FR-ca-x-shop" as "fr-CA", without a region or a script that is not known.
std::string Nearest(std::string_view tag) {
  const icu::Locale wanted = IcuLocale(tag);
  const std::string_view language = wanted.getLanguage();
  for (const std::string& nearest :
       {TagOf(language, wanted.getScript(), wanted.getCountry()), TagOf(language, "", wanted.getCountry()),
        TagOf(language, wanted.getScript(), ""), std::string(language)}) {
    if (Known().contains(nearest)) return nearest;
  }
  return kFallback;
}

// No ICU call here fails with the data of its own package; without that data no document can be written at all.
template <typename T>
std::unique_ptr<T> Made(T* formatter, UErrorCode error) {
  if (U_FAILURE(error) || formatter == nullptr) throw std::runtime_error("ICU has no data for its own locales");
  return std::unique_ptr<T>(formatter);
}

// The signs of amounts of money as those of numbers.
icu::DecimalFormatSymbols MoneySymbols(const icu::Locale& locale, UErrorCode& error) {
  using Symbols = icu::DecimalFormatSymbols;
  Symbols symbols(locale, error);
  symbols.setSymbol(Symbols::kDecimalSeparatorSymbol, symbols.getSymbol(Symbols::kMonetarySeparatorSymbol));
  symbols.setSymbol(Symbols::kGroupingSeparatorSymbol, symbols.getSymbol(Symbols::kMonetaryGroupingSeparatorSymbol));
  return symbols;
}

// Whether documents have a figure for each sign of the locale's numbers.
bool HasOurFigures(const icu::Locale& locale) {
  static const icu::UnicodeString kFigures(u"0123456789.,-'\u2019\u00a0\u202f");
  UErrorCode error = U_ZERO_ERROR;
  const auto base = NumberFormatter::withLocale(locale).grouping(UNUM_GROUPING_ON_ALIGNED);
  for (const auto& format : {base, base.symbols(MoneySymbols(locale, error))}) {
    const icu::UnicodeString sample = Tidied(format.formatDouble(-1234.5, error).toString(error));
    for (int32_t i = 0; i < sample.length(); ++i) {
      if (kFigures.indexOf(sample[i]) < 0) return false;
    }
  }
  return true;
}

icu::SimpleDateFormat* NumericDate(const icu::Locale& locale, UErrorCode& error) {
  auto* format =
      dynamic_cast<icu::SimpleDateFormat*>(icu::DateFormat::createInstanceForSkeleton(u"yMMdd", locale, error));
  if (format != nullptr) format->setTimeZone(*icu::TimeZone::getGMT());
  return format;
}

}  // namespace

struct Locale::Formatters {
  explicit Formatters(std::string_view tag);
  std::string Text(const icu::UnicodeString& number) const { return Utf8(needs_tidying ? Tidied(number) : number); }

  icu::Locale icu_locale;
  icu::Locale words_locale;
  icu::Locale numbers_locale;
  // By the number of decimals: one that is made anew for each number costs more than all the rest of a page's text.
  std::array<LocalizedNumberFormatter, kMostDecimals + 1> decimals;
  // Some countries write amounts of money with other signs than other numbers.
  std::array<LocalizedNumberFormatter, kMostDecimals + 1> amounts;
  LocalizedNumberFormatter percent;
  bool needs_tidying = false;  // of numbers
  std::unique_ptr<icu::PluralRules> plurals;
  // ICU promises no use of these by two threads at a time.
  std::mutex mutex;
  std::unique_ptr<icu::SimpleDateFormat> date;
  std::unique_ptr<icu::DateIntervalFormat> range;
};

Locale::Formatters::Formatters(std::string_view tag)
    : icu_locale(FormatsOf(tag)),
      words_locale(WordsOf(tag)),
      numbers_locale(HasOurFigures(icu_locale) ? icu_locale : IcuLocale(kFallback)) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Locale& locale = icu_locale;
  // Groups from four digits on in every language: a column that groups some numbers only is hard to read.
  const auto base = NumberFormatter::withLocale(numbers_locale).grouping(UNUM_GROUPING_ON_ALIGNED);
  const auto money = base.symbols(MoneySymbols(numbers_locale, error));
  for (size_t i = 0; i < decimals.size(); ++i) {
    const auto precision = icu::number::Precision::fixedFraction(static_cast<int32_t>(i));
    decimals[i] = base.precision(precision);
    amounts[i] = money.precision(precision);
  }
  percent = base.unit(icu::NoUnit::percent())
                .scale(icu::number::Scale::powerOfTen(2))
                .precision(icu::number::Precision::maxFraction(domain::Rate::kFractionalDigits - 2));
  for (const LocalizedNumberFormatter* format : {decimals.data(), amounts.data(), &percent}) {
    const icu::UnicodeString sample = format->formatInt(-1234, error).toString(error);
    needs_tidying = needs_tidying || Tidied(sample) != sample;
  }
  plurals = Made(icu::PluralRules::forLocale(words_locale, error), error);
  icu::DateFormat* medium = icu::DateFormat::createDateInstance(icu::DateFormat::kMedium, locale);
  date = Made(dynamic_cast<icu::SimpleDateFormat*>(medium), error);
  date->setTimeZone(*icu::TimeZone::getGMT());
  icu::UnicodeString pattern;
  date->toPattern(pattern);
  // A range is written with the name of the month where a date is.
  const bool with_names = HasNamesInItsDates(pattern, locale);
  if (!with_names && pattern.indexOf(u"MMM") >= 0) date = Made(NumericDate(locale, error), error);
  const icu::UnicodeString skeleton = with_names ? u"yMMMd" : u"yMd";
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

bool Locale::HasWords(std::string_view tag) { return IsOurs(IcuLocale(tag).getLanguage()); }

Locale::Locale(std::string_view tag)
    : tag_(tag),
      words_(WordsFor(IcuLocale(tag).getLanguage(), IcuLocale(tag).getCountry())),
      formatters_(std::make_unique<Formatters>(tag)) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::DecimalFormatSymbols symbols(formatters_->numbers_locale, error);
  decimal_separator_ = Utf8(symbols.getSymbol(icu::DecimalFormatSymbols::kDecimalSeparatorSymbol));
  money_separator_ = Utf8(symbols.getSymbol(icu::DecimalFormatSymbols::kMonetarySeparatorSymbol));
  words_tag_ = HasWords(tag) ? tag_ : kFallback;
  const std::string money = Utf8(NumberFormatter::withLocale(formatters_->icu_locale)
                                     .unit(icu::CurrencyUnit(u"CAD", error))
                                     .unitWidth(UNUM_UNIT_WIDTH_ISO_CODE)
                                     .formatInt(1, error)
                                     .toString(error));
  // Marks of direction and blanks may come before it.
  code_before_amount_ = money.find("CAD") < money.find('1');
  line_texts_ = {[this](const domain::Period& period) { return ServicesText(period); }, words_.extra_fees,
                 words_.share_of_days, words_.share_of_workdays};
}

Locale::~Locale() = default;

std::string Locale::Decimal(std::string_view plain) const {
  UErrorCode error = U_ZERO_ERROR;
  return formatters_->Text(
      formatters_->decimals.at(DecimalsOf(plain)).formatDecimal(Piece(plain), error).toString(error));
}

std::string Locale::Amount(std::string_view plain) const {
  UErrorCode error = U_ZERO_ERROR;
  return formatters_->Text(
      formatters_->amounts.at(DecimalsOf(plain)).formatDecimal(Piece(plain), error).toString(error));
}

std::string Locale::AmountText(int64_t amount_minor, domain::Currency currency) const {
  return Amount(domain::FormatAmount(amount_minor, currency));
}

std::string Locale::MoneyText(int64_t amount_minor, domain::Currency currency) const {
  const std::string amount = AmountText(amount_minor, currency);
  return code_before_amount_ ? fmt::format("{} {}", currency.code(), amount)
                             : fmt::format("{} {}", amount, currency.code());
}

std::string Locale::UnitPriceText(domain::UnitPrice price, domain::Currency currency) const {
  constexpr int kDigits = domain::UnitPrice::kFractionalDigits;
  return Amount(base::FormatFixed(price.units(), kDigits, std::min(currency.digits(), kDigits)));
}

std::string Locale::QuantityText(domain::Quantity quantity) const { return Decimal(quantity.ToString()); }

std::string Locale::CountText(int64_t count) const { return Decimal(fmt::format("{}", count)); }

std::string Locale::RateText(domain::Rate rate) const {
  UErrorCode error = U_ZERO_ERROR;
  return formatters_->Text(formatters_->percent.formatDecimal(rate.ToString(), error).toString(error));
}

std::string Locale::DateText(absl::CivilDay day) const {
  icu::UnicodeString text;
  const std::lock_guard lock(formatters_->mutex);
  formatters_->date->format(Midnight(day), text);
  return Utf8(Tidied(text));
}

std::string Locale::RangeText(const domain::Period& period) const {
  UErrorCode error = U_ZERO_ERROR;
  icu::UnicodeString text;
  icu::FieldPosition position;
  const icu::DateInterval interval(Midnight(period.first), Midnight(period.last));
  const std::lock_guard lock(formatters_->mutex);
  formatters_->range->format(&interval, text, position, error);
  return Utf8(Tidied(text));
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
  const std::string text = Utf8(icu::Locale("", code.c_str()).getDisplayCountry(formatters_->words_locale, name));
  return text.empty() ? code : text;
}

const domain::LineTexts& LineTextsFor(std::string_view tag) { return Locale::Of(tag).line_texts(); }

}  // namespace invoice::locale
