// A language with its region (BCP 47): how dates, numbers, amounts and countries are written there, by ICU, and our own
// words. Where we have no words in the language, the words and the names of countries are English; numbers, amounts and
// dates stay those of the locale, in Latin digits and our calendar. The one way in which documents and emails put such
// things into text. Immutable after Of, thread-safe; formatters are made once and kept for the life of the process, a
// few for each of the about 700 locales that exist.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"
#include "domain/invoice.h"
#include "domain/line_texts.h"
#include "domain/money.h"
#include "locale/words.h"

namespace invoice::locale {

class Locale {
 public:
  // The locale of a tag ("fr-CA"), or the nearest that is known: without the region, at last English.
  static const Locale& Of(std::string_view tag);
  // Whether we have words in the language of the tag.
  static bool HasWords(std::string_view tag);
  ~Locale();

  const std::string& tag() const { return tag_; }
  const Words& words() const { return words_; }
  // The tag of the language that words() are in: "en" where we have none in the locale's own.
  const std::string& words_tag() const { return words_tag_; }
  // "." or ",": that of quantities, rates and counts.
  std::string_view decimal_separator() const { return decimal_separator_; }
  // That of amounts and prices.
  std::string_view money_separator() const { return money_separator_; }

  // "1,250.00": all digits of the currency.
  std::string AmountText(int64_t amount_minor, domain::Currency currency) const;
  // "CAD 1,250.00": the code, which unlike a sign cannot be mistaken.
  std::string MoneyText(int64_t amount_minor, domain::Currency currency) const;
  // At least the digits of the currency, up to four.
  std::string UnitPriceText(domain::UnitPrice price, domain::Currency currency) const;
  std::string QuantityText(domain::Quantity quantity) const;
  std::string CountText(int64_t count) const;
  // 0.09975 is "9.975%".
  std::string RateText(domain::Rate rate) const;
  // "Nov 27, 2026"
  std::string DateText(absl::CivilDay day) const;
  // "Oct 1 – 31, 2026"
  std::string RangeText(const domain::Period& period) const;
  // The form of the word that stands beside the number.
  std::string_view FormFor(const Counted& word, domain::Quantity number) const;
  std::string_view UnitText(domain::Unit unit, domain::Quantity quantity) const;
  std::string TermsText(const domain::PaymentTerms& terms) const;
  // The lines that generation writes itself: "Prestation de services, 1–31 oct. 2026".
  const domain::LineTexts& line_texts() const { return line_texts_; }
  // The country's name; the code itself where the language names none.
  std::string CountryText(std::string_view country_code) const;

 private:
  struct Formatters;  // of ICU

  explicit Locale(std::string_view tag);
  std::string Decimal(std::string_view plain) const;
  std::string Amount(std::string_view plain) const;
  std::string ServicesText(const domain::Period& period) const;

  std::string tag_;
  const Words& words_;
  std::unique_ptr<Formatters> formatters_;
  std::string decimal_separator_;
  std::string money_separator_;
  std::string words_tag_;
  bool code_before_amount_ = true;
  domain::LineTexts line_texts_;
};

// A domain::LineTextsOf: the texts of the locale of a tag.
const domain::LineTexts& LineTextsFor(std::string_view tag);

}  // namespace invoice::locale
