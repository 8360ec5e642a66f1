#include "locale/locale.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <thread>
#include <vector>

namespace invoice::locale {
namespace {

// What ICU puts between digits and between words: it must not break at the end of a line.
constexpr char kNarrow[] = "\u202f";
constexpr char kNoBreak[] = "\u00a0";

const Locale& English() { return Locale::Of("en-CA"); }

domain::Currency CurrencyOf(std::string_view code) { return domain::Currency::Find(code).value(); }

domain::Quantity QuantityOf(std::string_view text) { return domain::Quantity::Parse(text).value(); }

domain::Rate RateOf(std::string_view text) { return domain::Rate::Parse(text).value(); }

TEST(LocaleTest, GroupsDigits) {
  EXPECT_EQ(English().QuantityText(QuantityOf("0.05")), "0.05");
  EXPECT_EQ(English().AmountText(99999, CurrencyOf("CAD")), "999.99");
  EXPECT_EQ(English().AmountText(125000, CurrencyOf("CAD")), "1,250.00");
  EXPECT_EQ(English().QuantityText(QuantityOf("-1234567.8901")), "-1,234,567.8901");
  EXPECT_EQ(English().CountText(123456), "123,456");
}

TEST(LocaleTest, AmountsHaveAllDigitsOfTheCurrency) {
  EXPECT_EQ(English().AmountText(125000, CurrencyOf("CAD")), "1,250.00");
  EXPECT_EQ(English().AmountText(125000, CurrencyOf("JPY")), "125,000");
  EXPECT_EQ(English().AmountText(125000, CurrencyOf("KWD")), "125.000");
  EXPECT_EQ(English().AmountText(-5, CurrencyOf("CAD")), "-0.05");
  EXPECT_EQ(English().AmountText(999'999'999'999'999'999, CurrencyOf("CAD")), "9,999,999,999,999,999.99");
}

TEST(LocaleTest, UnitPricesHaveAtLeastTheDigitsOfTheCurrency) {
  EXPECT_EQ(English().UnitPriceText(domain::UnitPrice::Parse("150").value(), CurrencyOf("CAD")), "150.00");
  EXPECT_EQ(English().UnitPriceText(domain::UnitPrice::Parse("0.7225").value(), CurrencyOf("CAD")), "0.7225");
  EXPECT_EQ(English().UnitPriceText(domain::UnitPrice::Parse("15000").value(), CurrencyOf("JPY")), "15,000");
}

TEST(LocaleTest, QuantitiesAndRatesHaveNoTrailingZeros) {
  EXPECT_EQ(English().QuantityText(QuantityOf("7.50")), "7.5");
  EXPECT_EQ(English().RateText(RateOf("0.13")), "13%");
  EXPECT_EQ(English().RateText(RateOf("0.09975")), "9.975%");
}

TEST(LocaleTest, EveryLanguageHasItsNumbersAndDates) {
  struct Case {
    const char* tag;
    std::string amount;
    std::string money;
    std::string rate;
    std::string date;
  };
  const std::string narrow = kNarrow;
  const std::string no_break = kNoBreak;
  const std::vector<Case> cases = {
      {"en-US", "1,250.50", "CAD 1,250.50", "9.975%", "Nov 27, 2026"},
      {"en-GB", "1,250.50", "CAD 1,250.50", "9.975%", "27 Nov 2026"},
      {"fr-FR", "1" + narrow + "250,50", "1" + narrow + "250,50 CAD", "9,975" + no_break + "%", "27 nov. 2026"},
      {"fr-CA", "1" + no_break + "250,50", "1" + no_break + "250,50 CAD", "9,975" + no_break + "%", "27 nov. 2026"},
      {"de-DE", "1.250,50", "1.250,50 CAD", "9,975" + no_break + "%", "27.11.2026"},
      {"de-CH", "1’250.50", "CAD 1’250.50", "9.975%", "27.11.2026"},
      {"es-ES", "1.250,50", "1.250,50 CAD", "9,975" + no_break + "%", "27 nov 2026"},
      {"es-MX", "1,250.50", "CAD 1,250.50", "9.975%", "27 nov 2026"},
      // Money has other signs than numbers in these two.
      {"fr-CH", "1" + narrow + "250.50", "1" + narrow + "250.50 CAD", "9,975%", "27 nov. 2026"},
      {"de-AT", "1.250,50", "CAD 1.250,50", "9,975" + no_break + "%", "27.11.2026"},
      {"es-CR", "1" + no_break + "250,50", "CAD 1" + no_break + "250,50", "9,975" + no_break + "%", "27 nov 2026"},
      {"es-CL", "1.250,50", "CAD 1.250,50", "9,975" + no_break + "%", "27-11-2026"},
      // Locales without words of ours have their own forms all the same.
      {"pl-PL", "1" + no_break + "250,50", "1" + no_break + "250,50 CAD", "9,975%", "27 lis 2026"},
      {"pt-BR", "1.250,50", "CAD 1.250,50", "9,975%", "27 de nov. de 2026"},
      {"ja-JP", "1,250.50", "CAD 1,250.50", "9.975%", "2026/11/27"},
      // Latin digits, our calendar, no marks of direction.
      {"ar-EG", "1,250.50", "1,250.50 CAD", "9.975%", "27/11/2026"},
      {"th-TH", "1,250.50", "CAD 1,250.50", "9.975%", "27/11/2026"},
  };
  for (const Case& expected : cases) {
    const Locale& locale = Locale::Of(expected.tag);
    EXPECT_EQ(locale.tag(), expected.tag);
    EXPECT_EQ(locale.AmountText(125050, CurrencyOf("CAD")), expected.amount) << expected.tag;
    EXPECT_EQ(locale.MoneyText(125050, CurrencyOf("CAD")), expected.money) << expected.tag;
    EXPECT_EQ(locale.RateText(RateOf("0.09975")), expected.rate) << expected.tag;
    EXPECT_EQ(locale.DateText(absl::CivilDay(2026, 11, 27)), expected.date) << expected.tag;
  }
}

TEST(LocaleTest, QuantitiesKeepTheSignsOfNumbersWhereMoneyHasOthers) {
  const std::string narrow = kNarrow;
  EXPECT_EQ(Locale::Of("fr-CH").QuantityText(QuantityOf("1234.5")), "1" + narrow + "234,5");
  EXPECT_EQ(Locale::Of("fr-CH").decimal_separator(), ",");
  EXPECT_EQ(Locale::Of("fr-CH").money_separator(), ".");
  EXPECT_EQ(Locale::Of("fr-CH").UnitPriceText(domain::UnitPrice::Parse("1234.5678").value(), CurrencyOf("CHF")),
            "1" + narrow + "234.5678");
  EXPECT_EQ(Locale::Of("de-AT").QuantityText(QuantityOf("1234.5")), std::string("1") + kNoBreak + "234,5");
  EXPECT_EQ(Locale::Of("de-CH").money_separator(), Locale::Of("de-CH").decimal_separator());
}

TEST(LocaleTest, WhereThereAreNoWordsTheyAreEnglish) {
  const domain::Period month{absl::CivilDay(2026, 10, 1), absl::CivilDay(2026, 10, 31)};
  for (const char* tag : {"pl-PL", "pt-BR", "ja-JP", "ar-EG", "ru-RU", "sr-Latn-RS", "tlh"}) {
    const Locale& locale = Locale::Of(tag);
    EXPECT_FALSE(Locale::HasWords(tag)) << tag;
    EXPECT_EQ(locale.words_tag(), "en") << tag;
    EXPECT_EQ(&locale.words(), &English().words()) << tag;
    EXPECT_EQ(locale.CountryText("DE"), "Germany") << tag;
    EXPECT_EQ(locale.UnitText(domain::Unit::kHour, QuantityOf("1")), "hour") << tag;
    EXPECT_EQ(locale.UnitText(domain::Unit::kHour, QuantityOf("2")), "hours") << tag;
    EXPECT_EQ(locale.line_texts().services(month), English().line_texts().services(month)) << tag;
  }
  for (const char* tag : {"en", "en-CA", "fr-CH", "de-AT", "es-CR", "FR-ca", "fr-XX"}) {
    EXPECT_TRUE(Locale::HasWords(tag)) << tag;
    EXPECT_EQ(Locale::Of(tag).words_tag(), Locale::Of(tag).tag()) << tag;
  }
}

// The characters that the columns of a document have figures for (pdf/typesetter.h).
TEST(LocaleTest, NumbersHaveTheSignsThatDocumentsCanSet) {
  for (const char* tag :
       {"sv-SE", "nb-NO",      "fi-FI",      "et-EE",  "lt-LT", "sl-SI",      "hr-HR",  "fa-IR", "he-IL",  "ar-EG",
        "ar-AE", "ur-PK",      "hi-IN",      "bn-BD",  "my-MM", "ne-NP",      "de-CH",  "en-CH", "gsw-CH", "rm-CH",
        "it-CH", "pt-PT",      "bg-BG",      "pl-PL",  "uk-UA", "ka-GE",      "hy-AM",  "eu-ES", "fo-FO",  "ks-IN",
        "dz-BT", "sr-Latn-RS", "zh-Hant-HK", "ckb-IQ", "ps-AF", "uz-Arab-AF", "mzn-IR", "es-VE", "fr-MA"}) {
    const Locale& locale = Locale::Of(tag);
    for (const std::string& text :
         {locale.AmountText(-123456789, CurrencyOf("CAD")), locale.QuantityText(QuantityOf("-1234567.8901"))}) {
      std::string rest = text;
      for (const std::string separator : {"\u00a0", "\u202f", "\u2019"}) {
        for (size_t at = 0; (at = rest.find(separator)) != std::string::npos;) rest.erase(at, separator.size());
      }
      EXPECT_EQ(rest.find_first_not_of("0123456789.,-"), std::string::npos) << tag << ": " << text;
    }
  }
}

TEST(LocaleTest, RangesOfOtherScriptsAreNumbers) {
  const domain::Period month{absl::CivilDay(2026, 10, 1), absl::CivilDay(2026, 10, 31)};
  for (const char* tag : {"ja-JP", "ar-EG", "th-TH", "hi-IN", "fa-IR", "he-IL", "ko-KR", "zh-Hant-TW", "ru-RU"}) {
    for (const std::string& text : {Locale::Of(tag).RangeText(month), Locale::Of(tag).DateText(month.first)}) {
      EXPECT_THAT(text, ::testing::HasSubstr("2026")) << tag;
      EXPECT_TRUE(std::none_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'z'; })) << tag << text;
    }
  }
}

TEST(LocaleTest, RangesNameWhatDiffersOnce) {
  const domain::Period month{absl::CivilDay(2026, 10, 1), absl::CivilDay(2026, 10, 31)};
  const domain::Period winter{absl::CivilDay(2026, 12, 28), absl::CivilDay(2027, 1, 3)};
  EXPECT_EQ(English().RangeText(month), "Oct 1–31, 2026");
  EXPECT_EQ(Locale::Of("fr-FR").RangeText(month), "1–31 oct. 2026");
  EXPECT_EQ(Locale::Of("de-DE").RangeText(month), "01.–31.10.2026");
  EXPECT_EQ(Locale::Of("es-ES").RangeText(month), "1–31 oct 2026");
  EXPECT_THAT(English().RangeText(winter), ::testing::StartsWith("Dec 28, 2026"));
  EXPECT_THAT(English().RangeText(winter), ::testing::EndsWith("Jan 3, 2027"));
  EXPECT_EQ(English().RangeText({month.first, month.first}), "Oct 1, 2026");
}

TEST(LocaleTest, LinesThatGenerationWrites) {
  const domain::Period month{absl::CivilDay(2026, 10, 1), absl::CivilDay(2026, 10, 31)};
  struct Case {
    const char* tag;
    const char* services;
    const char* extra_fees;
    const char* share_of_days;
    const char* share_of_workdays;
  };
  const std::vector<Case> cases = {
      {"en-CA", "Professional services, 2026-10-01 – 2026-10-31", "Extra fees", "{} of {} days", "{} of {} workdays"},
      {"tlh", "Professional services, 2026-10-01 – 2026-10-31", "Extra fees", "{} of {} days", "{} of {} workdays"},
      {"fr-FR", "Prestation de services, 1–31 oct. 2026", "Frais supplémentaires", "{} sur {} jours",
       "{} sur {} jours ouvrés"},
      {"fr-CA", "Services professionnels, 1–31 oct. 2026", "Frais supplémentaires", "{} sur {} jours",
       "{} sur {} jours ouvrés"},
      {"de-DE", "Dienstleistungen, 01.–31.10.2026", "Zusatzkosten", "{} von {} Tagen", "{} von {} Arbeitstagen"},
      {"es-ES", "Servicios profesionales, 1–31 oct 2026", "Cargos adicionales", "{} de {} días",
       "{} de {} días laborables"},
      {"es-MX", "Servicios profesionales, 1–31 de oct de 2026", "Cargos adicionales", "{} de {} días",
       "{} de {} días laborables"},
  };
  for (const Case& expected : cases) {
    const domain::LineTexts& texts = LineTextsFor(expected.tag);
    EXPECT_EQ(texts.services(month), expected.services) << expected.tag;
    EXPECT_EQ(texts.extra_fees, expected.extra_fees) << expected.tag;
    EXPECT_EQ(texts.share_of_days, expected.share_of_days) << expected.tag;
    EXPECT_EQ(texts.share_of_workdays, expected.share_of_workdays) << expected.tag;
    EXPECT_EQ(&texts, &LineTextsFor(expected.tag)) << "made once";
  }
}

TEST(LocaleTest, DatesAreTheSameDayFromTheFirstToTheLast) {
  EXPECT_EQ(English().DateText(absl::CivilDay(1970, 1, 1)), "Jan 1, 1970");
  EXPECT_EQ(English().DateText(absl::CivilDay(2199, 12, 31)), "Dec 31, 2199");
}

TEST(LocaleTest, UnitsAgreeWithTheirNumber) {
  EXPECT_EQ(English().UnitText(domain::Unit::kHour, QuantityOf("1")), "hour");
  EXPECT_EQ(English().UnitText(domain::Unit::kHour, QuantityOf("1.5")), "hours");
  EXPECT_EQ(English().UnitText(domain::Unit::kHour, QuantityOf("0")), "hours");
  EXPECT_EQ(English().UnitText(domain::Unit::kKilometre, QuantityOf("2")), "km");
  // French counts none and one and a half in the singular.
  const Locale& french = Locale::Of("fr-FR");
  EXPECT_EQ(french.UnitText(domain::Unit::kHour, QuantityOf("0")), "heure");
  EXPECT_EQ(french.UnitText(domain::Unit::kHour, QuantityOf("1.5")), "heure");
  EXPECT_EQ(french.UnitText(domain::Unit::kHour, QuantityOf("2")), "heures");
  EXPECT_EQ(Locale::Of("de-DE").UnitText(domain::Unit::kDay, QuantityOf("1")), "Tag");
  EXPECT_EQ(Locale::Of("es-MX").UnitText(domain::Unit::kPiece, QuantityOf("3")), "unidades");
}

TEST(LocaleTest, TermsOfPayment) {
  EXPECT_EQ(English().TermsText({.kind = domain::PaymentTermsKind::kNet, .days = 30}), "Net 30 days");
  EXPECT_EQ(English().TermsText({.kind = domain::PaymentTermsKind::kNet, .days = 1}), "Net 1 day");
  EXPECT_EQ(English().TermsText({.kind = domain::PaymentTermsKind::kEndOfNextMonth}), "End of next month");
  EXPECT_EQ(Locale::Of("de-DE").TermsText({.kind = domain::PaymentTermsKind::kNet, .days = 14}), "14 Tage netto");
}

TEST(LocaleTest, CountriesByName) {
  EXPECT_EQ(English().CountryText("CA"), "Canada");
  EXPECT_EQ(English().CountryText("DE"), "Germany");
  EXPECT_EQ(Locale::Of("fr-CA").CountryText("DE"), "Allemagne");
  EXPECT_EQ(Locale::Of("de-DE").CountryText("DE"), "Deutschland");
  EXPECT_EQ(Locale::Of("es-ES").CountryText("DE"), "Alemania");
  EXPECT_EQ(English().CountryText(""), "");
  EXPECT_EQ(English().CountryText("QQQ"), "QQQ");
}

TEST(LocaleTest, WordsFollowTheRegion) {
  EXPECT_EQ(English().words().invoice, "Invoice");
  EXPECT_EQ(Locale::Of("fr-FR").words().credit_note, "Avoir");
  EXPECT_EQ(Locale::Of("fr-CA").words().credit_note, "Note de crédit");
  EXPECT_EQ(Locale::Of("de-AT").words().credit_note, "Gutschrift");
  EXPECT_EQ(Locale::Of("es-ES").words().credit_note, "Factura rectificativa");
  EXPECT_EQ(Locale::Of("es").words().credit_note, "Factura rectificativa");
  EXPECT_EQ(Locale::Of("es-MX").words().credit_note, "Nota de crédito");
}

TEST(LocaleTest, NearestIsTakenWhereThereIsNone) {
  EXPECT_EQ(Locale::Of("tlh").tag(), "en");
  EXPECT_EQ(Locale::Of("").tag(), "en");
  EXPECT_EQ(Locale::Of("not a tag\n").tag(), "en");
  EXPECT_EQ(Locale::Of("fr-JP").tag(), "fr");
  EXPECT_EQ(Locale::Of("FR-ca").tag(), "fr-CA");
  EXPECT_EQ(Locale::Of("de-DE-1996").tag(), "de-DE");
}

TEST(LocaleTest, ThreadsShareALocale) {
  std::vector<std::thread> threads;
  std::vector<std::string> texts(4);
  for (std::string& text : texts) {
    threads.emplace_back([&text] {
      for (int i = 0; i < 200; ++i) {
        const Locale& locale = Locale::Of("en-IE");
        text = locale.DateText(absl::CivilDay(2026, 2, 3)) +
               locale.RangeText({absl::CivilDay(2026, 2, 1), absl::CivilDay(2026, 2, 3)});
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(texts, ::testing::Each(texts[0]));
  EXPECT_THAT(texts[0], ::testing::StartsWith("3 Feb 2026"));
}

}  // namespace
}  // namespace invoice::locale
